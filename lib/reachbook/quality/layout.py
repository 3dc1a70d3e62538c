"""How each table is read here: its time, its parts, its people, and whether rows are expected in every slot."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq


@dataclass(frozen=True)
class TableLayout:
    """How one table is read.

    Attributes
    ----------
    time : str
        Column with the day of a row.
    parts : tuple of str
        Columns whose values are watched one by one; together they name a part.
    person : str
        Column of the account behind a row; "" for none.
    measure : str
        Column that is added up by slot where the number of rows says nothing; "" to count rows.
    decided : bool
        Whether people decide on the measure, as on spend, so that its changes are no alarms.
    step : int
        Days in a slot: 1, or 7 for a table of weeks.
    grid : bool
        Whether each part has one row in every slot; else rows are events that come by chance.
    head, tail : bool
        Whether rows are expected from the first, and to the last slot of the study's period.
    minute : bool
        Whether rows count as equal within the same minute; else only at the same second.
    copies : bool
        Whether equal rows are looked for: only where chance makes none.
    """

    time: str
    parts: tuple[str, ...] = ("platform",)
    person: str = ""
    measure: str = ""
    decided: bool = False
    step: int = 1
    grid: bool = False
    head: bool = False
    tail: bool = False
    minute: bool = False
    copies: bool = False

    @property
    def may_be_late(self) -> bool:
        """Whether a low end can mean that rows are still to come: not of tables that may end on any day."""
        return self.tail or self.grid

    @property
    def noun(self) -> str:
        """A slot in a word."""
        return "week" if self.step == 7 else "day"


LAYOUTS: dict[str, TableLayout] = {
    "users": TableLayout("joined_on", person="user_id"),
    "interactions": TableLayout("at", person="user_id", head=True, tail=True, copies=True),
    "contents": TableLayout("published_at", copies=True),
    "orders": TableLayout("at", person="user_id", head=True, tail=True, minute=True, copies=True),
    "comments": TableLayout("at", person="user_id", head=True, tail=True, minute=True, copies=True),
    "experiment": TableLayout("assigned_at", ("arm",)),
    "panel": TableLayout("date", ("unit",), measure="outcome", grid=True),
    "series": TableLayout("date", ("unit",), measure="outcome", grid=True),
    "media": TableLayout("week", ("channel", "region"), measure="spend", decided=True, step=7, grid=True, tail=True),
    "outcome": TableLayout("week", ("region",), measure="value", step=7, grid=True, tail=True),
}
"""Every table that is judged, by name."""


@dataclass(frozen=True)
class Subject:
    """One table of a study.

    Attributes
    ----------
    rows : int
        Rows of the whole table.
    columns : tuple of str
        Columns of its file that are not empty throughout, from which every question below follows.
    """

    name: str
    path: Path
    rows: int
    columns: tuple[str, ...]

    @property
    def layout(self) -> TableLayout:
        """How it is read."""
        return LAYOUTS[self.name]

    @property
    def timed(self) -> bool:
        """Whether its rows have a day."""
        return self.layout.time in self.columns

    @property
    def parts(self) -> list[str]:
        """The columns that name a part, as far as the table has them."""
        return [column for column in self.layout.parts if column in self.columns]

    @property
    def person(self) -> str:
        """The column of the account behind a row; "" where it is not known."""
        return self.layout.person if self.layout.person in self.columns else ""


def subjects(tables: Mapping[str, Path]) -> list[Subject]:
    """The tables that are judged, in the order of `LAYOUTS`."""
    return [_subject(name, tables[name]) for name in LAYOUTS if name in tables]


def _subject(name: str, path: Path) -> Subject:
    file = pq.read_metadata(path)
    filled = dict.fromkeys(file.schema.names, file.num_rows == 0)
    for group in range(file.num_row_groups):
        for place in range(file.num_columns):
            column = file.row_group(group).column(place)
            known = column.statistics
            some = known is None or known.null_count is None or known.null_count < column.num_values
            filled[column.path_in_schema] = filled[column.path_in_schema] or some
    return Subject(name, path, file.num_rows, tuple(name for name, some in filled.items() if some))
