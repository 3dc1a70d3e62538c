"""What not knowing the noise costs in width: a right model that learns variance and memory, beside the oracle.

python benchmarks/effects/attainable.py [simulations a cell] [first seed]

Both know that the level stands still, that no trend and no drift exist, and which controls count; both learn level,
weekdays and the weights of the controls. The oracle is told the noise's deviation and memory.
"""

import sys

import numpy as np
from simulators_time import ar, path

from reachbook.effects.counterfactual.missing_cells import weekdays
from reachbook.effects.counterfactual.regression import Block, fit

CELLS = [(45, 14, rho, 0) for rho in (0.3, 0.5, 0.8)] + [(75, 21, 0.5, 0), (120, 30, 0.5, 2), (120, 30, 0.8, 2)]
"""Days, days after the start, memory, controls with a weight; no control stands for panels of known loadings."""
DRAWS = 4_000


def widths(days: int, after: int, rho: float, controls: int, seed: int) -> tuple[float, float, bool]:
    """Width of the 95 % interval without and with knowledge of the noise; whether the former holds the average."""
    rng = np.random.default_rng([seed, days, int(100 * rho), controls])
    time, start = np.arange(days), days - after
    before, during = time[:start], time[start:]
    hidden = np.stack([np.ones(days), *(path(rng, 0.85, 2.0, days) for _ in range(controls))])
    values = path(rng, rho, 1.0, days)
    matrix = np.column_stack([hidden.T, weekdays(time, before)])
    empty = Block("empty", np.zeros((days, 1)), (1.0,))  # the grid asks for one block with a prior
    found = fit(values, time, [Block("all", matrix), empty], before)
    normal, chi = rng.standard_normal((DRAWS, after)), rng.chisquare(found.df, DRAWS)
    low, high = np.quantile(found.paths(during, normal, rng.random(DRAWS), chi).mean(axis=1), [0.025, 0.975])
    cov, shares = ar(rho, 1.0, days), np.full(after, 1 / after)
    inner = np.linalg.solve(cov[:start, :start], np.column_stack([matrix[:start], cov[:start, start:] @ shares]))
    lever = shares @ (matrix[start:] - cov[start:, :start] @ inner[:, :-1])
    rest = shares @ cov[start:, start:] @ shares - (cov[:start, start:] @ shares) @ inner[:, -1]
    rest += lever @ np.linalg.solve(matrix[:start].T @ inner[:, :-1], lever)
    return float(high - low), float(2 * 1.96 * np.sqrt(rest)), bool(low <= values[start:].mean() <= high)


def main(simulations: int, first: int) -> None:
    """One line a cell: share inside, and the mean width over the oracle's."""
    print(f"{'cell':52s}{'inside':>8s}{'width/oracle':>14s}")
    for cell in CELLS:
        told = np.array([widths(*cell, seed) for seed in range(first, first + simulations)])
        days, after, rho, controls = cell
        name = f"{days} days ({after} after), AR {rho:g}, {controls} controls"
        print(f"{name:52s}{told[:, 2].mean():8.3f}{told[:, 0].mean() / told[:, 1].mean():14.2f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000, int(sys.argv[2]) if len(sys.argv) > 2 else 30_000)
