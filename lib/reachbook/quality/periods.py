"""Days and weeks of a table in words: what it covers and what it lacks."""

from datetime import date

from reachbook.quality.gaps import Gap, length
from reachbook.quality.inspection import Inspected
from reachbook.quality.labels import several
from reachbook.quality.rows import Rows
from reachbook.translation import day, tr


def period(first: date, last: date) -> str:
    """Days from `first` to `last`, as text."""
    return day(first) if first == last else tr("{first} to {last}", first=day(first), last=day(last))


def days(rows: Rows, first: int, last: int) -> str:
    """The days of some slots, as text."""
    return period(rows.slots[first].date(), rows.slots[last].date())


def covers(each: Inspected) -> str:
    """The days from the first to the last row of a table, as text."""
    if each.span is None:
        return tr("no row in the period") if each.subject.timed else tr("without days")
    return period(*each.span)


def lacks(each: Inspected) -> str:
    """What is missing of a table, as text: slots of the whole, and of parts; "" where nothing is."""
    if each.rows is None:
        return ""
    lost: dict[str, int] = {}
    for gap in each.gaps:
        lost[gap.part] = lost.get(gap.part, 0) + gap.slots
    return several([length(each.rows, n, part) for part, n in sorted(lost.items())])


def told(rows: Rows, gap: Gap) -> str:
    """A gap with its days, as text."""
    return tr("{length} ({days})", length=length(rows, gap.slots, gap.part), days=days(rows, gap.first, gap.last))
