"""Who left the tables, how those who left for want of consent differ from those who stayed, and what that moved."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from reachbook.presentation.section import Section, Table
from reachbook.privacy.comparison import LEAST, Contrast, contrasts, moved
from reachbook.translation import mark, sentences, tr, trn

type Departed = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""By table, by group: sums about people, see `reachbook.privacy.sums`."""

REASONS = {"no_consent": mark("no consent"), "forgotten": mark("to be forgotten"), "followed": mark("comment left")}
MEASURES = {"people": mark("people"), "rows": mark("rows"), "amount": mark("revenue")}
NAMED = (mark("rows a person"), mark("revenue a person"))
HEADINGS = (mark("reason"), mark("stayed"), mark("left"), mark("difference"), mark("low"), mark("high"), mark("value"),
            mark("with them"), mark("without them"), mark("moved"), mark("means"), mark("shares"), mark("departed"),
            mark("measure"))  # fmt: skip
_MEANS = {"rows": NAMED[0], "amount": NAMED[1]}


def section(departed: Departed) -> Section:
    """Compose the section; without anybody who left, its note says so."""
    if not departed:
        return Section(tr("Nobody has left the tables: no consent is asked, and nobody is to be forgotten."))
    asked = any("no_consent" in groups for groups in departed.values())
    found = contrasts(departed)
    return Section(_note(asked, found), tables=(_counted(departed), *_told(departed, found)))


def _note(asked: bool, found: tuple[Contrast, ...]) -> str:
    if not asked:
        return tr("Those to be forgotten left every table; of them nothing is kept but how many they are.")
    told = [each for each in found if each.difference is not None]
    differing = sum(each.differs for each in told)
    compared = trn(
        "Of {n} thing that is known of both with an interval, {differing} differs beyond chance at 95%.",
        "Of {n} things that are known of both with intervals, {differing} differ beyond chance at 95%.",
        len(told),
        differing=differing,
    )
    chance = tr("By chance alone, one in twenty would.") if told else ""
    few = tr("Too few people left for anything to be compared.") if not found else compared
    return sentences(
        tr(
            "Results are for those who have consented. Who consents is no random sample of all people, so that a "
            "number here cannot be carried over to those who have not."
        ),
        few,
        chance,
    )


def _counted(departed: Departed) -> Table:
    rows = [
        {"table": name, "reason": REASONS[reason], "people": group.get("people"), "rows": group.get("rows")}
        for name, groups in departed.items()
        for reason, group in groups.items()
        if reason != "kept"
    ]
    caption = tr("Rows of fewer people than privacy.minimum are not told.")
    units = {"people": "count", "rows": "count"}
    return Table("departed", pd.DataFrame(rows).astype({"people": float, "rows": float}), caption, units,
                 worded=("table", "reason"))  # fmt: skip


def _told(departed: Departed, found: tuple[Contrast, ...]) -> Iterator[Table]:
    if totals := moved(departed):
        rows = [
            {"table": each.table, "measure": MEASURES[each.measure], "with them": each.before,
             "without them": each.after, "moved": -each.share}
            for each in totals
        ]  # fmt: skip
        caption = sentences(
            tr("Main totals with and without those who have not consented."),
            tr("Revenue is money, all else are numbers."),
        )
        units = {"with them": "count", "without them": "count", "moved": "ratio"}
        yield Table("moved", pd.DataFrame(rows), caption, units, worded=("table", "measure"))
    means = [each for each in found if not each.value]
    if means:
        caption = tr(
            "A person who stands in the table, with 95% intervals of the difference relative to those who stayed; with "
            "fewer than {least} people there is none.",
            least=LEAST,
        )
        frame = _frame(means).assign(measure=[_MEANS[each.measure] for each in means]).drop(columns="value")
        units = {"difference": "ratio", "low": "ratio", "high": "ratio"}
        yield Table("means", frame, caption, units, worded=("table", "measure"))
    shares = [each for each in found if each.value]
    if shares:
        caption = tr("Shares of people, with 95% intervals of the difference.")
        units = {"stayed": "ratio", "left": "ratio", "difference": "points", "low": "points", "high": "points"}
        yield Table("shares", _frame(shares), caption, units, worded=("table",), named=("value",))


def _frame(found: list[Contrast]) -> pd.DataFrame:
    nothing = float("nan")
    return pd.DataFrame(
        [
            {
                "table": each.table,
                "measure": each.measure,
                "value": each.value,
                "stayed": each.stayed,
                "left": each.left,
                "difference": each.left - each.stayed if each.value else each.left / each.stayed - 1,
                "low": each.difference.low if each.difference else nothing,
                "high": each.difference.high if each.difference else nothing,
            }
            for each in found
        ]
    )
