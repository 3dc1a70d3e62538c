"""Looking at a test every day: false winners stated and simulated, and a replay of real tests.

python benchmarks/effects/peeking.py [null tests] [null | replay ...]
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from reachbook.effects.experiment.lift_prior import LiftPrior
from reachbook.effects.experiment.means import Means, conversions, streams
from reachbook.effects.experiment.posterior import joined
from reachbook.effects.experiment.sequential import NAIVE, Peeking, sequence, simulate

DATA = Path(__file__).parents[3] / "shared" / "data" / "campaign" / "asos_sequential.csv"
PRIOR = LiftPrior(0.4)
LOOKS = 28
WORTH = 0.94
"""Looks whose normal approximation is less sure than this cannot reach 0.975 and are passed over."""


def null(number: int) -> None:
    """Tests of conversion without effect, every day's posterior from the data themselves."""
    print(f"\n{LOOKS} daily looks at {number} tests without effect; rule: stop where the sign's probability reaches it")
    print(f"{'cell':34s}{'rule':>8s}{'stated':>9s}{'simulated':>11s}{'+-':>7s}{'naive, stated':>15s}{'simulated':>11s}")
    for rate, daily in ((0.05, 500), (0.1, 1000)):
        error = float(np.sqrt(2 * (1 - rate) / (rate * daily * LOOKS)))
        rule = simulate(LOOKS, error, PRIOR)
        called, naive = np.zeros(number, bool), np.zeros(number, bool)
        for r in range(number):
            surest = _surest(np.random.default_rng([r, 23]), rate, daily)
            called[r], naive[r] = surest >= rule.threshold, surest >= NAIVE
        spread = np.sqrt(called.mean() * (1 - called.mean()) / number)
        print(
            f"{f'{rate:.0%}, {daily:,} units an arm and day':34s}{rule.threshold:8.4f}{rule.false_winner:9.3f}"
            f"{called.mean():11.3f}{spread:7.3f}{rule.naive:15.3f}{naive.mean():11.3f}",
            flush=True,
        )


def _surest(rng: np.random.Generator, rate: float, daily: int) -> float:
    """The highest probability of either sign over all looks, by the full posterior wherever it may matter."""
    totals = rng.binomial(daily, rate, (2, LOOKS)).cumsum(axis=1)
    found = 0.0
    for day in range(LOOKS):
        units, seen = daily * (day + 1), np.maximum(totals[:, day], 0.5)
        rough = float(PRIOR.above(0.0, np.log(seen[1] / seen[0]), float(np.sqrt((1 / seen - 1 / units).sum()))))
        if max(rough, 1 - rough) < WORTH:
            continue
        arms = [np.r_[np.zeros(units - total), np.ones(total)] for total in totals[:, day]]
        means: Means = joined(conversions(arms, streams(day, 2)), PRIOR, np.random.default_rng([day, 91]))
        above = float((means.mean[1] > means.mean[0]).mean())
        found = max(found, above, 1 - above)
    return found


def replay(_: int) -> None:
    """The sequential snapshots of 78 real tests (ASOS): who would have been called a winner, and did it last."""
    if not DATA.exists():
        print("\nreplay: the data folder ../shared/data is not here, so it is left out.")
        return
    table = pd.read_csv(DATA).dropna()
    table = table[(table.mean_c > 0) & (table.mean_t > 0)].sort_values("time_since_start")
    started, rows = time.perf_counter(), []
    for _, series in table.groupby(["experiment_id", "variant_id", "metric_id"]):
        rows.append(_replayed(series))
    found = pd.DataFrame(rows)
    print(f"\nASOS: {len(found)} series of tests replayed in {time.perf_counter() - started:.1f} s")
    print(f"{'':40s}{'ever called':>12s}{'sure at end':>12s}{'called, end not sure':>22s}{'called, other sign':>20s}")
    for name in ("z of 1.96", "default rule", "always valid"):
        called, last = found[f"{name} called"] != 0, found["z of 1.96 end"] != 0
        turned = called & (found[f"{name} called"] != found["end sign"])
        print(
            f"{name:40s}{called.mean():12.1%}{(found[f'{name} end'] != 0).mean():12.1%}"
            f"{(called & ~last).sum() / max(called.sum(), 1):22.1%}{turned.sum() / max(called.sum(), 1):20.1%}"
        )


def _replayed(series: pd.DataFrame) -> dict[str, float]:
    """First sign called (0: none), and the sign at the end, by rule."""
    lift = np.log(series.mean_t / series.mean_c).to_numpy()
    error = np.sqrt(
        series.variance_t / series.count_t / series.mean_t**2 + series.variance_c / series.count_c / series.mean_c**2
    ).to_numpy()
    score = lift / error
    sure = np.array([float(PRIOR.above(0.0, np.array([x]), float(e))[0]) for x, e in zip(lift, error, strict=True)])
    rule: Peeking = simulate(len(series), float(error[-1]), PRIOR, paths=4000)
    limits = [sequence(x, e, PRIOR.scale) for x, e in zip(lift, error, strict=True)]
    signs = {
        "z of 1.96": np.sign(score) * (np.abs(score) > 1.96),
        "default rule": (sure >= rule.threshold) * 1.0 - (sure <= 1 - rule.threshold),
        "always valid": np.array([(low > 0) * 1.0 - (high < 0) for low, high in limits]),
    }
    found = {"end sign": float(np.sign(lift[-1]))}
    for name, each in signs.items():
        hit = np.flatnonzero(each)
        found[f"{name} called"] = float(each[hit[0]]) if len(hit) else 0.0
        found[f"{name} end"] = float(each[-1])
    return found


PARTS = {"null": null, "replay": replay}

if __name__ == "__main__":
    given = sys.argv[1:]
    for part in given[1:] or PARTS:
        PARTS[part](int(given[0]) if given else 1000)
