"""Series: what the prior on a wandering level costs where it stands still, and what it buys where it wanders.

python benchmarks/effects/drift_prior.py [simulations a cell] [first seed]

Without checks and replays. Coverage is not counted but computed: given the days before, the campaign's average is
normal, with a mean and a deviation that the simulator knows, so that a hundred runs tell it to half a point.
"""

import sys
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student
from simulators_time import WEEKDAY, SeriesCell, ar, draw_series, series_oracle

from reachbook.effects.counterfactual.regression import fit
from reachbook.effects.series import estimate as series
from reachbook.effects.series.model import DRIFT, DRIFT_ODDS, SLOPE_ODDS, line
from reachbook.effects.spec import EffectSpec

CELLS = [
    SeriesCell(0.5, days=120, noise=0.005),
    SeriesCell(0.8, days=120),
    SeriesCell(0.5),
    SeriesCell(0.95),
    SeriesCell(0.5, walk=0.003),
    SeriesCell(0.5, walk=0.006),
    SeriesCell(0.5, days=330, after=35, noise=0.03, walk=0.002),
]
STILL = (DRIFT_ODDS[0], 8.0, 12.0, 20.0)
"""Prior odds of a level that stands still, against one for each of the two scales of drift."""
WEIGHTS = (0.6, 0.4, 0.3, 0.2)


@dataclass(frozen=True)
class Run:
    """One simulated series.

    Attributes
    ----------
    weight, centre, deviation, drift : float array (g,)
        Posterior on its grid under equal odds of all scales of drift: probability, mean and deviation of the campaign's
        average, scale.
    df : int
        Degrees of freedom.
    truth : tuple of (float, float)
        Mean and deviation of the campaign's average given the days before.
    oracle : float
        Deviation that is left to the oracle.
    """

    weight: np.ndarray
    centre: np.ndarray
    deviation: np.ndarray
    drift: np.ndarray
    df: int
    truth: tuple[float, float]
    oracle: float

    def interval(self, still: float) -> tuple[float, float]:
        """95 % interval where the odds of a standing level are `still`, by bisection."""
        weight = self.weight * np.where(self.drift == DRIFT[0], still, 1.0)
        here = weight > 1e-5 * weight.max()
        weight, centre, deviation = weight[here] / weight[here].sum(), self.centre[here], self.deviation[here]
        tails, reach = np.array([0.025, 0.975]), 12 * deviation
        low, high = np.full(2, (centre - reach).min()), np.full(2, (centre + reach).max())
        for _ in range(34):
            middle = (low + high) / 2
            below = weight @ student.cdf((middle - centre[:, None]) / deviation[:, None], self.df) < tails
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return float(low[0]), float(high[1])


def run(cell: SeriesCell, seed: int) -> Run | None:
    """One run; None where the raw scale was the likelier, on which the simulator's average is not normal."""
    frame, _, _ = draw_series(cell, seed)
    panel = series.checked(frame, EffectSpec(design="series"))
    model = line(panel, "china")
    if not model.logs:
        return None
    before, during = panel.before[0], panel.during[0]
    blocks = [replace(each, odds=()) if each.name == "drift" else each for each in model.blocks(before)]
    found = fit(model.outcome, model.time, blocks, before)
    shares = np.full(len(during), 1 / len(during))
    mean, loadings, residual = found.moments(during)
    lever, own = np.einsum("ghp,h->gp", loadings, shares), np.einsum("gij,i->gj", residual, shares)
    variance = found.noise * (np.einsum("gp,gpq,gq->g", lever, found.spread, lever) + (own**2).sum(axis=1))
    scale = found.scales[:, [each.name for each in blocks if each.scales].index("drift")]
    truth = known(cell, frame, model.outcome, before, during)
    return Run(found.weight, mean @ shares, np.sqrt(variance), scale, found.df, truth, series_oracle(cell, seed))


def known(
    cell: SeriesCell, frame: pd.DataFrame, logs: np.ndarray, before: np.ndarray, during: np.ndarray
) -> tuple[float, float]:
    """Mean and deviation of the campaign's average for who knows all but the future."""
    time = np.arange(cell.days)
    weight = (*WEIGHTS[: cell.controls - 1], 0.0)
    mean = np.log(60_000) + WEEKDAY[time % 7]
    mean = mean + sum(w * np.log(frame[f"control_{k}"].to_numpy() / 100) for k, w in enumerate(weight))
    cov = ar(cell.rho, cell.noise, cell.days) + cell.walk**2 * np.minimum.outer(time + 1, time + 1)
    cross = cov[np.ix_(before, during)].mean(axis=1)
    use = np.linalg.solve(cov[np.ix_(before, before)], cross)
    rest = float(cov[np.ix_(during, during)].mean() - cross @ use)
    return float(mean[during].mean() + use @ (logs - mean)[before]), float(np.sqrt(rest))


def main(simulations: int, first: int) -> None:
    """One line a cell and prior: exact coverage, its standard error, and the mean width over the oracle's."""
    print(f"Odds of the slope {SLOPE_ODDS}; of a standing level against each scale of drift, {DRIFT[1:]}:")
    print(f"{'cell':60s}{'odds':>6s}{'inside':>8s}{'error':>8s}{'width/oracle':>14s}")
    for cell in CELLS:
        runs = [each for seed in range(first, first + simulations) if (each := run(cell, seed)) is not None]
        for still in STILL:
            ends = np.array([each.interval(still) for each in runs])
            truth, oracle = np.array([each.truth for each in runs]), np.array([each.oracle for each in runs])
            inside = np.diff(norm.cdf((ends - truth[:, :1]) / truth[:, 1:]), axis=1)[:, 0]
            width = (ends[:, 1] - ends[:, 0]).mean() / (2 * 1.96 * oracle.mean())
            error = inside.std() / np.sqrt(len(inside))
            print(f"{cell.name:60s}{still:6g}{inside.mean():8.3f}{error:8.3f}{width:14.2f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 120, int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
