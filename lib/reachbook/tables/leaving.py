"""People who leave a table before it is stored: their rows are in no file of the cache."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reachbook.translation import tr

if TYPE_CHECKING:
    import pyarrow as pa

    from reachbook.tables.contract import Contract

_TOKEN = re.compile(r"[^\s:,;\"']+")
_SHORTEST = 5


@dataclass(frozen=True)
class Left:
    """A table after people have left it.

    Attributes
    ----------
    table : pyarrow.Table
        The rows that stay.
    gone : frozenset of str
        Ids of those who have left; never stored.
    lines : tuple of str
        What has left, one sentence a reason.
    about : dict
        Sums about those who stayed and those who left, see `reachbook.privacy.sums`.
    """

    table: "pa.Table"
    gone: frozenset[str] = frozenset()
    lines: tuple[str, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Leaving:
    """Who has to leave a table.

    Attributes
    ----------
    digest : str
        SHA-256 of everything that decides it; tables in the cache are kept apart by it.
    leave : callable
        Takes the table, returns what is left.
    """

    digest: str
    leave: "Callable[[pa.Table], Left]"


def unnamed(lines: Iterable[str], gone: frozenset[str]) -> tuple[str, ...]:
    """Lines about odd rows without the ids of people who have left."""
    if not gone:
        return tuple(lines)

    def told(found: re.Match[str]) -> str:
        return tr("(an id)") if len(found[0]) >= _SHORTEST and found[0].rstrip(".") in gone else found[0]

    return tuple(_TOKEN.sub(told, line) for line in lines)


def counts(table: "pa.Table", contract: "Contract") -> dict[str, dict[str, int]]:
    """Rows by value of the label columns of a table that people have left."""
    from reachbook.tables.suspicions.labels import labels

    of_kind = {kind: frozenset(c.name for c in contract.columns if c.kind == kind) for kind in ("text", "id")}
    return labels(table, of_kind["text"]).few(of_kind["id"])
