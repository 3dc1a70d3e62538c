"""Data of the media-mix model in the model's units, and its draws."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.adstock import Kernel
from reachbook.budget.model.baseline import Design
from reachbook.budget.model.density.density import (
    Density,
    Layout,
    ModelData,
    Tests,
    autocorrelation,
    log_parts,
    region_correlation,
)
from reachbook.budget.model.history import History
from reachbook.budget.model.lift_tests import LiftTests
from reachbook.budget.model.priors import Priors

_RHO = 0.3
"""Autocorrelation assumed by the whitening; it affects speed only."""


@dataclass(frozen=True)
class Draws:
    """Posterior draws of the parameters; r regions, c channels.

    Attributes
    ----------
    share : float array (draws, r, c)
        Share of each region's outcome.
    half : float array (draws, r, c)
        Half-saturation point, in units of the channel's mean spend there.
    slope : float array (draws, c)
        Hill slope.
    weights : float array (draws, c, lags + 1)
        Weight of each lag.
    rest : float array (draws, r, columns)
        Whitened remainder of the baseline's coefficients.
    rho, sigma : float array (draws, r)
        Autocorrelation and innovation standard deviation of the noise, sigma in units of the region's mean outcome.
    region_correlation : float array (draws, 1)
        Correlation of any two regions' innovations.
    """

    share: Floats
    half: Floats
    slope: Floats
    weights: Floats
    rest: Floats
    rho: Floats
    sigma: Floats
    region_correlation: Floats

    def __len__(self) -> int:
        return len(self.share)

    def only(self, kept: slice) -> "Draws":
        """The draws selected by `kept`."""
        return Draws(*(each[kept] for each in vars(self).values()))


def evidence(
    pasts: tuple[History, ...], designs: list[Design], tests: LiftTests, priors: Priors, kernel: Kernel, used: int
) -> ModelData:
    """Data of the density with the first `used` periods in the likelihood."""
    unit = np.array([past.value[:used].mean() for past in pasts])
    y = np.stack([past.value for past in pasts]) / unit[:, None]
    learned = (np.arange(y.shape[1]) < used).astype(float)
    lagged = np.stack([past.lagged(kernel.lags) / past.means[:, None, None] for past in pasts])
    first = designs[0]
    centre = np.zeros((len(pasts), len(first.names)))
    centre[:, 0] = 1 - priors.share.sum()
    white = [
        _ridge(y[r], each.columns, lagged[r, :, 0], learned, centre[r], each.median[each.group])
        for r, each in enumerate(designs)
    ]
    project, shift, root = (np.stack(parts) for parts in zip(*white, strict=True))
    median = np.mean([np.log(each.median) for each in designs], axis=0)
    active = np.stack([past.spend.any(axis=1) for past in pasts]).astype(float)
    columns = np.stack([np.ascontiguousarray(each.columns.T) for each in designs])
    return ModelData(
        y=y, used=used, lagged=lagged, active=active, columns=columns, group=first.group, centre=centre,
        median=median, spread=first.spread, project=project, shift=shift, root=root, share=priors.share,
        half=priors.half, noise=y[:, :used].std(axis=1), tests=_tests(pasts, tests, unit),
    )  # fmt: skip


def _tests(pasts: tuple[History, ...], tests: LiftTests, unit: Floats) -> Tests:
    means = np.stack([past.means[tests.channel] for past in pasts], axis=1)
    total = float(unit.sum())
    part = tests.share[:, None]
    return Tests(
        tests.channel, tests.by_region(pasts) / means / part, part * unit / total, tests.running, tests.window,
        tests.lift / total, tests.error / total,
    )  # fmt: skip


def _ridge(
    y: Floats, columns: Floats, media: Floats, learned: Floats, centre: Floats, scale: Floats
) -> tuple[Floats, Floats, Floats]:
    """Ridge coefficients as project @ (y - media) + shift, and the Cholesky factor of their covariance."""
    white = np.eye(len(y)) - _RHO * np.eye(len(y), k=-1)
    white *= learned[:, None]
    rough = white @ np.column_stack([columns, np.sqrt(media.T)])
    target = white @ y
    left = target - rough @ np.linalg.lstsq(rough, target, rcond=1e-8)[0]
    precision = max(learned.sum() - rough.shape[1], 8) / max(float(left @ left), 1e-8)
    design = white @ columns
    inverse = np.linalg.inv(precision * design.T @ design + np.diag(scale**-2))
    return precision * inverse @ design.T @ white, inverse @ (centre / scale**2), np.linalg.cholesky(inverse)


def layout(saturation: str, kernel: Kernel, given: ModelData) -> Layout:
    """Layout of the parameter vector for these data."""
    regions, channels = given.active.shape
    return Layout(saturation, kernel, regions, channels, given.columns.shape[1], len(given.spread))


def drawn(density: Density, z: Floats) -> Draws:
    """Parameters on their natural scale from unconstrained vectors `z`, (draws, size)."""
    shape, given = density.layout, density.evidence
    named = shape.split(z)
    logs = log_parts(shape, given, named)
    weights = shape.kernel.weights(np.moveaxis(named["kernel"], -2, 0))
    return Draws(
        share=np.exp(logs["share"]) * given.active, half=np.exp(logs["half"]), slope=np.exp(logs["slope"]),
        weights=weights, rest=named["rest"], rho=autocorrelation(named["rho"]), sigma=np.exp(named["sigma"]),
        region_correlation=region_correlation(named),
    )  # fmt: skip


def coefficients(given: ModelData, region: int, rest: Floats, media: Floats) -> Floats:
    """Coefficients of one region's baseline, float array (draws, columns).

    Parameters
    ----------
    given : ModelData
        Data of the model.
    region : int
        Index of the region.
    rest : float array (draws, regions, columns)
        Whitened remainders.
    media : float array (draws, periods)
        Contribution of all media, in units of the region's mean outcome.
    """
    off = given.y[region] - media
    return np.asarray(off @ given.project[region].T + given.shift[region] + rest[:, region] @ given.root[region].T)
