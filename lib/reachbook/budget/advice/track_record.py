"""Promised and realised gains of plans for simulated brands whose true curves are known."""

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.translation import mark, sentences, tr

LEVEL = 0.9
"""Probability of the recorded intervals."""
TRUSTED = (0.8, 1.25)
"""Range of the median ratio of realised to promised gain within which promises count as kept."""
UNLIKELY = 0.05
"""Probability of this many losing plans, under their stated probabilities, below which they count as too many."""
WORLDS = {"demo": mark("the demo's channels"), "drawn": mark("channels drawn anew")}
"""Source of the simulated brands' curves; spend and noise differ between all of them."""


@dataclass(frozen=True)
class TrackRecord:
    """Plans against a known truth, written by `benchmarks/budget/decisions.py`.

    Attributes
    ----------
    frame : DataFrame
        One row a brand and set of rules: world (see `WORLDS`), seed, rules, passed (whether the gates allowed a plan),
        promised, low, high (gain a week: mean and interval of probability `LEVEL`), probability (of a gain), naive
        (promised by the draws that chose the plan), realised (by the true curves), oracle (largest possible gain),
        moved (money a week).

    Notes
    -----
    For a real brand this cannot be known: nobody spends by the plan and by the old budget at once.
    """

    frame: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """One row a world and set of rules, over plans that the gates allowed.

        Returns
        -------
        DataFrame
            Columns plans (count), kept (median of realised over promised gain), inside (share of intervals that
            contain the realised gain), worse (share of plans worse than current spend), stated (mean stated
            probability of that), chance (probability of as many or more losing plans if every stated probability were
            right), oracle (realised gain over the largest possible one).
        """
        allowed = self.frame.loc[self.frame["passed"]]
        each = allowed.groupby(["world", "rules"], sort=False)
        return pd.DataFrame([{"world": key[0], "rules": key[1]} | _row(rows) for key, rows in each])

    @property
    def reliable(self) -> bool:
        """Whether plans kept their promises at the median, with no more losing plans than stated."""
        told = self.table()
        return bool((told["kept"].between(*TRUSTED) & (told["chance"] >= UNLIKELY)).all())

    def brief(self) -> str:
        """Summary of the record in one sentence, for the gate."""
        told = self.table()
        kept, worse, stated = (_ends(told[name]) for name in ("kept", "worse", "stated"))
        return tr(
            "{n} plans made this way for simulated brands, whose truth is known, brought {kept} of what they promised "
            "(medians, by kind of brand and rules); {worse} did worse than going on, where {stated} was foretold.",
            n=int(told["plans"].sum()), kept=kept, worse=worse, stated=stated,
        )  # fmt: skip

    def describe(self) -> str:
        """Summary of the record, with the coverage of the intervals."""
        return sentences(self.brief(), self.coverage())

    def coverage(self) -> str:
        """How many of the intervals held what came, as text."""
        ends = _ends(self.table()["inside"])
        return tr("Of their {level:.0%} intervals {inside} held what came.", level=LEVEL, inside=ends)

    def reason(self, level: float) -> str:
        """Why a report's intervals have this level, namely that they were checked at it; else, that they were not."""
        if level != LEVEL:
            return tr("Ranges were checked at {checked:.0%} only, on plans for simulated brands.", checked=LEVEL)
        rows = self.table()
        return tr(
            "Why {level:.0%}: that is what was checked, on {n} plans for simulated brands of known truth; {inside} of "
            "ranges held.",
            level=LEVEL, n=int(rows["plans"].sum()), inside=_ends(rows["inside"]),
        )  # fmt: skip


def record() -> TrackRecord:
    """Record as shipped in `data/decisions.csv`."""
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
    """Smallest to largest ratio, as text."""
    low, high = (number(float(end), "ratio") for end in (ratios.min(), ratios.max()))
    return low if low == high else tr("{low} to {high}", low=low, high=high)


def _chance(count: int, losses: npt.NDArray[np.float64]) -> float:
    """Probability that `count` or more of independent plans lose, each with its own probability (Poisson binomial)."""
    whole = np.ones(1)
    for each in losses:
        whole = np.convolve(whole, [1 - each, each])
    return float(whole[count:].sum())
