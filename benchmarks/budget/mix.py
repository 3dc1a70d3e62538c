"""The media mix against known truth: contributions, intervals, gates and run time.

python benchmarks/budget/mix.py simulator [seeds] [first seed] [world, see brands.py] [adstock] | national
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from brands import brand

from reachbook.budget.model import mix
from reachbook.budget.model.spec import MixSpec

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "budget"


def national() -> tuple[pd.DataFrame, pd.DataFrame, pd.Series] | None:
    """Media, outcome and true ROAS of the case with 7 channels and 13 controls; None where it is absent."""
    path = SHARED / "national_known_truth.csv"
    if not path.exists():
        print(f"no {path.name} beside the project: nothing to compare with")
        return None
    told = json.loads(path.with_suffix(".json").read_text())
    wide = pd.read_csv(path).pivot(index="Period", columns="VariableName", values="VariableValue")
    wide = wide.rename_axis("week").reset_index()
    spend = wide.melt("week", told["channels"], "channel", "spend")
    outcome = wide.drop(columns=told["channels"]).rename(columns={"Sales": "value"})
    return spend, outcome, pd.Series(told["true_roas"])


def shown(found: mix.Mix, truth: pd.Series, name: str = "roi") -> np.ndarray:
    """Print each channel's interval beside the truth; whether it covers."""
    table = found.table().set_index("channel")
    table["truth"] = truth
    covers = (table[f"{name}_low"] <= table["truth"]) & (table["truth"] <= table[f"{name}_high"])
    print(table[["spend", f"{name}_low", name, f"{name}_high", "truth", "dominance", "inflation"]].round(3).to_string())
    return covers.to_numpy()


def failures(found: mix.Mix) -> None:
    """Print the gates that do not hold."""
    for gate in found.gates:
        if not gate.passed:
            print(f"  {gate.level} {gate.id}: {gate.detail}")


def run_simulator(seeds: int, first: int, world: str, adstock: str) -> None:
    """ROI and mROI coverage over channels and seeds at the level of the intervals.

    Seeds below 1,000 are for development; nothing was chosen on those from 10,000 on.
    """
    roi, mroi, total, passed = [], [], [], 0
    for seed in range(first, first + seeds):
        known = brand(seed, world)
        start = time.perf_counter()
        found = mix.fit(known.spend, known.outcome, MixSpec.model_validate({"adstock": adstock}), seed)
        took = time.perf_counter() - start
        print(f"seed {seed}: {took:.1f} s, passed {found.passed}, {found.convergence.describe()}")
        failures(found)
        roi.append(shown(found, known.roi))
        mroi.append(shown(found, known.mroi, "mroi"))
        spent = found.spend.sum(axis=1)
        low, high = np.quantile(found.roi @ spent, [0.05, 0.95])
        total.append(low <= float((known.roi[list(found.channels)] * spent).sum()) <= high)
        passed += found.passed
    print(
        f"{seeds} seeds, intervals of 90 %: cover ROI {np.mean(roi):.3f}, mROI {np.mean(mroi):.3f}, all media "
        f"{np.mean(total):.3f}; advice allowed {passed} times"
    )


def run_national() -> None:
    """The known case, without what media itself moves."""
    case = national()
    if case is None:
        return
    start = time.perf_counter()
    found = mix.fit(case[0], case[1], MixSpec(leave_out=["brand_awareness"], calendar="none"), 1)
    print(f"{time.perf_counter() - start:.1f} s, passed {found.passed}, {found.convergence.describe()}")
    failures(found)
    print(f"ROI covered: {shown(found, case[2]).mean():.3f}; forecast error {found.holdout.error:.3f}")


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["national"]
    if wanted[0] == "simulator":
        seeds, first, world, adstock = [*wanted[1:], *("5", "10000", "demo", "geometric")[len(wanted) - 1 :]]
        run_simulator(int(seeds), int(first), world, adstock)
    else:
        run_national()
