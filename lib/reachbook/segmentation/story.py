"""Results of the segmentation in words: findings, gates, decision and tables."""

from dataclasses import dataclass

import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.result import Finding, Tone
from reachbook.segmentation.behaviour import Features
from reachbook.segmentation.names import named
from reachbook.segmentation.profile import implied, profile
from reachbook.segmentation.revenue import revenue_shares
from reachbook.segmentation.rfm import rfm, rfm_grid
from reachbook.segmentation.segments import Segmentation
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.choose_k import at, counts_words, no_valley
from reachbook.segmentation.structure.density_valleys import BRIDGE_LIMIT
from reachbook.segmentation.structure.sparse_test import Sparse
from reachbook.segmentation.truth import TruthAgreement, agreement
from reachbook.verdict import Gate

MISSING_HOURS_LIMIT = 0.1
"""Share of events without an hour above which it is a warning."""


@dataclass(frozen=True)
class AudienceResults:
    """The results behind the report; names, profile and shares are those of the candidate partition.

    Attributes
    ----------
    segmentation : Segmentation
        The segmentation.
    names : dict of int to str
        Name of each segment.
    profile : pandas.DataFrame
        Each segment compared with the rest, see `profile.profile`.
    shares : pandas.DataFrame
        Size and revenue share of each segment, see `revenue.revenue_shares`.
    truth : TruthAgreement or None
        Agreement with the simulated truth; None for real data.
    currency : str
        Three-letter code.
    """

    features: Features
    segmentation: Segmentation
    names: dict[int, str]
    profile: pd.DataFrame
    shares: pd.DataFrame
    truth: TruthAgreement | None
    currency: str

    @property
    def earning(self) -> bool:
        """Whether there is any revenue to share."""
        return self.features.revenue is not None and bool(self.features.revenue.sum() > 0)

    @property
    def best(self) -> pd.Series:
        """The segment with the largest share of revenue, or of people where there is no revenue."""
        column = "revenue_share" if self.earning else "people_share"
        return self.shares.sort_values([column, "segment"], ascending=[False, True]).iloc[0]

    def gates(self) -> list[Gate]:
        """Gates on size, stability, null reference, distinctness and counts, and a warning about missing hours."""
        found, spec = self.segmentation, self.segmentation.spec
        row = at(found.evidence, found.candidate)
        k = found.candidate
        return [
            Gate(
                "size",
                bool(row["size"]),
                f"Smallest of {k} segments holds "
                f"{_beside(row['smallest_share'], spec.smallest_share, bool(row['size']))} of people "
                f"(at least {spec.smallest_share:.1%}).",
            ),
            Gate(
                "stability",
                bool(row["stable"]),
                f"Least stable of {k} segments comes back with a Jaccard overlap of "
                f"{_beside(row['stability'], spec.stability_limit, bool(row['stable']))} "
                f"(at least {spec.stability_limit:.1%}).",
            ),
            Gate(
                "null",
                bool(row["null"]),
                f"Of {len(found.gains)} tables of people without segments {_as_tight(row, len(found.gains))} "
                f"as tight as these {k} segments, over all k: p = {row['p']:.2g} (at most {spec.null_level:.2g}).",
            ),
            Gate("distinctness", bool(row["distinct"]), _distinct_words(row, k, spec)),
            *([Gate("counts", bool(row["counts"]), _counts_words(found.sparse, k))] if found.sparse else []),
            Gate("hours", self.features.hours.missing <= MISSING_HOURS_LIMIT, self.features.hours.words, "warn"),
        ]

    @property
    def left_out(self) -> str:
        """Columns of the users table that are in no profile, and why."""
        unread = self.features.unread
        if not unread:
            return "Every tag of the users table is in the profiles; consent and the day of joining describe nobody."
        parts = "; ".join(f"{name} ({reason})" for name, reason in unread.items())
        return f"Columns of the users table that are in no profile: {parts}."

    def findings(self) -> list[Finding]:
        """Number of segments, the most valuable one's share, stability, and agreement with the truth where known."""
        out = [Finding("segments", "Segments that can be defended", self.segmentation.k, unit="count")]
        if self.segmentation.k and self.earning:
            best = self.best
            label = f"Share of revenue of {self.names[int(best['segment'])]} (held against its share of people)"
            shares = [float(best[c]) for c in ("revenue_share", "low", "high", "people_share")]
            out.append(Finding("best_revenue", label, shares[0], shares[1], shares[2], "ratio", shares[3]))
        whose = "least stable segment" if self.segmentation.k else "best rejected partition's least stable segment"
        limit = self.segmentation.spec.stability_limit
        out.append(
            Finding("stability", f"Bootstrap overlap of the {whose}", self.segmentation.stability, reference=limit)
        )
        if self.truth is not None:
            t = self.truth
            out.append(Finding("truth", "Agreement with the planted segments (adjusted Rand)", t.value, t.low, t.high))
        return out

    def truth_table(self) -> pd.DataFrame:
        """People by planted segment (rows) and by segment found (columns); empty where the truth is unknown."""
        if self.truth is None:
            return pd.DataFrame()
        found = self.names if self.segmentation.k else {0: "no segment"}
        return self.truth.table.rename(columns=found).rename_axis(index="planted", columns=None).reset_index()

    @property
    def tone(self) -> Tone:
        """Tone of the decision: "go" where there are segments to plan for, else "wait"."""
        return "go" if self.segmentation.k else "wait"

    def decision(self) -> str:
        """State what to do."""
        if not self.segmentation.k:
            return (
                f"Do not act on segments. {self.segmentation.verdict} Steer by the grid of recency and frequency "
                "instead: it needs no segments to exist."
            )
        best = self.best
        name = self.names[int(best["segment"])]
        if not self.earning:
            return f"Plan content and media for {self.segmentation.k} segments, first for the largest, {name}."
        return (
            f"Plan content and media for {self.segmentation.k} segments, first for the {name}: "
            f"{best['people_share']:.1%} of people, {best['revenue_share']:.1%} of revenue "
            f"[{best['low']:.1%}, {best['high']:.1%}], "
            f"{number(float(best['per_person']), 'money', self.currency)} a person.{self._rivals()}"
        )

    def _rivals(self) -> str:
        """Name the segments whose revenue interval overlaps that of the largest one."""
        best = self.best
        others = self.shares[(self.shares["segment"] != best["segment"]) & (self.shares["high"] >= best["low"])]
        if others.empty:
            return ""
        names = " and the ".join(self.names[int(j)] for j in others["segment"])
        return f" The {names} may bring as much: the intervals meet, so the order between them is not sure."

    def people(self) -> pd.DataFrame:
        """One row for each person: segment and its name, lifecycle stage; recency, frequency and money in fifths.

        Notes
        -----
        It holds people's ids: use it in the files for campaign tools, never on the page (see `people_shown`).
        """
        labels = self.segmentation.labels
        name = labels.map(self.names) if self.segmentation.k else pd.Series("no segment", index=labels.index)
        table = pd.DataFrame({"segment": labels, "name": name}).join(self.features.traits[["lifecycle"]])
        return table.join(rfm(self.features)).rename_axis("user_id").reset_index()

    @property
    def people_shown(self) -> list[str]:
        """Columns of `people` that a page may show: all but the ids."""
        return [c for c in self.people().columns if c != "user_id"]

    def profiles(self) -> pd.DataFrame:
        """The profile with the segments' names, strongest differences first."""
        order = self.profile.assign(name=self.profile["segment"].map(self.names), size=self.profile["effect"].abs())
        order = order.sort_values(["segment", "size"], ascending=[True, False], kind="stable").drop(columns="size")
        return order[["name", *[c for c in order if c not in ("name", "segment")]]].reset_index(drop=True)

    def sizes(self) -> pd.DataFrame:
        """Size and revenue of each segment, by name."""
        return (
            self.shares.assign(name=self.shares["segment"].map(self.names))
            .set_index("name")
            .drop(columns="segment")
            .reset_index()
        )

    @property
    def size_units(self) -> dict[str, str]:
        """Units of the columns of `sizes` and `grid` in the report."""
        shares = dict.fromkeys(("people_share", "revenue_share", "low", "high"), "ratio")
        return shares | dict.fromkeys(("revenue", "per_person"), "money") | {"people": "count"}

    def grid(self) -> pd.DataFrame:
        """Size and revenue by recency and frequency, see `rfm.rfm_grid`."""
        return rfm_grid(self.features)


def _as_tight(row: pd.Series, draws: int) -> str:
    """Number of reference tables that reach the observed tightness, in words, from a p that counts the observed one
    too.
    """
    reached = round(float(row["p"]) * (draws + 1)) - 1
    return {0: "none is", 1: "one is"}.get(reached, f"{reached} are")


def _beside(value: float, limit: float, passed: bool) -> str:
    """Format a share, with more digits where a failing one would round to its limit."""
    close = not passed and f"{value:.1%}" == f"{limit:.1%}"
    return f"{value:.3%}" if close else f"{value:.1%}"


def _distinct_words(row: pd.Series, k: int, spec: SegmentationSpec) -> str:
    if not row["distinct"]:
        why = no_valley(row, spec)
        limit = BRIDGE_LIMIT if row["pass_height"] <= spec.valley_limit else spec.valley_limit
        return f"Of these {k} segments: {why} (at most {limit:.0%})."
    return (
        f"Highest pass between two of {k} segments is {row['pass_height']:.0%} of the lower peak "
        f"(at most {spec.valley_limit:.0%})."
    )


def _counts_words(sparse: Sparse, k: int) -> str:
    if sparse.cut is not None:
        return f"These {k} segments are {sparse.cut.words}. That is a number, not a kind of person."
    alone = f"No count of few values explains these {k} segments"
    if not sparse.draws:
        return f"{alone}."
    if sparse.reached:
        return f"{alone}, but {counts_words(sparse)}."
    return f"{alone}, and none of {sparse.draws} crowds, in which people do as much and as little, parts as clearly."


def gather_results(
    features: Features, segmentation: Segmentation, truth: pd.DataFrame | None, currency: str, seed: int
) -> AudienceResults:
    """Add names, profile, revenue and agreement with the truth to a segmentation.

    Parameters
    ----------
    truth : pandas.DataFrame or None
        Columns user_id and segment; None where it is unknown.
    """
    labels = segmentation.candidate_labels
    described = profile(features, labels)
    money = features.revenue if features.revenue is not None else pd.Series(0.0, index=labels.index)
    known = None if truth is None else truth.set_index("user_id")["segment"]
    return AudienceResults(
        features=features,
        segmentation=segmentation,
        names=named(described, implied(features, labels, seed)),
        profile=described,
        shares=revenue_shares(money, labels, seed),
        truth=None if known is None else agreement(segmentation.labels, known, seed),
        currency=currency,
    )
