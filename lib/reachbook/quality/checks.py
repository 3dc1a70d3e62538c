"""Checks of each table, and whether it can be used."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.quality.gaps import Gap
from reachbook.quality.inspection import Inspected, Inspection
from reachbook.quality.rows import Rows

WORDS = {
    "rows": "no rows",
    "gaps": "gaps",
    "sudden": "sudden days",
    "shift": "level shifts",
    "late": "late last days",
    "duplicates": "duplicates",
    "day_only": "times without an hour",
    "platforms": "people known on one platform only",
    "bots": "likely bots",
}
"""Names of the checks, as they stand behind a table that does not pass them."""
_SHOWN = 3

Use = Literal["yes", "with care", "no"]


@dataclass(frozen=True)
class Check:
    """One check of one table.

    Attributes
    ----------
    name : str
        A key of `WORDS`.
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
    rows = [(c.table, c.name, c.passed, c.blocks, WORDS[c.name], c.seen) for c in made]
    return pd.DataFrame(rows, columns=["table", "check", "passed", "blocks", "words", "seen"])


def _checks(each: Inspected, found: Inspection) -> Iterator[Check]:
    name, spec = each.name, found.spec
    there = each.counted > 0
    yield Check(name, "rows", there, True, "" if there else f"from {found.start} to {found.end}")
    if each.rows is not None:
        yield Check(name, "gaps", not each.gaps, each.missing > spec.most_missing, _gaps(each.rows, each))
    if each.watched is not None:
        yield from (_alarms(each, kind) for kind in ("sudden", "shift", "late"))
    if each.duplicates is not None:
        yield _duplicates(each, spec.most_duplicates)
    if each.times is not None:
        seen = f"{number(each.times.share, 'ratio')} of times are {each.times.clock}"
        yield Check(name, "day_only", not each.times.day_only, False, seen if each.times.day_only else "")
    yield from _people(each, found)


def _gaps(rows: Rows, each: Inspected) -> str:
    if not each.gaps:
        return ""
    shown = [f"{_length(rows, gap)}{_of(gap.part)} ({days(rows, gap.first, gap.last)})" for gap in each.gaps]
    return f"{listed(shown)}, about {number(each.missing, 'ratio')} of its rows"


def _length(rows: Rows, gap: Gap) -> str:
    return f"{gap.slots} {rows.noun}{'s' * (gap.slots != 1)}"


def _of(part: str) -> str:
    return f" of {part}" if part else ""


def days(rows: Rows, first: int, last: int) -> str:
    """The days of some slots, as text."""
    begin = f"{rows.slots[first]:%Y-%m-%d}"
    return begin if first == last else f"{begin} to {rows.slots[last]:%Y-%m-%d}"


def _alarms(each: Inspected, kind: str) -> Check:
    assert each.rows is not None
    told = []
    found = [alarm for alarm in each.alarms if alarm.kind == kind]
    for alarm in sorted(found, key=lambda one: -abs(math.log(max(one.ratio, 1e-9)))):
        when = days(each.rows, alarm.first, alarm.last)
        whose = f"{alarm.part} " if alarm.part else ""
        size = number(alarm.ratio, "ratio") + " of" if alarm.ratio < 1 else number(alarm.ratio) + " times"
        times = f"{whose}{size} its past"
        told.append(f"{times} {'from' if kind == 'shift' else 'on'} {when}")
    return Check(each.name, kind, not told, False, listed(told))


def _duplicates(each: Inspected, most: float) -> Check:
    found = each.duplicates
    assert found is not None
    seen = (
        f"{found.repeats:,} of {found.asked:,} rows ({found.share:.2%}) repeat another one, "
        f"{found.on_worst_day:,} of them on {found.worst_day}"
    )
    passed = found.share <= most
    return Check(each.name, "duplicates", passed, True, "" if passed else seen)


def _people(each: Inspected, found: Inspection) -> Iterator[Check]:
    """Checks of tables with people: platforms that are not linked, and the weight of likely bots."""
    known = found.platforms
    if known is not None and each.name in known.sources:
        alone = known.share > found.spec.most_alone
        seen = f"{number(known.share, 'ratio')} of people are known on one platform only"
        yield Check(each.name, "platforms", not alone, False, seen if alone else "")
    most = found.bots.heaviest(each.name)
    if most is not None:
        heavy = most.share > found.spec.most_weight
        seen = f"{number(most.share, 'ratio')} of {most.figure} come from suspected accounts"
        yield Check(each.name, "bots", not heavy, True, seen if heavy else "")


def listed(parts: Sequence[str], most: int = _SHOWN) -> str:
    """The first parts of a list, and how many more there are."""
    more = len(parts) - most
    return ", ".join(parts[:most]) + (f" and {more} more" if more > 0 else "")
