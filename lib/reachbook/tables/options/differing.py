"""What lines of one row say differently, and so would be lost."""

from collections.abc import Mapping

from reachbook.tables.problems import show
from reachbook.translation import joined, tr

_LISTED = 6


def unlike(lost: Mapping[str, int]) -> str:
    """In which columns the lines say something else that is not kept, and in how many; "" for none."""
    if not lost:
        return ""
    some = list(lost.items())[:_LISTED]
    named = joined(tr("{value} in {rows:,}", value=show(name), rows=rows) for name, rows in some)
    if len(lost) <= _LISTED:
        return tr("; where they say something else, only the first counts: {named}", named=named)
    return tr(
        "; where they say something else, only the first counts: {named} and {n} more columns",
        named=named,
        n=len(lost) - _LISTED,
    )
