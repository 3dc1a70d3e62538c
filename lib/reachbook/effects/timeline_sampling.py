"""The structural time series in PyMC: NUTS draws autocorrelation, scales and coefficients.

Of the draws, autocorrelation and scales are kept; given these the coefficients are integrated exactly, which leaves
less to chance than their own draws would.

Where `counterfactual.fit` has a grid of scales shared by a block, here every scale is continuous, and each control has
one of its own beside the shared one, so that those of no use are shrunk away (Carvalho, Polson & Scott 2010).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from reachbook.effects.counterfactual import Block, Fit, assembled
from reachbook.stats.sampling import EFFECTIVE, R_HAT, Convergence, compile_model, convergence
from reachbook.told import Check

Floats = np.ndarray
Ints = np.ndarray

PRIORS = {
    "slope": (0.1, 1.2),
    "drift": (0.04, 1.2),
    "controls": (0.8, 1.0),
    "holidays": (0.25, 1.0),
    "year": (0.8, 1.0),
}
"""Block -> median of its scale, in units of the residual's standard deviation, and the deviation of its logarithm."""
_OWN = 0.7
"""Deviation of the logarithm of a control's own scale."""
_KEPT = 1000
NAMES = ("rho", "scale", "ahead_mean")


def sampled(
    target: Floats, time: Ints, blocks: list[Block], before: Ints, during: Ints, seed: int
) -> tuple[Fit, Convergence]:
    """The posterior by NUTS, in the shape of `counterfactual.fit`: each kept draw is a grid point of equal weight.

    Convergence is watched in the autocorrelation and in the mean of the fit over the periods `during`.
    """
    matrix = np.concatenate([block.columns for block in blocks], axis=1)
    both = np.column_stack([matrix[before], target[before]])
    loads, centre, spread, proper = _layout(blocks)
    parts, gaps = _products(both, np.diff(time[before]))
    data = {"parts": parts, "gaps": gaps.astype(float), "loads": loads, "proper": proper.astype(float)}
    data |= {"centre": centre, "spread": spread, "size": np.array(float(len(before)))}
    data |= {"ahead": matrix[during].mean(axis=0)}
    data |= _start(parts, gaps, ~proper | _informed(blocks))
    draws, checked = _nuts(_compiled(*loads.shape, len(gaps[0])).with_data(**data), seed)
    rows = np.linspace(0, len(draws["rho"]) - 1, _KEPT).astype(int)
    rho, scale = draws["rho"][rows], draws["scale"][rows]
    precision = np.where(proper, np.exp(-2 * scale @ loads.T), 0.0)
    gram = np.stack([_gram(parts, gaps, each) for each in rho])
    return assembled(target, time, blocks, before, rho, precision, gram), checked


def agreement(fitted: Fit, exact: Fit, during: Ints, found: Convergence) -> Check:
    """The gate: the chains agree with each other and with the exact posterior, which has no chains.

    A divergence in a hundred is let pass here, and only here: they arise where scales near zero narrow the way, which
    the grid of the exact posterior covers.
    """
    shares = np.full(len(during), 1 / len(during))
    (mean, deviation), (middle, other) = fitted.average(during, shares), exact.average(during, shares)
    off, ratio = abs(mean - middle) / other, deviation / other
    chains = found.r_hat <= R_HAT and min(found.bulk, found.tail) >= EFFECTIVE
    passed = bool(chains and found.divergences <= 0.01 * found.draws and off <= 0.3 and 0.75 <= ratio <= 1.35)
    told = f"{found.describe()} Beside the exact posterior: middle off by {off:.2f} deviations, {ratio:.2f} as wide."
    return Check("convergence", passed, told)


def _nuts(compiled: Any, seed: int) -> tuple[dict[str, Floats], Convergence]:
    """Draws as `stats.sampling.draw` takes them, in smaller steps: scales near zero narrow the way."""
    import nutpie

    tree = nutpie.sample(
        compiled, draws=1000, tune=1000, chains=4, cores=1, seed=seed, progress_bar=False, save_warmup=False,
        target_accept=0.95,
    )  # fmt: skip
    chained = {name: np.asarray(tree["posterior"][name].values) for name in NAMES}
    divergent = int(np.asarray(tree["sample_stats"]["diverging"].values).sum())
    checked = convergence({name: chained[name] for name in ("rho", "ahead_mean")}, divergent)
    return {name: each.reshape(-1, *each.shape[2:]) for name, each in chained.items()}, checked


def _layout(blocks: list[Block]) -> tuple[Floats, Floats, Floats, np.ndarray]:
    """Log scales of each coefficient (p, q), their prior centres and deviations (q,), and who has a prior (p,)."""
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
    import pytensor.tensor as tensor

    pt: Any = tensor

    with pm.Model() as model:
        parts = pm.Data("parts", np.zeros((gaps, 3, width + 1, width + 1)) + np.eye(width + 1))
        lengths = pm.Data("gaps", np.ones((2, gaps)))
        loads = pm.Data("loads", np.ones((width, scales)))
        proper = pm.Data("proper", np.ones(width))
        centre, spread = pm.Data("centre", np.zeros(scales)), pm.Data("spread", np.ones(scales))
        direct = pm.Data("direct", np.ones(width))
        size, origin = pm.Data("size", np.array(30.0)), pm.Data("origin", np.zeros(width))
        root, noise = pm.Data("root", np.eye(width)), pm.Data("noise", np.array(1.0))
        angle = pm.Uniform("angle", 0.0, 1.43)  # rho = sin(angle): the reference prior 1 / sqrt(1 - rho^2), to 0.99
        rho = pm.Deterministic("rho", pt.sin(angle))
        standard = pm.Normal("standard", 0.0, 1.0, shape=scales)
        scale = pm.Deterministic("scale", centre + spread * standard)
        log_sigma = pm.Flat("log_sigma")
        sigma = noise * pt.exp(log_sigma)
        free = pm.Flat("free", shape=width)
        # What the data tell well starts at least squares and moves in its units; the rest is scale * normal.
        reach = sigma * pt.exp(pt.dot(loads, scale))
        coefficients = direct * (origin + pt.dot(root, direct * free)) + (1 - direct) * reach * free
        near = direct * proper * (-0.5 * (coefficients / reach) ** 2 - pt.log(reach))
        pm.Potential("prior", (near - 0.5 * (1 - direct) * free**2).sum())
        ahead = pm.Data("ahead", np.zeros(width))
        pm.Deterministic("ahead_mean", pt.dot(ahead, coefficients))
        memory = pt.where(lengths[0] > 0, rho ** lengths[0], 0.0)
        weights = pt.stack([pt.ones_like(memory), -memory, memory**2], axis=1) / (1 - memory**2)[:, None]
        gram = (weights[:, :, None, None] * parts).sum(axis=(0, 1))
        both = pt.concatenate([coefficients, -pt.ones(1)])
        log_det = (lengths[1] * pt.log1p(-(memory**2))).sum()
        rest = pt.dot(both, pt.dot(gram, both)) / sigma**2
        pm.Potential("likelihood", -0.5 * rest - size * log_sigma - 0.5 * log_det)
    return compile_model(model, NAMES)


def _informed(blocks: list[Block]) -> np.ndarray:
    """Coefficients that the data tell well: those of controls and yearly waves, (p,)."""
    names = np.concatenate([np.full(block.columns.shape[1], block.name) for block in blocks])
    return np.isin(names, ("controls", "year"))


def _start(parts: Floats, gaps: Ints, direct: np.ndarray) -> dict[str, Floats]:
    """Least squares of the coefficients `direct` at autocorrelation one half, to start from and to scale by."""
    gram = _gram(parts, gaps, 0.5)
    here = np.flatnonzero(direct)
    inner = gram[np.ix_(here, here)] + 1e-9 * np.eye(len(here))
    origin, root = np.zeros(len(direct)), np.zeros((len(direct), len(direct)))
    origin[here] = np.linalg.solve(inner, gram[here, -1])
    rest = gram[-1, -1] - gram[here, -1] @ origin[here]
    noise = float(np.sqrt(max(rest, 1e-300) / max(gaps[1].sum(), 1)))
    root[np.ix_(here, here)] = np.linalg.cholesky(np.linalg.inv(inner)) * noise
    return {"origin": origin, "root": root, "noise": np.array(noise), "direct": direct.astype(float)}
