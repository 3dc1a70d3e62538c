"""The log density of the media mix and its gradient, written out: sampling starts without compiling a graph.

Everything is in units of a region's mean outcome and of each channel's mean spend there, so that no currency matters.
Three choices make it quick to sample. A channel's parameter is its share of the outcome, which the data know, not the
height of a curve, which they know only together with its bend. Parameters that the data know little of are functions
of a standard normal, so that prior and posterior have the same scale. And the coefficients of the baseline are written
as what a ridge regression of (outcome - media) would give, plus a whitened rest: then they move with the media instead
of against them (Papaspiliopoulos, Roberts & Skold 2007, "A general framework for the parametrization of hierarchical
models").
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reachbook.arrays import Floats
from reachbook.budget.model.adstock import Kernel
from reachbook.budget.model.density_numba import at

LOWEST, WIDTH = -0.5, 1.45
"""Autocorrelation lies between -0.5 and 0.95."""
COMMON = 0.5
"""Deviation of the logarithm of what all channels are better or worse than believed."""
APART = (math.log(0.5), 0.5)
"""Mean and deviation of the logarithm of how much channels differ, itself the deviation of a logarithm: 0.2 to 1.3.

Shares are log-normal, as returns are in the practice of media mixes, and partially pooled: where channels are much
alike, the best and the worst by chance are drawn to the rest, so that a plan does not pick luck (Gelman, Hill & Yajima
2012, "Why we (usually) don't have to worry about multiple comparisons"). How much alike is learned: where one channel
does bring nothing, the others let it.
"""
HALF_SPREAD = 0.7
SLOPE = (0.35, 0.33)
"""Mean and deviation of the logarithm of the Hill slope: 0.8 to 2.4, with 1, where the S begins, well inside."""
BETWEEN = (math.log(0.3), 0.6)
"""Mean and deviation of the logarithm of how much regions differ, itself the deviation of a logarithm."""
_VARIANCE = COMMON**2 + math.exp(2 * APART[0])
MEAN_SHARE = math.exp(_VARIANCE / 2)
"""Mean of a share over its median before the data, where channels differ as much as they usually do."""
SHARE_DEVIATION = math.sqrt(math.expm1(_VARIANCE))
"""Deviation of a share over its mean, likewise."""
_CURVES = {"hill": 0, "michaelis_menten": 0, "logistic": 1}
_FAMILIES = {"geometric": 0, "delayed": 1, "weibull": 2}
_NUMBERS = (COMMON, *APART, HALF_SPREAD, *SLOPE, *BETWEEN, LOWEST, WIDTH)


@dataclass(frozen=True)
class Layout:
    """Which parameters there are: saturation, kernel and the numbers of regions, channels, columns and groups."""

    saturation: str
    kernel: Kernel
    regions: int
    channels: int
    columns: int
    groups: int

    @cached_property
    def places(self) -> dict[str, tuple[slice, tuple[int, ...]]]:
        """Place in the vector and shape of each parameter, in order."""
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
        """Parameters by name from vectors (..., size); of a single vector they are views."""
        places = self.places.items()
        return {name: z[..., place].reshape(*z.shape[:-1], *shape) for name, (place, shape) in places}


class Tests(NamedTuple):
    """Lift tests in units of the model.

    channel : (tests,). extra : money on top by region, as if the test ran in all of it, (tests, regions). weight : what
    a region's unit is of the whole, times the part of it in which the test ran, (tests, regions). running : 1 for each
    period of the test, (tests, longest). window : weights of the periods whose stock the test came on top of, (tests,
    periods). lift, error : (tests,).
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
    """What was observed, and what is believed before; r regions, c channels, w periods, p columns, g groups.

    y : outcome (r, w), of which the first `used` periods are learned from. lagged : spend (r, c, lags + 1, w). active :
    1 where a channel spends at all (r, c). columns (r, p, w), group (p,), centre (r, p) : the baseline's design and the
    mean of its coefficients. median, spread : of the logarithm of each group's scale (g,). project (r, p, w), shift
    (r, p), root (r, p, p), lower : its whitening. share (c,), half (r, c), noise (r,) : scales of the priors.
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
    """Log density of the parameters given the evidence, up to a constant."""

    layout: Layout
    evidence: ModelData

    def __call__(self, z: Floats) -> tuple[float, Floats]:
        """Log density and gradient at z, (size,); far out, where numbers end, the density is 0."""
        value, gradient = at(z, self.packed)
        if math.isfinite(value) and np.isfinite(gradient).all():
            return value, gradient
        return -math.inf, np.zeros_like(z)

    @cached_property
    def packed(self) -> Floats:
        """All that the density needs as one vector, its own length first, in the order in which `at` reads it."""
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
    """The noise's autocorrelation, uniform before the data."""
    return np.asarray(LOWEST + WIDTH * 0.5 * (1 + np.tanh(0.5 * z)))


def alike(p: dict[str, Floats]) -> Floats:
    """Correlation of any two regions' noise in a period, uniform before the data; 0 for a single one, (..., 1)."""
    return 0.5 * (1 + np.tanh(0.5 * p["alike"])) if "alike" in p else np.zeros((*p["rho"].shape[:-1], 1))


def log_parts(layout: Layout, e: ModelData, p: dict[str, Floats]) -> dict[str, Floats]:
    """Logarithms of share and half, (..., regions, channels), and of slope, (..., channels)."""
    share = (np.log(e.share / MEAN_SHARE) + COMMON * p["share"])[..., None, :]
    half = (HALF_SPREAD * p["half"])[..., None, :] + np.log(e.half)
    if layout.regions > 1:
        between = np.exp(BETWEEN[0] + BETWEEN[1] * p["between"])[..., None, None]
        share = share + between[..., 0, :, :] * p["share_by"]
        half = half + between[..., 1, :, :] * p["half_by"]
    slope = SLOPE[0] + SLOPE[1] * p["slope"] if "slope" in p else np.zeros_like(p["share"])
    return {"share": share, "half": half, "slope": slope}
