"""How much of its largest effect a channel has at an adstock."""

import numpy as np

from reachbook.arrays import Floats

FLOOR = 1e-6
"""Adstock, in units of the channel's mean spend, below which a channel counts as silent: its logarithm is needed."""


def saturation(kind: str, stock: Floats, half: Floats, slope: Floats) -> Floats:
    """Part of the largest effect, 0..1, at `stock`; `half` is the stock where it is one half.

    hill : stock^slope / (half^slope + stock^slope), S-shaped for slopes above 1 (Jin et al. 2017, "Bayesian methods
        for media mix modeling with carryover and shape effects"). michaelis_menten : the same with slope 1.
    logistic : tanh(ln 3 / 2 * stock / half).
    """
    if kind == "logistic":
        return np.asarray(np.tanh(0.5 * np.log(3.0) * stock / half))
    power = 1.0 if kind == "michaelis_menten" else slope
    return np.asarray(0.5 * (1 + np.tanh(0.5 * power * (np.log(stock + FLOOR) - np.log(half)))))


def steepness(kind: str, stock: Floats, half: Floats, slope: Floats) -> Floats:
    """Derivative of `saturation` by the stock."""
    part = saturation(kind, stock, half, slope)
    if kind == "logistic":
        return np.asarray(0.5 * np.log(3.0) / half * (1 - part**2))
    power = 1.0 if kind == "michaelis_menten" else slope
    return np.asarray(power * part * (1 - part) / (stock + FLOOR))
