"""The media mix in PyMC: the same density as `density_numba`, to be read, changed and checked."""

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor

from reachbook.arrays import Floats
from reachbook.budget.model.adstock import Kernel
from reachbook.budget.model.density.density import LOWEST, WIDTH, Density
from reachbook.budget.model.priors import APART, BETWEEN, COMMON, HALF_SPREAD, MEAN_SHARE, SLOPE
from reachbook.budget.model.saturation import FLOOR
from reachbook.stats.sampling import compile_model, draw

pt: Any = pytensor.tensor


def media_mix(density: Density) -> pm.Model:
    """PyMC model of the data in `density`.

    Names, order and scales of the parameters are those of `density.Layout`, so that both implementations give the same
    log density at the same values, up to a constant. Shapes in the code: r regions, c channels, w periods.
    """
    e, shape = density.evidence, density.layout
    size, used = {name: made for name, (_, made) in shape.places.items()}, e.used
    with pm.Model() as model:
        # Channels' shares of the outcome: log-normal around what is believed, partially pooled.
        apart = pm.Normal("apart", shape=1)
        each = pt.exp(2 * (APART[0] + APART[1] * apart[0])) * pt.eye(shape.channels)
        log_share = COMMON * pm.MvNormal("share", 0, cov=1 + each / COMMON**2, shape=size["share"])
        log_half = HALF_SPREAD * pm.Normal("half", shape=size["half"])
        more, longer = pt.zeros(e.active.shape), pt.zeros(e.active.shape)
        if shape.regions > 1:
            between = pt.exp(BETWEEN[0] + BETWEEN[1] * pm.Normal("between", shape=2))
            more = between[0] * pm.Normal("share_by", shape=e.active.shape)
            longer = between[1] * pm.Normal("half_by", shape=e.active.shape)
        share = e.active * e.share / MEAN_SHARE * pt.exp(log_share + more)
        half = e.half * pt.exp(log_half + longer)
        slope = pt.ones(shape.channels)
        if shape.saturation == "hill":
            slope = pt.exp(SLOPE[0] + SLOPE[1] * pm.Normal("slope", shape=size["slope"]))

        # What spend brings: adstock, then saturation, scaled so that a channel's mean over all periods is its share.
        weights = lag_weights(shape.kernel, pm.Normal("kernel", shape=size["kernel"]))
        stock = (weights[None, :, :, None] * e.lagged).sum(axis=2)
        part = saturated(shape.saturation, stock, half[:, :, None], slope[None, :, None])
        height = share / pt.maximum(part.mean(axis=2), 1e-300)
        media = (height[:, :, None] * part).sum(axis=1)

        # The baseline: coefficients with a scale for each group, written as a ridge regression's plus a whitened rest.
        scale = pt.exp(e.median + e.spread * pm.Normal("scale", shape=size["scale"]))[e.group]
        rest = pm.Flat("rest", shape=size["rest"])
        off = pt.as_tensor(e.y) - media
        coefficient = (e.project * off[:, None]).sum(axis=2) + e.shift + (e.root * rest[:, None]).sum(axis=2)
        pm.Potential("coefficients", pm.logp(pm.Normal.dist(e.centre, scale), coefficient).sum())

        # The outcome: autocorrelated noise.
        rho = pm.Uniform("rho", LOWEST, LOWEST + WIDTH, shape=size["rho"])[:, None]
        sigma = pm.HalfNormal("sigma", e.noise, shape=size["sigma"])[:, None]
        expected = (media + (coefficient[:, :, None] * e.columns).sum(axis=1))[:, :used]
        known = expected[:, 1:] + rho * (e.y[:, : used - 1] - expected[:, :-1])
        spread = pt.concatenate([sigma / pt.sqrt(1 - rho**2), pt.repeat(sigma, used - 1, axis=1)], axis=1)
        middle = pt.concatenate([expected[:, :1], known], axis=1)
        if shape.regions == 1:
            pm.Normal("outcome", middle, spread, observed=e.y[:, :used])
        else:
            # Regions share what moves them all: any two of them have the same correlation in a period.
            alike = pm.Uniform("alike", 0, 1, shape=1)[0]
            each = (1 - alike) * pt.eye(shape.regions) + alike
            unit = ((e.y[:, :used] - middle) / spread).T
            pm.Potential("outcome", pm.logp(pm.MvNormal.dist(pt.zeros(shape.regions), cov=each), unit).sum())
            pm.Potential("scales", -pt.log(spread).sum())

        if len(e.tests.lift):
            brought = lift(density, weights, stock, height, half, slope)
            pm.Normal("lift", brought, e.tests.error, observed=e.tests.lift)
    return model


def lag_weights(family: Kernel, given: Any) -> Any:
    """Weights of each lag, (c, lags + 1), as in `adstock`.

    Parameters
    ----------
    family : Kernel
        Adstock family.
    given : tensor (parameters, c)
        Standard normal values.
    """
    spread, peak_spread, scale_spread, shape_middle, shape_spread, odds, peak, latest = family.numbers
    lag, kept = np.arange(family.lags + 1), pt.sigmoid(odds + spread * given[0])[:, None]
    if family.name == "geometric":
        return pt.concatenate([(1 - kept) * kept ** lag[:-1], kept ** lag[-1:]], axis=1)
    if family.name == "delayed":
        top = latest * pt.sigmoid(peak + peak_spread * given[1])[:, None]
        return pt.special.softmax(pt.log(kept) * (lag - top) ** 2, axis=1)
    scale = pt.exp(np.log(-1 / np.log(1 / (1 + np.exp(-odds)))) + scale_spread * given[0])[:, None]
    shape = pt.exp(shape_middle + shape_spread * given[1])[:, None]
    left = pt.exp(-((lag[1:] / scale) ** shape))
    whole, nothing = pt.ones_like(scale), pt.zeros_like(scale)
    return pt.concatenate([whole, left], axis=1) - pt.concatenate([left, nothing], axis=1)


def saturated(kind: str, stock: Any, half: Any, slope: Any) -> Any:
    """Response as a share of the largest effect, as `saturation.saturation`."""
    if kind == "logistic":
        return pt.tanh(0.5 * np.log(3.0) * stock / half)
    return pt.sigmoid(slope * pt.log((stock + FLOOR) / half))


def lift(density: Density, weights: Any, stock: Any, height: Any, half: Any, slope: Any) -> Any:
    """Outcome added by the spend of each test, (tests,): the curve's difference, summed over the test's periods."""
    tests, kind, c = density.evidence.tests, density.layout.saturation, density.evidence.tests.channel
    longest = tests.running.shape[1]
    lags = np.minimum(np.arange(longest), density.layout.kernel.lags)
    reach = pt.cumsum(weights[c], axis=1)[:, lags]
    start = (stock[:, c] * tests.window[None]).sum(axis=2)[:, :, None]
    at, power = half[:, c, None], slope[None, c, None]
    extra = np.swapaxes(tests.extra, 0, 1)[:, :, None] * reach[None]
    gain = saturated(kind, start + extra, at, power) - saturated(kind, start, at, power)
    return (np.swapaxes(tests.weight, 0, 1) * height[:, c] * (gain * tests.running).sum(axis=2)).sum(axis=0)


def sample(density: Density, *, seed: int, draws: int, tune: int, accept: float) -> tuple[Floats, int]:
    """Posterior draws from PyMC.

    Returns
    -------
    z : float array (chains * draws, size)
        Unconstrained parameters, in the order of the layout.
    diverged : int
        Number of divergent transitions.
    """
    names = list(density.layout.places)
    found = draw(
        compile_model(media_mix(density), names), names, seed=seed, draws=draws, tune=tune, accept=accept
    )  # fmt: skip
    part = (found.draws["rho"] - LOWEST) / WIDTH
    free = found.draws | {"rho": np.log(part / (1 - part)), "sigma": np.log(found.draws["sigma"])}
    if "alike" in free:
        free["alike"] = np.log(free["alike"] / (1 - free["alike"]))
    z = np.concatenate([free[name].reshape(found.convergence.draws, -1) for name in names], axis=1)
    return z, found.convergence.divergences
