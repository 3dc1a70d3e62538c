"""Decisions against known truth: what plans made from fitted curves promise, and what they bring under the true ones.

python benchmarks/budget/decisions.py [seeds] [first seed]

Each seed is a simulated brand: three years of weeks are fitted, the gates asked, and the mean spend of the last quarter
is moved between channels within what was observed. The plan is then judged by the curves that the data came from.
"""

import sys
import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from mix import simulated

from reachbook.budget import gain, mix
from reachbook.budget.curves import Curves
from reachbook.budget.gain import Gain
from reachbook.budget.mix import Mix
from reachbook.budget.mix_spec import MixSpec
from reachbook.budget.optimizer import optimize
from reachbook.budget.rules import Rules
from reachbook.budget.seen import planning
from reachbook.demo import media

FIRST = 10_000
RULES = {
    "within the observed range": Rules(),
    "at most 30 % a channel": Rules(change=0.3),
}
_POINTS = 401
_BY_NAME = {channel.name: channel for channel in media.CHANNELS}


@dataclass(frozen=True)
class Decision:
    """One plan: sales a week that it was to gain (mean, median, 90 % interval, chance of more than 0) and did gain.

    naive : promised by the draws that chose it. oracle : most that could be gained under the same rules.
    """

    seed: int
    rules: str
    passed: bool
    mean: float
    median: float
    low: float
    high: float
    probability: float
    naive: float
    realised: float
    oracle: float
    moved: float


def true(fitted: Curves) -> Curves:
    """The true curves of a constant spend, on the same range, as one draw."""
    grid = np.linspace(0, fitted.grid[:, -1], _POINTS, axis=1)
    response = np.stack([_BY_NAME[name].response(grid[c]) for c, name in enumerate(fitted.channels)])
    return replace(fitted, response=response[None], grid=grid)


def decide(seed: int, found: Mix) -> list[Decision]:
    """The plans of one brand under each set of rules."""
    fitted = planning(found)
    truth, total = true(fitted), float(found.current.sum())
    made = []
    for name, rules in RULES.items():
        told = gain.evaluate(fitted, total, rules, oracles=2)
        best = optimize(truth, total, rules)
        made.append(_decision(seed, name, found.passed, told, truth, float(best.value)))
    return made


def _decision(seed: int, rules: str, passed: bool, told: Gain, truth: Curves, best: float) -> Decision:
    now = float(truth.outcome(truth.current).sum()) if truth.current is not None else np.nan
    low, high = np.quantile(told.gain, [0.05, 0.95])
    moved = float(np.abs(told.plan.spend - truth.current).sum() / 2)
    realised = float(truth.outcome(told.plan.spend).sum()) - now
    return Decision(
        seed, rules, passed, float(told.gain.mean()), float(np.median(told.gain)), float(low), float(high),
        told.probability, float(told.naive.mean()), realised, best - now, moved,
    )  # fmt: skip


def summary(table: pd.DataFrame) -> None:
    """Print what was promised and what came, by rules, for plans that the gates allowed and those they blocked."""
    for (rules, passed), rows in table.groupby(["rules", "passed"], sort=False):
        ratio = rows["realised"] / rows["mean"]
        print(f"\n{rules}: {len(rows)} plans, {'allowed' if passed else 'blocked by a gate'}")
        print(f"  realised / predicted gain: median {ratio.median():.2f}, quartiles {ratio.quantile(0.25):.2f} to "
              f"{ratio.quantile(0.75):.2f}; of all plans together {rows['realised'].sum() / rows['mean'].sum():.2f}, "
              f"by the naive figure {rows['realised'].sum() / rows['naive'].sum():.2f}")  # fmt: skip
        inside = (rows["low"] <= rows["realised"]) & (rows["realised"] <= rows["high"])
        print(f"  90 % intervals of the gain that hold what came: {inside.mean():.2f}")
        print(f"  worse than current: {(rows['realised'] < 0).mean():.3f}, stated {1 - rows['probability'].mean():.3f}")
        print(f"  gain a week: predicted {rows['mean'].mean():,.0f}, realised {rows['realised'].mean():,.0f}, oracle "
              f"{rows['oracle'].mean():,.0f}; part of the oracle's: {rows['realised'].sum() / rows['oracle'].sum():.2f}"
              f"; regret median {(rows['oracle'] - rows['realised']).median():,.0f}")  # fmt: skip


def run(seeds: int, first: int) -> pd.DataFrame:
    """Fit, decide and print one line a plan."""
    made: list[Decision] = []
    for seed in range(first, first + seeds):
        start = time.perf_counter()
        spend, value = simulated(seed)[:2]
        found = mix.fit(spend, value, MixSpec(), seed)
        decisions = decide(seed, found)
        made += decisions
        failed = " ".join(gate.id for gate in found.gates if not gate.passed)
        for each in decisions:
            print(f"{seed} {time.perf_counter() - start:5.1f} s {'passed' if each.passed else 'blocked'} [{failed}] "
                  f"{each.rules}: predicted {each.mean:,.0f} ({each.low:,.0f} to {each.high:,.0f}), realised "
                  f"{each.realised:,.0f}, oracle {each.oracle:,.0f}, P {each.probability:.2f}", flush=True)  # fmt: skip
    return pd.DataFrame(made)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    summary(run(given[0] if given else 50, given[1] if len(given) > 1 else FIRST))
