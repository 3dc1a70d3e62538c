"""Checks of each table, and whether it can be used."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.quality.alarms import Alarm
from reachbook.quality.inspection import Inspected, Inspection
from reachbook.quality.labels import CHECKS, part, several
from reachbook.quality.periods import days, told
from reachbook.quality.rows import Rows
from reachbook.translation import day, tr

Use = Literal["yes", "with care", "no"]


@dataclass(frozen=True)
class Check:
    """One check of one table.

    Attributes
    ----------
    name : str
        A key of `labels.CHECKS`.
    blocks : bool
        Whether the table cannot be used where it fails.
    seen : str
        What was seen, as part of a sentence that begins with the table; "" where it passes.
    """

    table: str
    name: str
    passed: bool
    blocks: bool
    seen: str = ""


def checks(found: Inspection) -> tuple[Check, ...]:
    """All checks of all tables, in the order of the tables."""
    return tuple(check for each in found.tables for check in _checks(each, found))


def use(table: str, made: Sequence[Check]) -> Use:
    """Whether a table can be used."""
    failed = [check for check in made if check.table == table and not check.passed]
    if any(check.blocks for check in failed):
        return "no"
    return "with care" if failed else "yes"


def as_table(made: Sequence[Check]) -> pd.DataFrame:
    """The checks as a table for other notebooks: table, check, passed, blocks, words, seen."""
    rows = [(c.table, c.name, c.passed, c.blocks, CHECKS[c.name], c.seen) for c in made]
    return pd.DataFrame(rows, columns=["table", "check", "passed", "blocks", "words", "seen"])


def _checks(each: Inspected, found: Inspection) -> Iterator[Check]:
    name, spec = each.name, found.spec
    there = each.counted > 0
    none = "" if there else tr("none from {start} to {end}", start=day(found.start), end=day(found.end))
    yield Check(name, "rows", there, True, none)
    if each.rows is not None:
        yield Check(name, "gaps", not each.gaps, each.missing > spec.most_missing, _gaps(each.rows, each))
    if each.watched is not None:
        yield from (_alarms(each, kind) for kind in ("sudden", "shift", "late"))
    if each.duplicates is not None:
        yield _duplicates(each, spec.most_duplicates)
    if each.times is not None:
        seen = tr("{share} of times are {clock}", share=number(each.times.share, "ratio"), clock=each.times.clock)
        yield Check(name, "day_only", not each.times.day_only, False, seen if each.times.day_only else "")
    yield from _people(each, found)


def _gaps(rows: Rows, each: Inspected) -> str:
    if not each.gaps:
        return ""
    gaps = several([told(rows, gap) for gap in each.gaps])
    return tr("{gaps}, about {share} of its rows", gaps=gaps, share=number(each.missing, "ratio"))


def _alarms(each: Inspected, kind: str) -> Check:
    assert each.rows is not None
    found = [alarm for alarm in each.alarms if alarm.kind == kind]
    largest = sorted(found, key=lambda one: -abs(math.log(max(one.ratio, 1e-9))))
    return Check(each.name, kind, not found, False, several([_alarm(each.rows, alarm) for alarm in largest]))


def _alarm(rows: Rows, alarm: Alarm) -> str:
    """One alarm with its size and its days: "weibo 40.0% of what is usual from 2026-07-15"."""
    size = _share(alarm) if alarm.ratio < 1 else tr("{factor} times what is usual", factor=number(alarm.ratio))
    if alarm.part:
        size = tr("{part} {size}", part=part(alarm.part), size=size)
    when = days(rows, alarm.first, alarm.last)
    if alarm.kind == "shift":
        return tr("{size} from {days}", size=size, days=when)
    return tr("{size} ({days})", size=size, days=when)


def _share(alarm: Alarm) -> str:
    return tr("{share} of what is usual", share=number(alarm.ratio, "ratio"))


def _duplicates(each: Inspected, most: float) -> Check:
    found = each.duplicates
    assert found is not None
    if found.share <= most:
        return Check(each.name, "duplicates", True, True)
    seen = tr(
        "{repeats:,} of {asked:,} rows ({share:.2%}) repeat another one, {worst:,} of them on {day}",
        repeats=found.repeats,
        asked=found.asked,
        share=found.share,
        worst=found.on_worst_day,
        day=day(date.fromisoformat(found.worst_day)),
    )
    return Check(each.name, "duplicates", False, True, seen)


def _people(each: Inspected, found: Inspection) -> Iterator[Check]:
    """Checks of tables with people: platforms that are not linked, and the weight of likely bots."""
    known = found.platforms
    if known is not None and each.name in known.sources:
        alone = known.share > found.spec.most_alone
        seen = tr("{share} of people are known on one platform only", share=number(known.share, "ratio"))
        yield Check(each.name, "platforms", not alone, False, seen if alone else "")
    most = found.bots.heaviest(each.name)
    if most is not None:
        heavy = most.share > found.spec.most_weight
        share, figure = number(most.share, "ratio"), tr(most.figure)
        seen = tr("{share} of {figure} come from suspected accounts", share=share, figure=figure)
        yield Check(each.name, "bots", not heavy, True, seen if heavy else "")
