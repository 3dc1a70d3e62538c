"""One card a segment: its size and revenue, and where its people differ from everybody else."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from reachbook.presentation.cards import Card, Cards, Comparison, Topic
from reachbook.presentation.numbers import number
from reachbook.segmentation.labels import level_of
from reachbook.segmentation.names import NOTABLE
from reachbook.segmentation.profile import TRAIT
from reachbook.translation import listing, mark, tr

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    import pandas as pd

    from reachbook.segmentation.story import AudienceResults

TOPICS = {
    mark("habits"): ("activity", "recency", "kind"),
    mark("hours"): ("hours", "weekend"),
    mark("taste"): ("topic", "format"),
    mark("platforms"): ("platform",),
    mark("buying"): ("has_ordered", "order_recency", "order_frequency", "basket", "items", "discount"),
}
"""Features of each topic, by the part of their name before the colon; money is told by the revenue a person."""
TRAITS = mark("who they are")
MOST = 2
"""Comparisons of each topic."""
STRONGEST = 3
"""Differences that are told in words."""
TYPICAL = {
    "activity": (mark("events a person"), ""),
    "order_frequency": (mark("orders a person"), ""),
    "basket": (mark("money an order"), "money"),
    "items": (mark("items an order"), ""),
}
"""Label and unit of features counted as log(1 + x); the card tells the geometric mean of 1 + x, less 1."""
PLAIN = {
    "has_ordered": (mark("with an order"), "ratio"),
    "recency": (mark("since the last event"), "days"),
    "order_recency": (mark("since the last order"), "days"),
}
"""Label and unit of features whose own name would say too little beside a number."""


def cards(results: AudienceResults) -> Cards:
    """Cards of the segments, in the order of the table of sizes; `results` has segments."""
    return Cards(
        id="segments",
        label=tr("Segment"),
        everything=tr("all segments"),
        columns=(tr("here"), tr("the others")),
        cards=tuple(_card(results, place) for place in range(len(results.shares))),
    )


def _card(results: AudienceResults, place: int) -> Card:
    """Card of the segment in row `place` of the table of sizes."""
    segment = int(results.shares["segment"].iloc[place])
    rows = results.profile[results.profile["segment"] == segment].dropna(subset="effect")
    rows = rows.iloc[(-rows["effect"].abs()).argsort(kind="stable")]
    doing, being = rows[rows["part"] != TRAIT], rows[rows["part"] == TRAIT]
    return Card(
        anchor=f"segment-{segment + 1}",
        title=results.names[segment],
        facts=_facts(results, place),
        note=_told_apart(doing, results),
        topics=(*_behaviour(doing, results), _topic(TRAITS, being, results)),
    )


def _facts(results: AudienceResults, place: int) -> tuple[tuple[str, str], ...]:
    """People, and, where there is revenue, revenue and revenue a person, each beside everybody's."""
    each = results.shares.iloc[place]
    people = tr(
        "{people} ({share})", people=number(each["people"], "count"), share=number(each["people_share"], "ratio")
    )
    if not results.earning:
        return ((tr("People"), people),)
    money = (each["revenue"], each["per_person"], results.everybody)
    revenue, mine, all_people = (number(value, "money", results.currency) for value in money)
    share, low, high = (number(each[c], "ratio") for c in ("revenue_share", "low", "high"))
    return (
        (tr("People"), people),
        (tr("Revenue"), tr("{revenue} ({share} [{low}, {high}])", revenue=revenue, share=share, low=low, high=high)),
        (tr("Revenue a person"), tr("{mine} (everybody {all})", mine=mine, all=all_people)),
    )


def _told_apart(doing: pd.DataFrame, results: AudienceResults) -> str:
    """The strongest differences in words; they are what the name is made of."""
    strong = doing[doing["effect"] >= NOTABLE]["feature"].head(STRONGEST)
    if strong.empty:
        return tr("Nothing sets them clearly apart from the others.")
    return tr("Above all more than the others: {features}.", features=listing(map(results.called, strong)))


def _behaviour(doing: pd.DataFrame, results: AudienceResults) -> Iterator[Topic]:
    """Topics of which anything was counted."""
    group = doing["feature"].str.split(": ", n=1).str[0]
    for label, groups in TOPICS.items():
        mine = doing[group.isin(groups)]
        if len(mine):
            yield _topic(label, mine, results)


def _topic(label: str, rows: pd.DataFrame, results: AudienceResults) -> Topic:
    """The strongest of `rows`, which are in order; of shares those that are higher, because they sum to 1."""
    notable = rows[rows["effect"].abs() >= NOTABLE]
    more = notable[(notable["effect"] > 0) | ~notable["feature"].str.contains(": ")]
    chosen = (more if len(more) else notable).head(MOST).to_dict("records")
    return Topic(tr(label), tuple(_comparison(row, results) for row in chosen), tr("much like the others"))


def _comparison(row: Mapping[Hashable, Any], results: AudienceResults) -> Comparison:
    name, here, others = str(row["feature"]), float(row["value"]), float(row["rest"])
    if name in TYPICAL:
        label, unit = TYPICAL[name]
        return Comparison(tr(label), math.expm1(here), math.expm1(others), unit)
    if name in PLAIN:
        label, unit = PLAIN[name]
        return Comparison(tr(label), here, others, unit)
    shown = level_of(name, results.channels) if ": " in name else results.called(name)
    return Comparison(shown, here, others, str(row["unit"]))
