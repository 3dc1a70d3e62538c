"""Hold-outs read back by segment: is the planted uplift of each segment inside its 95 % interval?

python benchmarks/activation/readback.py [simulations a pattern]

Each simulation lists 12,000 people in four segments of 40, 30, 20 and 10 %, holds out a fifth by the hash that
`make activate` uses, and draws orders (Poisson, gamma-mixed) and money (orders x lognormal baskets) with planted
uplifts: none, the same in all, mixed, or one outlier. The first number is the coverage over segments and simulations;
then that of the worst segment, the mean width, how often the gate segment_mix fails, and seconds an estimate.
"""

import sys
import time

import numpy as np
import pandas as pd

from reachbook.activation.holdout import HOLDOUT, TREATED, held_out
from reachbook.effects import EffectSpec, estimate
from reachbook.stats.intervals import equal_tailed

PEOPLE, SHARE = 12_000, 0.2
SEGMENTS = np.array(["1", "2", "3", "4"])
SIZES = (0.4, 0.3, 0.2, 0.1)
BASE = np.array([0.3, 0.6, 1.0, 2.0])
UPLIFTS = {
    "none": (0.0, 0.0, 0.0, 0.0),
    "same": (0.1, 0.1, 0.1, 0.1),
    "mixed": (0.0, 0.1, 0.2, 0.05),
    "outlier": (0.05, 0.05, 0.05, 0.4),
}


def world(seed: int, uplift: np.ndarray) -> pd.DataFrame:
    """One row a listed person, as `make outcomes` writes it."""
    rng = np.random.default_rng([seed, 23])
    segment = rng.choice(4, PEOPLE, p=SIZES)
    ids = [f"{seed:08x}{number:024x}" for number in range(PEOPLE)]
    held = held_out(ids, SHARE, f"{seed}:version")
    rate = BASE[segment] * np.where(held, 1.0, 1 + uplift[segment]) * rng.gamma(2.0, 0.5, PEOPLE)
    orders = rng.poisson(rate)
    baskets = rng.lognormal(4.0, 0.6, int(orders.sum()))
    money = np.bincount(np.repeat(np.arange(PEOPLE), orders), baskets, PEOPLE)
    arm = np.where(held, HOLDOUT, TREATED)
    return pd.DataFrame(
        {"unit_id": ids, "arm": arm, "segment": SEGMENTS[segment], "orders": orders, "money": money.round(2)}
    )


def cell(name: str, outcome: str, number: int) -> None:
    """One line: coverage over all segments, of the worst, width, and failures of the gate."""
    uplift, spec = np.array(UPLIFTS[name]), EffectSpec(outcome=outcome, ratios={HOLDOUT: SHARE, TREATED: 1 - SHARE})
    inside, width, refused, seconds = np.zeros(4), 0.0, 0, 0.0
    for seed in range(number):
        table = world(seed, uplift).drop(columns="money" if outcome == "orders" else "orders")
        started = time.perf_counter()
        effect = estimate(table, spec, seed=seed)
        seconds += time.perf_counter() - started
        for each in effect.detail.segments:
            low, _, high = equal_tailed(each.relative, spec.level)
            inside[int(each.segment) - 1] += low <= uplift[int(each.segment) - 1] <= high
            width += (high - low) / 4
        refused += any(gate.id == "segment_mix" and not gate.passed for gate in effect.gates)
    rates = inside / number
    print(
        f"{outcome:8s}{name:10s}{rates.mean():7.3f}  worst {rates.min():.3f}  width {width / number:.3f}  "
        f"segment_mix {refused / number:.3f}  {seconds / number:.2f} s",
        flush=True,
    )


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for outcome in ("orders", "money"):
        for name in UPLIFTS:
            cell(name, outcome, number)
