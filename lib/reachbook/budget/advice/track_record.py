"""What plans brought of what they promised, on simulated brands whose true curves are known.

`benchmarks/budget/decisions.py` fits and plans for each brand and writes `data/decisions.csv`; the page prints what is
in it. Nobody can know this of a real brand: there, nobody spends by the plan and by the old budget at once.
"""

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.presentation.numbers import number

LEVEL = 0.9
"""Probability that the recorded intervals were to hold."""
TRUSTED = (0.8, 1.25)
"""Median of gain by promise within which plans count as keeping it."""
UNLIKELY = 0.05
"""Chance of so many losing plans, were their stated probabilities right, below which they count as too many."""
WORLDS = {"demo": "the demo's channels", "drawn": "channels drawn anew"}
"""Whose curves the simulated brands have; spend and chance differ between all of them."""


@dataclass(frozen=True)
class TrackRecord:
    """Plans against known truth, one row a brand and set of rules.

    frame : world (see WORLDS), seed, rules, passed (whether the gates allowed a plan), promised, low, high (gain a
        week: mean and interval of LEVEL), probability (of a gain), naive (promised by the draws that chose it),
        realised (by the true curves), oracle (the most that could be gained), moved (money a week)
    """

    frame: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """One row a world and set of rules, of plans that the gates allowed.

        plans, kept (median of realised by promised), inside (part of intervals that hold what came), worse (part worse
        than going on), stated (chance of that, mean), chance (of as many worse or more, were each plan's stated
        probability right), oracle (what was gained of all that could be).
        """
        allowed = self.frame.loc[self.frame["passed"]]
        each = allowed.groupby(["world", "rules"], sort=False)
        return pd.DataFrame([{"world": key[0], "rules": key[1]} | _row(rows) for key, rows in each])

    @property
    def held(self) -> bool:
        """Whether plans kept their promise at the median, and no more were worse than going on than was stated."""
        told = self.table()
        return bool((told["kept"].between(*TRUSTED) & (told["chance"] >= UNLIKELY)).all())

    def brief(self) -> str:
        """One sentence for the gate: what such plans have been worth."""
        told = self.table()
        kept, worse, stated = (_ends(told[name]) for name in ("kept", "worse", "stated"))
        return (
            f"{told['plans'].sum()} plans for simulated brands, whose truth is known, brought {kept} of the "
            f"gain that they promised (medians, by kind of brand and rules); {worse} were worse than going on, where "
            f"{stated} was stated."
        )

    def describe(self) -> str:
        """What such plans' promises have been worth, by the rows of the table."""
        return f"{self.brief()} Of their {LEVEL:.0%} intervals {_ends(self.table()['inside'])} held what came."


def record() -> TrackRecord:
    """What the benchmark has written."""
    with files("reachbook.budget.advice").joinpath("data", "decisions.csv").open(encoding="utf-8") as file:
        return TrackRecord(pd.read_csv(file))


def _row(rows: pd.DataFrame) -> dict[str, object]:
    return {
        "plans": len(rows), "kept": float((rows["realised"] / rows["promised"]).median()),
        "inside": float(((rows["low"] <= rows["realised"]) & (rows["realised"] <= rows["high"])).mean()),
        "worse": float((rows["realised"] < 0).mean()), "stated": float(1 - rows["probability"].mean()),
        "chance": _chance(int((rows["realised"] < 0).sum()), 1 - rows["probability"].to_numpy()),
        "oracle": float(rows["realised"].sum() / rows["oracle"].sum()),
    }  # fmt: skip


def _ends(ratios: pd.Series) -> str:
    """From the least to the largest, in words."""
    return " to ".join(dict.fromkeys(number(float(end), "ratio") for end in (ratios.min(), ratios.max())))


def _chance(count: int, losses: npt.NDArray[np.float64]) -> float:
    """Chance that `count` or more of independent plans lose, each with its own probability (Poisson binomial)."""
    whole = np.ones(1)
    for each in losses:
        whole = np.convolve(whole, [1 - each, each])
    return float(whole[count:].sum())
