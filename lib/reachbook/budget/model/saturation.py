"""Saturation: response to an adstock as a share of the largest effect."""

import numpy as np

from reachbook.arrays import Floats

FLOOR = 1e-6
"""Added to the adstock, in units of the channel's mean spend, before its logarithm is taken, so that 0 is defined."""


def saturation(kind: str, stock: Floats, half: Floats, slope: Floats) -> Floats:
    """Response as a share of the largest effect, 0 to 1.

    Parameters
    ----------
    kind : str
        "hill": stock^slope / (half^slope + stock^slope), S-shaped for slopes above 1. "michaelis_menten": the Hill
        curve with slope 1. "logistic": tanh(ln 3 / 2 * stock / half).
    stock : float array
        Adstock, in units of the channel's mean spend.
    half : float array
        Adstock at which the response is one half, same unit; broadcast against `stock`.
    slope : float array
        Hill slope, dimensionless; read for "hill" only.

    Returns
    -------
    float array
        Response, of the broadcast shape.

    References
    ----------
    Jin et al. (2017), "Bayesian methods for media mix modeling with carryover and shape effects".
    """
    if kind == "logistic":
        return np.asarray(np.tanh(0.5 * np.log(3.0) * stock / half))
    power = 1.0 if kind == "michaelis_menten" else slope
    return np.asarray(0.5 * (1 + np.tanh(0.5 * power * (np.log(stock + FLOOR) - np.log(half)))))


def steepness(kind: str, stock: Floats, half: Floats, slope: Floats) -> Floats:
    """Derivative of `saturation` with respect to `stock`; `half`, `slope` and the broadcast shape are as there."""
    part = saturation(kind, stock, half, slope)
    if kind == "logistic":
        return np.asarray(0.5 * np.log(3.0) / half * (1 - part**2))
    power = 1.0 if kind == "michaelis_menten" else slope
    return np.asarray(power * part * (1 - part) / (stock + FLOOR))
