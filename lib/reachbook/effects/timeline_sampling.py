"""The structural time series in PyMC: NUTS draws autocorrelation and scales, coefficients are integrated exactly.

Where `counterfactual.fit` has a grid of scales shared by a block, here every scale is continuous, and each control has
one of its own beside the shared one, so that those of no use are shrunk away (Carvalho, Polson & Scott 2010).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from reachbook.effects.counterfactual import Block, Fit, assembled
from reachbook.stats.sampling import Convergence, compile_model
from reachbook.stats.sampling import draw as draw_compiled

Floats = np.ndarray
Ints = np.ndarray

PRIORS = {"slope": (0.1, 1.5), "drift": (0.03, 1.5), "controls": (0.8, 1.2), "holidays": (0.25, 1.2), "year": (0.8, 1.2)}
"""Block -> median of its scale, in units of the residual's standard deviation, and the deviation of its logarithm."""
_OWN = 1.0
"""Deviation of the logarithm of a control's own scale."""
_KEPT = 1000
NAMES = ("rho", "scale")


def sampled(
    target: Floats, time: Ints, blocks: list[Block], before: Ints, seed: int
) -> tuple[Fit, Convergence]:
    """The posterior by NUTS, in the shape of `counterfactual.fit`: each kept draw is a grid point of equal weight."""
    matrix = np.concatenate([block.columns for block in blocks], axis=1)
    both = np.column_stack([matrix[before], target[before]])
    loads, centre, spread, proper = _layout(blocks)
    parts, gaps = _products(both, np.diff(time[before]))
    data = {"parts": parts, "gaps": gaps.astype(float), "loads": loads, "proper": proper.astype(float)}
    data |= {"centre": centre, "spread": spread, "size": np.array(float(len(before)))}
    compiled = _compiled(*loads.shape, len(gaps)).with_data(**data)
    found = draw_compiled(compiled, NAMES, seed=seed, draws=500, tune=500, chains=4)
    rows = np.linspace(0, len(found.draws["rho"]) - 1, _KEPT).astype(int)
    rho, scale = found.draws["rho"][rows], found.draws["scale"][rows]
    precision = np.where(proper, np.exp(-2 * scale @ loads.T), 0.0)
    gram = np.stack([_gram(parts, gaps, each) for each in rho])
    return assembled(target, time, blocks, before, rho, precision, gram), found.convergence


def _layout(blocks: list[Block]) -> tuple[Floats, Floats, Floats, np.ndarray]:
    """Which log scales each coefficient has (p, q), their prior centres and deviations (q,), and who has a prior (p,)."""
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
    """Products that give X'R^-1 X for every autocorrelation, (gap lengths, 3, p + 1, p + 1), and the gap lengths.

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
    """The model, compiled once for each size; what was observed comes in by `with_data`."""
    import pymc as pm
    import pytensor.tensor as pt

    with pm.Model() as model:
        parts = pm.Data("parts", np.zeros((gaps, 3, width + 1, width + 1)) + np.eye(width + 1))
        lengths = pm.Data("gaps", np.ones((2, gaps)))
        loads = pm.Data("loads", np.ones((width, scales)))
        proper = pm.Data("proper", np.ones(width))
        centre, spread = pm.Data("centre", np.zeros(scales)), pm.Data("spread", np.ones(scales))
        size = pm.Data("size", np.array(30.0))
        angle = pm.Uniform("angle", 0.0, 1.43)  # rho = sin(angle): the reference prior 1 / sqrt(1 - rho^2), to 0.99
        rho = pm.Deterministic("rho", pt.sin(angle))
        standard = pm.Normal("standard", 0.0, 1.0, shape=scales)
        scale = pm.Deterministic("scale", centre + spread * standard)
        memory = pt.where(lengths[0] > 0, rho ** lengths[0], 0.0)
        weights = pt.stack([pt.ones_like(memory), -memory, memory**2], axis=1) / (1 - memory**2)[:, None]
        gram = (weights[:, :, None, None] * parts).sum(axis=(0, 1))
        log_precision = -2 * pt.dot(loads, scale)
        prior = pt.concatenate([proper * pt.exp(log_precision), pt.zeros(1)])
        pivots = pt.diag(pt.linalg.cholesky(gram + pt.diag(prior)))
        df = size - (1 - proper).sum()
        log_det = (lengths[1] * pt.log1p(-(memory**2))).sum()
        evidence = 0.5 * (proper * log_precision).sum() - pt.log(pivots[:-1]).sum() - 0.5 * log_det
        pm.Potential("evidence", evidence - df * pt.log(pivots[-1]))
    return compile_model(model, NAMES)
