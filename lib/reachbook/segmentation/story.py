"""Results of the segmentation in words: findings, decision and tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reachbook.presentation.numbers import MINUS
from reachbook.privacy.groups import without_small
from reachbook.result import Finding, Tone
from reachbook.segmentation.behaviour import Features
from reachbook.segmentation.gates import checks, evidence_findings
from reachbook.segmentation.labels import UNNAMED, feature
from reachbook.segmentation.names import NOTABLE, named
from reachbook.segmentation.profile import implied, profile, without_few
from reachbook.segmentation.revenue import revenue_shares
from reachbook.segmentation.rfm import TopCells, rfm, rfm_grid, top_cells
from reachbook.segmentation.segments import Segmentation
from reachbook.segmentation.small_segments import hidden_segments, shown_rows, told_cells, without_sizes
from reachbook.segmentation.truth import TruthAgreement, agreement
from reachbook.translation import joined, listing, sentences, tr, trn
from reachbook.verdict import Gate

_PLANNED = ("hours", "weekend", "topic", "format", "platform")
"""Features that content and media can meet, by the part of their name before the colon."""
_STEPS = 3
"""Features that are named to begin with."""


@dataclass(frozen=True)
class AudienceResults:
    """The results behind the report; names, profile and shares are those of the candidate partition.

    Attributes
    ----------
    segmentation : Segmentation
        The segmentation.
    names : dict of int to str
        Name of each segment, of hidden ones too.
    hidden : tuple of int
        Segments of too few people for a shared page, and those that protect them: `profile` and `shares` are without.
    profile : pandas.DataFrame
        Each segment compared with the rest, see `profile.profile`.
    shares : pandas.DataFrame
        Size and revenue share of each segment, see `revenue.revenue_shares`.
    truth : TruthAgreement or None
        Agreement with the simulated truth; None for real data.
    currency : str
        Three-letter code.
    channels : mapping of str to str
        What the study calls its platforms.
    minimum : int
        Fewest people of a cell of the grid that is told.
    shared : bool
        Whether the page is for a shared audience: its profile then holds no comparison of fewer people than `minimum`.
    """

    features: Features
    segmentation: Segmentation
    names: dict[int, str]
    profile: pd.DataFrame
    shares: pd.DataFrame
    truth: TruthAgreement | None
    currency: str
    channels: Mapping[str, str] = UNNAMED
    minimum: int = 1
    shared: bool = False
    hidden: tuple[int, ...] = ()

    @property
    def told(self) -> dict[int, str]:
        """Name of each segment that is told."""
        return {segment: name for segment, name in self.names.items() if segment not in self.hidden}

    @property
    def everybody(self) -> float:
        """Revenue a person, of all people in the segmentation; 0 without revenue."""
        money, people = self.features.revenue, self.segmentation.labels.index
        return 0.0 if money is None else float(money.reindex(people).sum() / len(people))

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
        return checks(self.segmentation, self.features)

    @property
    def left_out(self) -> str:
        """Columns of the users table that are in no profile, and why."""
        unread = self.features.unread
        if not unread:
            return tr(
                "Every tag of the users table is in the profiles; consent and the day of joining describe nobody."
            )
        parts = (tr("{column} ({reason})", column=column, reason=reason) for column, reason in unread.items())
        return tr("Columns of the users table that are in no profile: {columns}.", columns=joined(parts))

    def findings(self) -> list[Finding]:
        """Revenue of a person to begin with, what tells whether there are segments, the best segment's share of
        revenue, and agreement with the truth if known.
        """
        found = self.segmentation
        out = [*self._person(), *evidence_findings(found), *self._share()]
        if self.truth is not None:
            t = self.truth
            out.append(Finding("truth", tr("Agreement with the simulated truth"), t.value, t.low, t.high))
        return out

    def _person(self) -> list[Finding]:
        """Revenue a person of the best segment or, without segments, of the upper cells of the grid, beside all
        people's mean.
        """
        if not self.earning:
            return []
        id, label, value = "best_person", "", float(self.best["per_person"])
        if self.segmentation.k:
            label = tr("Revenue a person, {name}", name=self.names[int(self.best["segment"])])
        elif self.top is not None:
            id, label = "top_person", tr("Revenue a person, recent and frequent buyers")
            value = self.everybody * self.top.revenue / self.top.people
        found = Finding(id, label, value, unit="money", reference=self.everybody, against=tr("average of all"))
        return [found] if label else []

    def _share(self) -> list[Finding]:
        """The best segment's share of revenue beside its share of people."""
        if not (self.segmentation.k and self.earning):
            return []
        share, low, high, people = (float(self.best[c]) for c in ("revenue_share", "low", "high", "people_share"))
        label = tr("Revenue share, {name}", name=self.names[int(self.best["segment"])])
        return [Finding("best_revenue", label, share, low, high, "ratio", people, tr("share of people"))]

    def truth_table(self) -> pd.DataFrame:
        """People by planted segment (rows) and by segment found (columns); empty where the truth is unknown."""
        if self.truth is None:
            return pd.DataFrame()
        found = self.names if self.segmentation.k else {0: tr("no segment")}
        table = self.truth.table
        if self.shared:
            table = told_cells(table, self.hidden if self.segmentation.k else (), self.minimum)
        return table.rename(columns=found).rename_axis(index="planted", columns=None).reset_index()

    @property
    def tone(self) -> Tone:
        """Tone of the decision: "go" where there are segments to plan for, else "wait"."""
        return "go" if self.segmentation.k else "wait"

    def decision(self) -> str:
        """State what to do; shares and their intervals are in the figure beside it."""
        if not self.segmentation.k:
            return self._instead()
        said = {"k": self.segmentation.k, "name": self.names[int(self.best["segment"])]}
        if not self.earning:
            return tr(
                "There are {k} distinct segments. Plan content and media for each, first for the largest, the {name}.",
                **said,
            )
        if self.hidden:
            plan = tr(
                "There are {k} distinct segments. Plan content and media for each, of those told first for the {name}.",
                **said,
            )
            return sentences(plan, self._not_sure())
        if self.rivals:
            plan = tr(
                "There are {k} distinct segments. Plan content and media for each, first for the {name}, who bring "
                "the most revenue.",
                **said,
            )
            return sentences(plan, self._not_sure())
        return tr(
            "There are {k} distinct segments. Plan content and media for each, first for the {name}, who clearly bring "
            "the most revenue.",
            **said,
        )

    def _instead(self) -> str:
        """What to steer by where there are no segments."""
        if self.top is None:
            return tr("Steer by how recently and how often people come, not by segments.")
        return tr(
            "Steer by how recently and how often people buy, not by segments: those high in both are {people:.0%} of "
            "people and bring {revenue:.0%} of revenue.",
            people=self.top.people,
            revenue=self.top.revenue,
        )

    @property
    def top(self) -> TopCells | None:
        """People who bought lately and often, where there is revenue and none of their cells is hidden."""
        return top_cells(self.grid) if self.earning else None

    @property
    def rivals(self) -> list[str]:
        """Names of the segments whose revenue interval overlaps that of the largest one."""
        best = self.best
        others = self.shares[(self.shares["segment"] != best["segment"]) & (self.shares["high"] >= best["low"])]
        return [self.names[int(segment)] for segment in others["segment"]]

    def _not_sure(self) -> str:
        """Say which other segment may be the first, or how many."""
        rivals = self.rivals
        if len(rivals) == 1:
            return tr("The {name} may bring as much.", name=rivals[0])
        return tr("{n} other segments may bring as much.", n=len(rivals)) if rivals else ""

    def grounds(self) -> tuple[str, ...]:
        """What the decision rests on, one thought each."""
        found, silent = self.segmentation, self.features.silent
        told = [self._order_not_sure()] if found.k and self.earning else []
        if found.k:
            told.insert(0, self._first_steps())
            told.append(tr("Intervals of revenue take the segments as given."))
        else:
            told += [
                tr("The grid takes no segments for granted: it orders people by when they last came and how often."),
                tr(
                    "Sizes, profiles and valleys below are those of the best candidate, {k} groups, which was refused.",
                    k=found.candidate,
                ),
            ]
        if silent:
            told.append(
                trn(
                    "{n} person of the users table did nothing in the period and is in no segment.",
                    "{n} people of the users table did nothing in the period and are in no segment.",
                    silent,
                )
            )
        return tuple(filter(None, told))

    def _first_steps(self) -> str:
        """What content and media can meet of that which sets the first segment apart; "" if nothing does."""
        segment = int(self.best["segment"])
        rows = self.profile[(self.profile["segment"] == segment) & (self.profile["effect"] >= NOTABLE)]
        rows = rows[rows["feature"].str.split(": ", n=1).str[0].isin(_PLANNED)]
        strong = rows.sort_values("effect", ascending=False, kind="stable")["feature"].head(_STEPS)
        if strong.empty:
            return ""
        return tr(
            "Begin with what sets the {name} apart: {features}.",
            name=self.names[segment],
            features=listing(map(self.called, strong)),
        )

    def _order_not_sure(self) -> str:
        if not self.rivals:
            return ""
        best = self.names[int(self.best["segment"])]
        return tr(
            "The order of revenue is not sure among the {names}: their intervals meet.",
            names=listing([best, *self.rivals]),
        )

    def people(self) -> pd.DataFrame:
        """One row for each person: segment and its name, lifecycle stage; recency, frequency and money in fifths.

        Notes
        -----
        It holds people's ids: use it in the files for campaign tools, never on the page.
        """
        labels = self.segmentation.labels
        name = labels.map(self.names) if self.segmentation.k else pd.Series(tr("no segment"), index=labels.index)
        table = pd.DataFrame({"segment": labels, "name": name}).join(self.features.traits[["lifecycle"]])
        return table.join(rfm(self.features)).rename_axis("user_id").reset_index()

    def called(self, name: str) -> str:
        """A feature or trait as readers see it, see `labels.feature`."""
        return feature(name, self.channels)

    def profiles(self) -> pd.DataFrame:
        """The profile with the segments' names, strongest differences first."""
        order = self.profile.assign(name=self.profile["segment"].map(self.names), size=self.profile["effect"].abs())
        order = order.sort_values(["segment", "size"], ascending=[True, False], kind="stable").drop(columns="size")
        order = order.assign(feature=order["feature"].map(self.called), interval=_intervals(order, "{:+.1f}"))
        return order[["name", *[c for c in order if c not in ("name", "segment")]]].reset_index(drop=True)

    def sizes(self) -> pd.DataFrame:
        """Size and revenue of each segment, by name."""
        return (
            self.shares.assign(name=self.shares["segment"].map(self.names), interval=_intervals(self.shares, "{:.1%}"))
            .set_index("name")
            .drop(columns="segment")
            .reset_index()
        )

    @property
    def size_units(self) -> dict[str, str]:
        """Units of the columns of `sizes` and `grid` in the report."""
        shares = dict.fromkeys(("people_share", "revenue_share", "low", "high"), "ratio")
        return shares | dict.fromkeys(("revenue", "per_person"), "money") | {"people": "count"}

    @cached_property
    def grid(self) -> pd.DataFrame:
        """Size and revenue by recency and frequency, see `rfm.rfm_grid`; of cells with too few people nothing.

        Notes
        -----
        Fifths tell how many people each row and each column holds, or nearly so; a cell is hidden from those sums, too.
        """
        return without_small(rfm_grid(self.features), "people", self.minimum, ("recency", "frequency"))


def _intervals(frame: pd.DataFrame, form: str) -> list[str]:
    """Columns low and high as [low, high], each in the format `form`; "" where there is none."""
    pairs = zip(frame["low"], frame["high"], strict=True)
    shown = [f"[{form.format(low)}, {form.format(high)}]" if low == low else "" for low, high in pairs]
    return [text.replace("-", MINUS) for text in shown]


def gather_results(
    features: Features,
    segmentation: Segmentation,
    truth: pd.DataFrame | None,
    currency: str,
    seed: int,
    channels: Mapping[str, str] = UNNAMED,
    minimum: int = 1,
    shared: bool = False,
) -> AudienceResults:
    """Add names, profile, revenue and agreement with the truth to a segmentation.

    Parameters
    ----------
    truth : pandas.DataFrame or None
        Columns user_id and segment; None where it is unknown.
    channels : mapping of str to str
        What the study calls its platforms.
    minimum : int
        Fewest people of a cell of the grid that is told.
    shared : bool
        Whether the page is for a shared audience.
    """
    labels = segmentation.candidate_labels
    hidden = hidden_segments(segmentation, minimum) if shared else ()
    described = profile(features, labels)
    money = features.revenue if features.revenue is not None else pd.Series(0.0, index=labels.index)
    known = None if truth is None else truth.set_index("user_id")["segment"]
    return AudienceResults(
        features=features,
        segmentation=without_sizes(segmentation, hidden, minimum) if shared else segmentation,
        names=named(described, implied(features, labels, seed), channels),
        profile=shown_rows(without_few(described, features, labels, minimum, hidden), hidden) if shared else described,
        shares=shown_rows(revenue_shares(money, labels, seed), hidden),
        truth=None if known is None else agreement(segmentation.labels, known, seed),
        currency=currency,
        channels=channels,
        minimum=minimum,
        shared=shared,
        hidden=hidden,
    )
