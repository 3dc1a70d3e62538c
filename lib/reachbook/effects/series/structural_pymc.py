"""Structural time series in PyMC: NUTS draws autocorrelation and scales, coefficients are integrated exactly."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from reachbook.arrays import Floats, Ints
from reachbook.effects.counterfactual.regression import Block, Fit, assembled
from reachbook.stats.sampling import EFFECTIVE, R_HAT, Convergence, compile_model
from reachbook.stats.sampling import draw as draw_compiled
from reachbook.translation import sentences, tr
from reachbook.verdict import Gate

PRIORS = {
    "slope": (0.1, 1.2),
    "drift": (0.05, 1.3),
    "controls": (0.8, 1.0),
    "holidays": (0.6, 1.5),
    "year": (0.8, 1.0),
}
"""Prior median of each block's scale, in the residual's standard deviation, and the deviation of its logarithm."""
_OWN = 0.7
"""Prior standard deviation of the logarithm of a control's own scale."""
_KEPT = 1000
NAMES, WATCHED = ("rho", "scale", "ahead_mean"), ("rho", "ahead_mean")


def sampled(
    target: Floats, time: Ints, blocks: list[Block], before: Ints, during: Ints, seed: int
) -> tuple[Fit, Convergence]:
    """Posterior by NUTS in the form of `regression.fit`: each retained draw is a grid point of equal weight.

    Convergence is assessed in the autocorrelation and in the mean fit over the periods `during`.

    Parameters
    ----------
    target : float array (periods,)
        Outcome on the scale of the model.
    time : int array (periods,)
        Periods since the first.
    blocks : list of Block
        Regressors.
    before, during : int array
        Indices of the fitted periods and of the campaign.
    seed : int
        Seed.

    Returns
    -------
    tuple of (Fit, Convergence)
        Posterior and convergence of the chains.

    Notes
    -----
    Unlike the grid of `regression.fit`, every scale is continuous, and each control has a scale of its own beside the
    shared one, so that useless controls are shrunk away.

    References
    ----------
    Carvalho, Polson & Scott (2010), "The horseshoe estimator for sparse signals".
    """
    matrix = np.concatenate([block.columns for block in blocks], axis=1)
    both = np.column_stack([matrix[before], target[before]])
    loads, centre, spread, proper = _layout(blocks)
    parts, gaps = _products(both, np.diff(time[before]))
    data = {"parts": parts, "gaps": gaps.astype(float), "loads": loads, "proper": proper.astype(float)}
    data |= {"centre": centre, "spread": spread, "size": np.array(float(len(before)))}
    data |= {"ahead": matrix[during].mean(axis=0)}
    found = draw_compiled(
        _compiled(*loads.shape, len(gaps[0])).with_data(**data), NAMES, seed=seed, draws=1000, watch=WATCHED
    )
    rows = np.linspace(0, len(found.draws["rho"]) - 1, _KEPT).astype(int)
    rho, scale = found.draws["rho"][rows], found.draws["scale"][rows]
    precision = np.where(proper, np.exp(-2 * scale @ loads.T), 0.0)
    gram = np.stack([_gram(parts, gaps, each) for each in rho])
    return assembled(target, time, blocks, before, rho, precision, gram), found.convergence


def agreement(fitted: Fit, exact: Fit, during: Ints, convergence: Convergence) -> Gate:
    """Gate: the chains agree with each other and with the exact posterior, which has no chains.

    The two are compared in their mean over the campaign periods `during` (h,). One divergence in a hundred draws is
    tolerated, since the exact posterior covers the region where it arises.
    """
    shares = np.full(len(during), 1 / len(during))
    (mean, deviation), (middle, other) = fitted.average(during, shares), exact.average(during, shares)
    off, ratio = abs(mean - middle) / other, deviation / other
    chains = convergence.r_hat <= R_HAT and min(convergence.bulk, convergence.tail) >= EFFECTIVE
    passed = bool(
        chains and convergence.divergences <= 0.01 * convergence.draws and off <= 0.3 and 0.75 <= ratio <= 1.35
    )
    told = tr(
        "Beside the exact result: the middle is off by {off} of its spread (at most 0.30), {ratio} times as wide (0.75 "
        "to 1.35).",
        off=f"{off:.2f}",
        ratio=f"{ratio:.2f}",
    )
    return Gate("convergence", passed, sentences(convergence.describe(), told))


def _layout(blocks: list[Block]) -> tuple[Floats, Floats, Floats, np.ndarray]:
    """Loadings of log scales on coefficients (p, q), prior centres and deviations (q,), and proper priors (p,)."""
    width = sum(block.columns.shape[1] for block in blocks)
    columns: list[Floats] = []
    centre, spread, proper, start = [], [], np.zeros(width, dtype=bool), 0
    for block in blocks:
        here = np.arange(start, start + block.columns.shape[1])
        start += len(here)
        if not block.scales:
            continue
        proper[here] = True
        median, deviation = PRIORS[block.name]
        columns.append(np.isin(np.arange(width), here).astype(float))
        centre.append(np.log(median))
        spread.append(deviation)
        if block.name == "controls" and len(here) > 1:
            columns += [(np.arange(width) == each).astype(float) for each in here]
            centre += [0.0] * len(here)
            spread += [_OWN] * len(here)
    return np.column_stack(columns), np.array(centre), np.array(spread), proper


def _products(both: Floats, gaps: Ints) -> tuple[Floats, Ints]:
    """Products that give X'R^-1 X for any autocorrelation, (gap lengths, 3, p + 1, p + 1), and the gap lengths.

    For each gap length: later by later, later by earlier (both ways), earlier by earlier; the first row is at gap 0.
    """
    lengths = np.unique(gaps)
    parts = np.zeros((len(lengths) + 1, 3, both.shape[1], both.shape[1]))
    parts[0, 0] = np.outer(both[0], both[0])
    for k, length in enumerate(lengths, start=1):
        later, earlier = both[1:][gaps == length], both[:-1][gaps == length]
        cross = later.T @ earlier
        parts[k] = later.T @ later, cross + cross.T, earlier.T @ earlier
    counts = np.array([(gaps == length).sum() for length in lengths])
    return parts, np.stack([np.append(0, lengths), np.append(0, counts)])


def _gram(parts: Floats, gaps: Ints, rho: float) -> Floats:
    memory = np.where(gaps[0] > 0, rho ** gaps[0], 0.0)
    weights = np.stack([np.ones_like(memory), -memory, memory**2]) / (1 - memory**2)
    return np.asarray(np.einsum("jk,kjpq->pq", weights, parts))


@lru_cache(maxsize=4)
def _compiled(width: int, scales: int, gaps: int) -> Any:
    """The model, compiled once for each size; data are set by `with_data`."""
    return compile_model(structural(width, scales, gaps), NAMES)


def structural(width: int, scales: int, gaps: int) -> Any:
    """PyMC model with `width` coefficients, `scales` scales and `gaps` gap lengths; its data are placeholders."""
    import pymc as pm
    import pytensor.tensor as tensor

    pt: Any = tensor

    with pm.Model() as model:
        parts = pm.Data("parts", np.zeros((gaps, 3, width + 1, width + 1)) + np.eye(width + 1))
        lengths = pm.Data("gaps", np.ones((2, gaps)))
        loads = pm.Data("loads", np.ones((width, scales)))
        proper = pm.Data("proper", np.ones(width))
        centre, spread = pm.Data("centre", np.zeros(scales)), pm.Data("spread", np.ones(scales))
        size, ahead = pm.Data("size", np.array(30.0)), pm.Data("ahead", np.zeros(width))
        angle = pm.Uniform("angle", 0.0, 1.43)  # rho = sin(angle): the reference prior 1 / sqrt(1 - rho^2), to 0.99
        rho = pm.Deterministic("rho", pt.sin(angle))
        standard = pm.Normal("standard", 0.0, 1.0, shape=scales)
        scale = pm.Deterministic("scale", centre + spread * standard)
        memory = pt.where(lengths[0] > 0, rho ** lengths[0], 0.0)
        weights = pt.stack([pt.ones_like(memory), -memory, memory**2], axis=1) / (1 - memory**2)[:, None]
        gram = (weights[:, :, None, None] * parts).sum(axis=(0, 1))
        log_precision = -2 * pt.dot(loads, scale)
        prior = pt.concatenate([proper * pt.exp(log_precision), pt.zeros(1)])
        # The factor of [X'X + P, X'y; y'X, y'y] has the determinant and, last on its diagonal, what is left of y'y.
        root = pt.linalg.cholesky(gram + pt.diag(prior))
        pivots = pt.diag(root)
        coefficients = pt.linalg.solve_triangular(root[:-1, :-1].T, root[-1, :-1], lower=False)
        pm.Deterministic("ahead_mean", pt.dot(ahead, coefficients))
        df = size - (1 - proper).sum()
        log_det = (lengths[1] * pt.log1p(-(memory**2))).sum()
        evidence = 0.5 * (proper * log_precision).sum() - pt.log(pivots[:-1]).sum() - 0.5 * log_det
        pm.Potential("evidence", evidence - df * pt.log(pivots[-1]))
    return model
