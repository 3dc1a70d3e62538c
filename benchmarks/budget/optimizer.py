"""Plans on S-shaped curves: ours with its proof, a local search from several starts, and exact dynamic programming.

python benchmarks/budget/optimizer.py [six | fifty | cautious | weeks ...]
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from reachbook import budget
from reachbook.budget import Rules
from reachbook.budget.flight.rules import FlightRules

type Floats = npt.NDArray[np.float64]

POINTS = 101
TOTAL = 0.25
"""Money to spend, as a part of what all channels could take."""
SIX = ((3, 4.0, 11), (3, 6.0, 12), (4, 4.0, 13), (5, 3.0, 14), (6, 4.0, 15), (6, 6.0, 16))
"""Channels, Hill slope and seed of each problem."""


def problem(channels: int, slope: float, seed: int, draws: int, points: int = POINTS) -> tuple[Floats, Floats]:
    """Hill curves: response (draws, channels, points), grid (points,) from 0 to 100."""
    rng = np.random.default_rng([seed, 77])
    grid = np.linspace(0, 100, points)
    half = rng.uniform(15, 60, channels) * np.exp(0.15 * rng.standard_normal((draws, channels)))
    scale = rng.uniform(50, 200, channels) * np.exp(0.15 * rng.standard_normal((draws, channels)))
    return scale[..., None] * grid**slope / (half[..., None] ** slope + grid**slope), grid


def exact(mean: Floats, steps: int) -> float:
    """Dynamic programming over whole steps of the grid: the optimum of the linear pieces when the total is a step."""
    best = np.r_[0.0, np.full(steps, -np.inf)]
    for row in mean:
        best = np.array([(best[max(s + 1 - len(row), 0) : s + 1][::-1] + row[: s + 1]).max() for s in range(steps + 1)])
    return float(best[-1])


def local(mean: Floats, grid: Floats, total: float, starts: int) -> tuple[list[float], list[bool]]:
    """SLSQP on the same curves from the equal split and random starts: values where it says it succeeded, and all."""
    rng, channels = np.random.default_rng(1), len(mean)
    slopes = np.diff(mean, axis=1) / np.diff(grid)

    def loss(x: Floats) -> float:
        return -sum(float(np.interp(amount, grid, row)) for amount, row in zip(x, mean, strict=True))

    def gradient(x: Floats) -> Floats:
        at = np.clip(np.searchsorted(grid, x) - 1, 0, len(grid) - 2)
        return -slopes[np.arange(channels), at]

    values, successes = [], []
    for start in range(starts):
        begin = np.full(channels, total / channels) if start == 0 else rng.dirichlet(np.ones(channels)) * total
        found = minimize(
            loss,
            np.clip(begin, 0, grid[-1]),
            jac=gradient,
            method="SLSQP",
            bounds=[(0, grid[-1])] * channels,
            constraints={"type": "eq", "fun": lambda x: x.sum() - total, "jac": lambda x: np.ones(len(x))},
            options={"maxiter": 500},
        )
        values.append(-found.fun if abs(found.x.sum() - total) < 1e-6 * total else -np.inf)
        successes.append(bool(found.success))
    return values, successes


def six() -> None:
    """Six problems: where each method ends, from the equal split and as the best of ten starts."""
    print("\nsix S-shaped problems, 200 draws; short of the optimum (dynamic programming), and seconds")
    print(f"{'channels':>8s}{'slope':>7s}{'ours':>10s}{'gap':>9s}{'s':>7s}{'SLSQP, equal split':>20s}{'says':>9s}"
          f"{'SLSQP, median start':>21s}{'best of 10':>12s}{'s':>7s}")  # fmt: skip
    for channels, slope, seed in SIX:
        response, grid = problem(channels, slope, seed, 200)
        mean, total = response.mean(axis=0), float(round(TOTAL * channels * 100))
        best = exact(mean, round(total / (grid[1] - grid[0])))
        began = time.perf_counter()
        plan = budget.best_plan(response, grid, total)
        ours = time.perf_counter() - began
        began = time.perf_counter()
        values, said = local(mean, grid, total, 10)
        theirs = time.perf_counter() - began
        short = [1 - value / best if np.isfinite(value) else np.nan for value in values]
        print(
            f"{channels:8d}{slope:7.0f}{1 - plan.value / best:10.2%}{plan.gap:9.1e}{ours:7.2f}{short[0]:20.1%}"
            f"{'success' if said[0] else 'failed':>9s}{np.nanmedian(short):21.1%}{np.nanmin(short):12.1%}{theirs:7.2f}",
            flush=True,
        )


def fifty() -> None:
    """Random problems of 6 and 20 channels at 500 draws against dynamic programming."""
    for channels in (6, 20):
        short, gaps, seconds = [], [], []
        for seed in range(50):
            response, grid = problem(channels, 4.0, 1000 + seed, 500)
            total = float(round(TOTAL * channels * 100))
            best = exact(response.mean(axis=0), round(total))
            began = time.perf_counter()
            plan = budget.best_plan(response, grid, total)
            seconds.append(time.perf_counter() - began)
            short.append(1 - plan.value / best)
            gaps.append(plan.gap)
        missed = sum(part > 1e-6 for part in short)
        print(
            f"50 problems of {channels} channels, slope 4, 500 draws: {missed} missed, worst {max(short):.1e}, "
            f"largest gap {max(gaps):.1e}, seconds median {np.median(seconds):.2f}, most {max(seconds):.2f}",
            flush=True,
        )


def cautious() -> None:
    """CVaR and quantile over the joint draws."""
    for draws, channels, slope, objective in (
        (1000, 8, 1.0, "cvar"),
        (1000, 8, 4.0, "cvar"),
        (500, 6, 4.0, "cvar"),
        (60, 4, 1.0, "quantile"),
        (60, 4, 4.0, "quantile"),
        (1000, 6, 1.0, "quantile"),
        (1000, 6, 2.0, "quantile"),
        (1000, 6, 4.0, "quantile"),
    ):
        response, grid = problem(channels, slope, 5, draws, 100)
        began = time.perf_counter()
        plan = budget.best_plan(response, grid, 25.0 * channels, Rules.model_validate({"objective": objective}))
        print(
            f"{objective} of {draws} draws x {channels} channels x 100 points, slope {slope:.0f}: "
            f"gap {plan.gap:.1e}, {time.perf_counter() - began:.2f} s",
            flush=True,
        )


def weeks() -> None:
    """Channel by week."""
    for channels, length, slope, spread in (
        (6, 13, 1.0, 0.0),
        (6, 52, 1.0, 0.0),
        (6, 52, 1.0, 0.08),
        (6, 13, 3.0, 0.0),
    ):
        response, grid = problem(channels, slope, 6, 300)
        rng = np.random.default_rng(3)
        kept = np.clip(rng.uniform(0.2, 0.6, channels) + spread * rng.standard_normal((300, channels)), 0.05, 0.9)
        began = time.perf_counter()
        plan = budget.schedule(
            response,
            grid,
            kept if spread else kept[0],
            25.0 * channels * length,
            [str(week) for week in range(length)],
            FlightRules(),
            past=rng.uniform(10, 40, (channels, 10)),
        )
        print(
            f"{channels} channels x {length} weeks, slope {slope:.0f}, retention {'by draw' if spread else 'known'}: "
            f"gap {plan.gap:.1e}, {time.perf_counter() - began:.2f} s",
            flush=True,
        )


PARTS: dict[str, Callable[[], None]] = {"six": six, "fifty": fifty, "cautious": cautious, "weeks": weeks}

if __name__ == "__main__":
    for part in sys.argv[1:] or list(PARTS):
        PARTS[part]()
