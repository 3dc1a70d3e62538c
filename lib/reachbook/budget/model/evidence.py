"""The media-mix model: its evidence in the model's units, its draws, and what the draws mean."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.adstock import Kernel
from reachbook.budget.model.baseline import Design
from reachbook.budget.model.density import Density, Layout, ModelData, Tests, alike, autocorrelation, log_parts
from reachbook.budget.model.history import History
from reachbook.budget.model.lift_tests import LiftTests
from reachbook.budget.model.priors import Priors

_RHO = 0.3
"""Autocorrelation that the whitening takes; only speed depends on it."""


@dataclass(frozen=True)
class Draws:
    """Draws of the parameters, arrays (draws, ...) with r regions and c channels.

    share (r, c) of each region's outcome; half (r, c) in units of the channel's mean spend there; slope (c,);
    weights of each lag (c, lags + 1); rest of the baseline (r, columns); rho, sigma (r,) of the noise; alike (1,), the
    correlation of any two regions' noise.
    """

    share: Floats
    half: Floats
    slope: Floats
    weights: Floats
    rest: Floats
    rho: Floats
    sigma: Floats
    alike: Floats

    def __len__(self) -> int:
        return len(self.share)

    def only(self, kept: slice) -> "Draws":
        """Some of the draws."""
        return Draws(*(each[kept] for each in vars(self).values()))


def evidence(
    pasts: tuple[History, ...], designs: list[Design], tests: LiftTests, priors: Priors, kernel: Kernel, used: int
) -> ModelData:
    """The data of the density where the first `used` periods are learned from."""
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
    """Ridge coefficients as project @ (y - media) + shift, and a root of their covariance."""
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
    """The parameters of a problem."""
    regions, channels = given.active.shape
    return Layout(saturation, kernel, regions, channels, given.columns.shape[1], len(given.spread))


def drawn(density: Density, z: Floats) -> Draws:
    """What vectors of parameters, (draws, size), mean."""
    shape, given = density.layout, density.evidence
    named = shape.split(z)
    logs = log_parts(shape, given, named)
    weights = shape.kernel.weights(np.moveaxis(named["kernel"], -2, 0))
    return Draws(
        share=np.exp(logs["share"]) * given.active, half=np.exp(logs["half"]), slope=np.exp(logs["slope"]),
        weights=weights, rest=named["rest"], rho=autocorrelation(named["rho"]), sigma=np.exp(named["sigma"]),
        alike=alike(named),
    )  # fmt: skip


def coefficients(given: ModelData, region: int, rest: Floats, media: Floats) -> Floats:
    """Coefficients of a region's baseline, (draws, columns), from its media in units of the mean, (draws, periods)."""
    off = given.y[region] - media
    return np.asarray(off @ given.project[region].T + given.shift[region] + rest[:, region] @ given.root[region].T)
