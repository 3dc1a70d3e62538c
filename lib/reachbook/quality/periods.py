"""Days and weeks of a table in words: what it covers and what it lacks."""

from collections.abc import Iterable
from datetime import date, timedelta

from reachbook.quality.gaps import Gap, length
from reachbook.quality.inspection import Inspected
from reachbook.quality.labels import several
from reachbook.quality.rows import Rows
from reachbook.translation import days as dates
from reachbook.translation import listing, tr

type Span = tuple[date, date]
"""First and last day, both included."""
_DAY = timedelta(days=1)
_MOST = 3


def days(rows: Rows, first: int, last: int) -> str:
    """The days of some slots, as text."""
    return dates(rows.slots[first].date(), rows.slots[last].date())


def span(rows: Rows, first: int, last: int) -> Span:
    """First and last day of some slots; of weeks, the last day of the last week."""
    length = timedelta(days=rows.subject.layout.step - 1)
    return rows.slots[first].date(), rows.slots[last].date() + length


def few_days(spans: Iterable[Span]) -> str:
    """Some days in a few words: all up to `_MOST` spans, of more the first ones and how many others there are.

    Parameters
    ----------
    spans : iterable of (date, date)
        The most telling first; those that meet are told as one.
    """
    told = [dates(*each) for each in _merged(spans)]
    if len(told) > _MOST:
        told[_MOST - 1 :] = [tr("{n} more below", n=len(told) - _MOST + 1)]
    return listing(told)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans, those that overlap or touch as one, in the place of the earlier of them."""
    whole: list[Span] = []
    for first, last in spans:
        near = [one for one in whole if one[0] - _DAY <= last and first - _DAY <= one[1]]
        place = whole.index(near[0]) if near else len(whole)
        whole = [one for one in whole if one not in near]
        whole.insert(place, (min([first, *(one[0] for one in near)]), max([last, *(one[1] for one in near)])))
    return whole


def covers(each: Inspected) -> str:
    """The days from the first to the last row of a table, as text."""
    if each.span is None:
        return tr("no row in the period") if each.subject.timed else tr("without days")
    return dates(*each.span)


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
