"""Decisions against known truth: what plans made from fitted curves promise, and what they bring under the true ones.

python benchmarks/budget/decisions.py [seeds] [first seed] [demo | drawn | both] [file]

Each seed is a simulated brand: three years of weeks are fitted, the gates asked, and the mean spend of the last quarter
is moved between channels within what was observed. The plan is then judged by the curves that the data came from. With
a file, the decisions are written there; the report prints those in lib/reachbook/budget/data/decisions.csv. Seeds below
1,000 are for development; nothing is chosen on those from 10,000 on.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from brands import Brand, brand

from reachbook.budget.advice import gain
from reachbook.budget.advice.observed_curves import planning
from reachbook.budget.advice.track_record import LEVEL, WORLDS, TrackRecord
from reachbook.budget.model import mix
from reachbook.budget.model.mix import Mix
from reachbook.budget.model.spec import MixSpec
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.optimizer import optimize
from reachbook.budget.optimize.rules import Rules

type Decision = dict[str, Any]
"""One plan, with the columns of `record.Record`."""

RULES = {
    "observed range": Rules(),
    "at most 30% a channel": Rules(change=0.3),
}
_POINTS = 401


def true(fitted: Curves, known: Brand) -> Curves:
    """The true curves of a constant spend, on the same range, as one draw."""
    grid = np.linspace(0, fitted.grid[:, -1], _POINTS, axis=1)
    response = np.stack([known.channels[name].response(grid[c]) for c, name in enumerate(fitted.channels)])
    return replace(fitted, response=response[None], grid=grid)


def decide(known: Brand, found: Mix) -> Iterator[Decision]:
    """The plans of one brand under each set of rules."""
    fitted = planning(found)
    truth, total, ends = true(fitted, known), float(found.current.sum()), ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    now = float(truth.outcome(found.current).sum())
    for name, rules in RULES.items():
        told = gain.evaluate(fitted, total, rules, oracles=2)
        promised = gain.corrected(told.gain)
        low, high = np.quantile(promised, ends).tolist()
        yield {
            "rules": name, "passed": found.passed, "promised": float(promised.mean()), "low": low, "high": high,
            "probability": float((promised > 0).mean()), "naive": float(told.naive.mean()),
            "realised": float(truth.outcome(told.plan.spend).sum()) - now,
            "oracle": float(optimize(truth, total, rules).value) - now,
            "moved": float(np.abs(told.plan.spend - found.current).sum() / 2),
        }  # fmt: skip


def run(seeds: int, first: int, worlds: Sequence[str]) -> TrackRecord:
    """Fit, decide and print one line a plan."""
    made: list[Decision] = []
    for world in worlds:
        for seed in range(first, first + seeds):
            start, known = time.perf_counter(), brand(seed, world)
            found = mix.fit(known.spend, known.outcome, MixSpec(), seed)
            failed = " ".join(gate.id for gate in found.gates if not gate.passed)
            for each in decide(known, found):
                made.append({"world": world, "seed": seed} | each)
                print(f"{world} {seed} {time.perf_counter() - start:5.1f} s "
                      f"{'passed' if each['passed'] else 'blocked'} [{failed}] {each['rules']}: promised "
                      f"{each['promised']:,.0f} ({each['low']:,.0f} to {each['high']:,.0f}), realised "
                      f"{each['realised']:,.0f}, oracle {each['oracle']:,.0f}, P {each['probability']:.2f}",
                      flush=True)  # fmt: skip
    return TrackRecord(pd.DataFrame(made))


def summary(found: TrackRecord) -> None:
    """Print what was promised and what came, by world and rules; and the plans that a gate blocked."""
    print(found.table().round(3).to_string(index=False))
    for (world, rules), rows in found.frame.groupby(["world", "rules"], sort=False):
        blocked, means = rows.loc[~rows["passed"]], rows[["promised", "naive", "realised", "oracle"]].mean()
        print(f"{world}, {rules}: a week promised {means['promised']:,.0f}, by those who chose {means['naive']:,.0f}"
              f", realised {means['realised']:,.0f}, oracle {means['oracle']:,.0f}; regret median "
              f"{(rows['oracle'] - rows['realised']).median():,.0f}; {len(blocked)} blocked by a gate, of which "
              f"{int((blocked['realised'] < 0).sum())} worse than going on")  # fmt: skip


def main(seeds: str = "50", first: str = "10000", world: str = "both", file: str = "") -> None:
    """Run, print and, where asked, write."""
    found = run(int(seeds), int(first), tuple(WORLDS) if world == "both" else (world,))
    summary(found)
    if file:
        found.frame.round(4).to_csv(file, index=False, lineterminator="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
