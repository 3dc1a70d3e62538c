"""Log density of the media mix: its parameters, data and priors."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reachbook.arrays import Floats
from reachbook.budget.model.adstock import Kernel
from reachbook.budget.model.density.density_numba import at
from reachbook.budget.model.priors import APART, BETWEEN, COMMON, HALF_SPREAD, MEAN_SHARE, SLOPE

LOWEST, WIDTH = -0.5, 1.45
"""Bounds of the noise's autocorrelation: -0.5 to 0.95."""
_CURVES = {"hill": 0, "michaelis_menten": 0, "logistic": 1}
_FAMILIES = {"geometric": 0, "delayed": 1, "weibull": 2}
_NUMBERS = (COMMON, *APART, HALF_SPREAD, *SLOPE, *BETWEEN, LOWEST, WIDTH)


@dataclass(frozen=True)
class Layout:
    """Layout of the parameter vector.

    Attributes
    ----------
    saturation : str
        Saturation curve.
    kernel : Kernel
        Adstock family.
    regions, channels, columns, groups : int
        Numbers of regions, channels, baseline columns and groups of columns.
    """

    saturation: str
    kernel: Kernel
    regions: int
    channels: int
    columns: int
    groups: int

    @cached_property
    def places(self) -> dict[str, tuple[slice, tuple[int, ...]]]:
        """Slice and shape of each parameter, in the order of the vector."""
        r, c = self.regions, self.channels
        made: dict[str, tuple[int, ...]] = {"share": (c,), "kernel": (self.kernel.parameters, c), "half": (c,)}
        made |= {"slope": (c,)} if self.saturation == "hill" else {}
        made |= {"apart": (1,)}
        made |= {"share_by": (r, c), "half_by": (r, c), "between": (2,)} if r > 1 else {}
        made |= {"rest": (r, self.columns), "scale": (self.groups,), "rho": (r,), "sigma": (r,)}
        made |= {"alike": (1,)} if r > 1 else {}
        ends = np.cumsum([math.prod(shape) for shape in made.values()]).tolist()
        slices = [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]
        return {name: (place, shape) for (name, shape), place in zip(made.items(), slices, strict=True)}

    @property
    def size(self) -> int:
        """Number of parameters."""
        return sum(math.prod(shape) for _, shape in self.places.values())

    def split(self, z: Floats) -> dict[str, Floats]:
        """Parameters by name from vectors `z` (..., size), each (..., *shape); views if there is a single vector."""
        places = self.places.items()
        return {name: z[..., place].reshape(*z.shape[:-1], *shape) for name, (place, shape) in places}


class Tests(NamedTuple):
    """Lift tests in units of the model.

    Attributes
    ----------
    channel : int64 array (tests,)
        Index of the channel.
    extra : float array (tests, regions)
        Additional spend a period in units of the channel's mean spend, as if the test ran in the whole region.
    weight : float array (tests, regions)
        Share of the total mean outcome that the region has, times the part of it in which the test ran.
    running : float array (tests, longest)
        1 for each period of the test, then 0.
    window : float array (tests, periods)
        Weights that average the adstock to which the test was added.
    lift, error : float array (tests,)
        Lift and its standard error, in units of the total mean outcome.
    """

    channel: npt.NDArray[np.int64]
    extra: Floats
    weight: Floats
    running: Floats
    window: Floats
    lift: Floats
    error: Floats


@dataclass(frozen=True)
class ModelData:
    """Data and prior scales; r regions, c channels, w periods, p baseline columns, g groups of columns.

    Outcomes are in units of a region's mean outcome and spend in units of each channel's mean spend there.

    Attributes
    ----------
    y : float array (r, w)
        Outcome.
    used : int
        Number of leading periods in the likelihood.
    lagged : float array (r, c, lags + 1, w)
        Spend at each lag.
    active : float array (r, c)
        1 where a channel ever spends, else 0.
    columns : float array (r, p, w)
        Design of the baseline.
    group : int64 array (p,)
        Group of each column.
    centre : float array (r, p)
        Prior mean of the coefficients.
    median, spread : float array (g,)
        Prior mean and standard deviation of the log scale of each group.
    project : float array (r, p, w)
        Maps outcome minus media to the ridge coefficients.
    shift : float array (r, p)
        Constant part of the ridge coefficients.
    root : float array (r, p, p)
        Lower Cholesky factor of their covariance.
    share : float array (c,)
        Prior mean share of the outcome.
    half : float array (r, c)
        Prior median of the half-saturation point.
    noise : float array (r,)
        Prior scale of the noise.
    tests : Tests
        Lift tests.
    """

    y: Floats
    used: int
    lagged: Floats
    active: Floats
    columns: Floats
    group: npt.NDArray[np.int64]
    centre: Floats
    median: Floats
    spread: Floats
    project: Floats
    shift: Floats
    root: Floats
    share: Floats
    half: Floats
    noise: Floats
    tests: Tests


@dataclass(frozen=True)
class Density:
    """Log density of the parameters given the data, up to a constant, and its gradient.

    Notes
    -----
    Everything is in units of a region's mean outcome and of each channel's mean spend there, so that no currency
    matters. Writing the density and gradient out lets sampling start without compiling a graph.

    Three choices make it quick to sample. A channel is parametrised by its share of the outcome, which the data
    identify, rather than by the height of its curve, which they identify only jointly with its bend. Weakly identified
    parameters are functions of a standard normal, so that prior and posterior have similar scales. The coefficients of
    the baseline are the ridge estimate for (outcome - media) plus a whitened remainder, so that they move with the
    media instead of against them.

    References
    ----------
    Papaspiliopoulos, Roberts & Skold (2007), "A general framework for the parametrization of hierarchical models".
    """

    layout: Layout
    evidence: ModelData

    def __call__(self, z: Floats) -> tuple[float, Floats]:
        """Log density and gradient at `z`, (size,); minus infinity and zeros where either is not finite."""
        value, gradient = at(z, self.packed)
        if math.isfinite(value) and np.isfinite(gradient).all():
            return value, gradient
        return -math.inf, np.zeros_like(z)

    @cached_property
    def packed(self) -> Floats:
        """All inputs as one float array (length,), its own length first, in the order that `density_numba.at` reads."""
        e, layout = self.evidence, self.layout
        sizes = (
            _CURVES[layout.saturation], layout.saturation == "hill", _FAMILIES[layout.kernel.name],
            layout.kernel.parameters, e.used, *e.lagged.shape, layout.columns, layout.groups, *e.tests.running.shape,
        )  # fmt: skip
        arrays = (
            e.y, e.lagged, e.active, e.columns, e.group, e.centre, e.median, e.spread, e.project, e.shift, e.root,
            e.share / MEAN_SHARE, e.half, e.noise, *e.tests,
        )  # fmt: skip
        parts = [np.array(sizes), np.array(layout.kernel.numbers), np.array(_NUMBERS), *arrays]
        whole = np.concatenate([np.zeros(1), *(np.ravel(part).astype(float) for part in parts)])
        whole[0] = len(whole)
        return whole


def autocorrelation(z: Floats) -> Floats:
    """Autocorrelation of the noise, in the shape of its unconstrained value `z`; uniform on its bounds a priori."""
    return np.asarray(LOWEST + WIDTH * 0.5 * (1 + np.tanh(0.5 * z)))


def region_correlation(p: dict[str, Floats]) -> Floats:
    """Correlation of any two regions' noise, (..., 1), uniform a priori and 0 for one region; `p` as from `split`."""
    return 0.5 * (1 + np.tanh(0.5 * p["alike"])) if "alike" in p else np.zeros((*p["rho"].shape[:-1], 1))


def log_parts(layout: Layout, e: ModelData, p: dict[str, Floats]) -> dict[str, Floats]:
    """Log shares and half-saturation points, (..., regions, channels), and log slopes, (..., channels).

    Parameters
    ----------
    layout : Layout
        Layout of the parameters.
    e : ModelData
        Prior scales.
    p : dict of str to float array
        Unconstrained parameters, as from `Layout.split`.
    """
    share = (np.log(e.share / MEAN_SHARE) + COMMON * p["share"])[..., None, :]
    half = (HALF_SPREAD * p["half"])[..., None, :] + np.log(e.half)
    if layout.regions > 1:
        between = np.exp(BETWEEN[0] + BETWEEN[1] * p["between"])[..., None, None]
        share = share + between[..., 0, :, :] * p["share_by"]
        half = half + between[..., 1, :, :] * p["half_by"]
    slope = SLOPE[0] + SLOPE[1] * p["slope"] if "slope" in p else np.zeros_like(p["share"])
    return {"share": share, "half": half, "slope": slope}
