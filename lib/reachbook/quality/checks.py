"""Checks of each table, and whether it can be used."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.quality.alarms import Alarm
from reachbook.quality.gaps import Gap
from reachbook.quality.inspection import Inspected, Inspection
from reachbook.quality.labels import CHECKS, part, several
from reachbook.quality.periods import Span, days, span, told
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
    inside, outside : tuple of (date, date)
        Days for which it fails, the worst first: those that touch the study's period, and the others.
    """

    table: str
    name: str
    passed: bool
    blocks: bool
    seen: str = ""
    inside: tuple[Span, ...] = ()
    outside: tuple[Span, ...] = ()

    @property
    def presses(self) -> bool:
        """Whether something has to be done: it fails, and not only mildly on days outside the study's period."""
        return not self.passed and (self.blocks or bool(self.inside) or not self.outside)


def checks(found: Inspection) -> tuple[Check, ...]:
    """All checks of all tables, in the order of the tables."""
    return tuple(check for each in found.tables for check in _checks(each, found))


def use(table: str, made: Sequence[Check]) -> Use:
    """Whether a table can be used."""
    failed = [check for check in made if check.table == table and check.presses]
    if any(check.blocks for check in failed):
        return "no"
    return "with care" if failed else "yes"


def as_table(made: Sequence[Check]) -> pd.DataFrame:
    """The checks as a table for other notebooks: table, check, passed, blocks, words, seen; first, last (day or "")."""
    rows = [(c.table, c.name, c.passed, c.blocks, CHECKS[c.name], c.seen, *_extent(c.inside)) for c in made]
    return pd.DataFrame(rows, columns=["table", "check", "passed", "blocks", "words", "seen", "first", "last"])


def _extent(spans: Sequence[Span]) -> tuple[str, str]:
    """First and last of all days, as text; "" twice for none."""
    if not spans:
        return "", ""
    return min(first for first, _ in spans).isoformat(), max(last for _, last in spans).isoformat()


def _checks(each: Inspected, found: Inspection) -> Iterator[Check]:
    name, spec = each.name, found.spec
    there = each.counted > 0
    none = "" if there else tr("none from {start} to {end}", start=day(found.start), end=day(found.end))
    yield Check(name, "rows", there, True, none)
    if each.rows is not None:
        yield _dated(each, found, "gaps", each.gaps, _gaps(each.rows, each), each.missing > spec.most_missing)
    if each.watched is not None:
        yield from (_alarms(each, found, kind) for kind in ("sudden", "shift", "late"))
    if each.duplicates is not None:
        yield _duplicates(each, spec.most_duplicates)
    if each.times is not None:
        seen = tr("{share} of times are {clock}", share=number(each.times.share, "ratio"), clock=each.times.clock)
        yield Check(name, "day_only", not each.times.day_only, False, seen if each.times.day_only else "")
    yield from _people(each, found)


def _dated(
    each: Inspected, found: Inspection, name: str, faults: Sequence[Gap | Alarm], seen: str, blocks: bool = False
) -> Check:
    """A check that fails on some days."""
    assert each.rows is not None
    spans = [span(each.rows, one.first, one.last) for one in sorted(faults, key=_size, reverse=True)]
    inside = tuple(one for one in spans if one[0] <= found.end and found.start <= one[1])
    outside = tuple(one for one in spans if one not in inside)
    if outside and not inside:
        seen = tr("{seen}, all of it outside the study's period", seen=seen)
    elif outside:
        seen = tr("{seen}, part of it outside the study's period", seen=seen)
    return Check(each.name, name, not faults, blocks, seen, inside, outside)


def _size(fault: Gap | Alarm) -> float:
    """How far an alarm is from what is usual, the same for twice as much and half as much; of a gap its slots."""
    return abs(math.log(max(fault.ratio, 1e-9))) if isinstance(fault, Alarm) else float(fault.slots)


def _gaps(rows: Rows, each: Inspected) -> str:
    if not each.gaps:
        return ""
    gaps = several([told(rows, gap) for gap in each.gaps])
    return tr("{gaps}, about {share} of its rows", gaps=gaps, share=number(each.missing, "ratio"))


def _alarms(each: Inspected, found: Inspection, kind: str) -> Check:
    assert each.rows is not None
    alarms = sorted((one for one in each.alarms if one.kind == kind), key=_size, reverse=True)
    seen = several([_alarm(each.rows, one) for one in alarms])
    return _dated(each, found, kind, alarms, seen)


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
