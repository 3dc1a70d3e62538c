"""Duplicates: rows that are equal in all but their id."""

from dataclasses import dataclass
from pathlib import Path

from reachbook import query
from reachbook.quality.rows import Rows
from reachbook.quality.times import Times
from reachbook.tables.contract import CONTRACTS
from reachbook.translation import tr

SQL = Path(__file__).parent


@dataclass(frozen=True)
class Duplicates:
    """Rows of one table that repeat another one.

    Attributes
    ----------
    asked : int
        Rows that could be compared: those with an hour and, where the table has people, with a person.
    repeats : int
        Rows that say what an earlier one said.
    most : int
        How often the commonest row stands.
    worst_day : str
        Day with the most repeats; "" where there is none.
    on_worst_day : int
        Repeats on that day.
    equal : tuple of str
        Columns in which they are equal.
    """

    asked: int
    repeats: int
    most: int
    worst_day: str
    on_worst_day: int
    equal: tuple[str, ...]

    @property
    def share(self) -> float:
        """Repeats as a share of the rows that could be compared."""
        return self.repeats / self.asked if self.asked else 0.0


def duplicates(rows: Rows, times: Times | None) -> Duplicates | None:
    """Count the repeats of a table; None where equal rows mean nothing, or no two can be equal by contract."""
    subject, layout = rows.subject, rows.subject.layout
    if not layout.copies or times is None:
        return None
    keys = CONTRACTS[subject.name].key
    columns = [column for column in subject.columns if column not in (*keys, layout.time)]
    given = {"columns": columns, "time": layout.time, "minute": layout.minute, "stamp": times.stamp}
    given |= {"first": rows.first, "last": rows.last, "person": subject.person}
    seen = query.run(SQL / "duplicates.sql", {"source": subject.path}, given).iloc[0]
    asked, repeats, most, on_worst = (int(seen[name]) for name in ("asked", "repeats", "most", "on_worst_day"))
    worst = f"{seen['worst_day']:%Y-%m-%d}" if repeats else ""
    same = tr("the same minute") if layout.minute else tr("the same second")
    return Duplicates(asked, repeats, most, worst, on_worst, (*columns, same))
