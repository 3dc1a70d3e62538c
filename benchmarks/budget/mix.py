"""The media mix against known truth: contributions, intervals, gates and run time.

python benchmarks/budget/mix.py simulator [seeds] [first seed] | national
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from reachbook.budget import mix
from reachbook.budget.mix_spec import MixSpec
from reachbook.demo import columns, media

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "budget"
END = date(2026, 6, 30)


def simulated(seed: int, weeks: int = 156) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.Series]:
    """Media, outcome, true ROI and true mROI at the mean of the last 13 weeks, by channel."""
    drawn = media.media(weeks, columns.day_number(END), seed)
    truth = drawn.contribution.sum(axis=1) / drawn.spend.sum(axis=1)
    current = drawn.spend[:, -13:].mean(axis=1)
    names = [channel.name for channel in media.CHANNELS]
    marginal = [float(channel.marginal(at)) for channel, at in zip(media.CHANNELS, current, strict=True)]
    tables = media.table(drawn, seed).to_pandas(), media.outcome(drawn, seed)[0].to_pandas()
    return *tables, pd.Series(truth, names), pd.Series(marginal, names)


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


def run_simulator(seeds: int, first: int) -> None:
    """ROI and mROI coverage over channels and seeds at the level of the intervals.

    Seeds below 1,000 are for development; nothing was chosen on those from 10,000 on.
    """
    roi, mroi, total, passed = [], [], [], 0
    for seed in range(first, first + seeds):
        tables = simulated(seed)
        start = time.perf_counter()
        found = mix.fit(tables[0], tables[1], MixSpec(), seed)
        took = time.perf_counter() - start
        print(f"seed {seed}: {took:.1f} s, passed {found.passed}, {found.convergence.describe()}")
        failures(found)
        roi.append(shown(found, tables[2]))
        mroi.append(shown(found, tables[3], "mroi"))
        spent = found.spend.sum(axis=1)
        low, high = np.quantile(found.roi @ spent, [0.05, 0.95])
        total.append(low <= float((tables[2][list(found.channels)] * spent).sum()) <= high)
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
        run_simulator(int(wanted[1]) if len(wanted) > 1 else 5, int(wanted[2]) if len(wanted) > 2 else 10_000)
    else:
        run_national()
