"""Detect rows whose cells stand a column too far left or right: a time where a device belongs."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from reachbook.tables.contract import Contract
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.cells import Parsed
from reachbook.tables.kinds.times import looks_like_time
from reachbook.tables.problems import Problem, show
from reachbook.translation import tr

_LOOKED = 10_000


def shifted(raw: Raw, contract: Contract, found: Mapping[str, str], parsed: Mapping[str, Parsed]) -> list[Problem]:
    """Report, once, the rows in which a time column holds no time and the column beside it holds one."""
    for column in contract.columns:
        if column.kind not in ("time", "date") or column.name not in parsed:
            continue
        faulty = np.flatnonzero(parsed[column.name].faulty)[:_LOOKED]
        index = raw.frame.column_names.index(found[column.name])
        for beside in (index + 1, index - 1):
            if len(faulty) and 0 <= beside < len(raw.frame.column_names):
                rows = _with_times(raw, beside, faulty)
                if len(rows):
                    return [_problem(raw, found[column.name], raw.frame.column_names[beside], rows)]
    return []


def _with_times(raw: Raw, column: int, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Those of the rows in which a column holds a time, unless it holds times anyway."""
    values = raw.frame.column(column)
    usual = [values[int(i)].as_py() for i in np.linspace(0, len(values) - 1, 50)]
    if sum(looks_like_time(str(each)) for each in usual if each) > len(rows) / max(len(values), 1) * 100 + 5:
        return rows[:0]
    return rows[[looks_like_time(str(values[int(row)].as_py() or "")) for row in rows]]


def _problem(raw: Raw, name: str, beside: str, rows: npt.NDArray[np.int64]) -> Problem:
    more = tr(", and so {n:,} rows", n=len(rows)) if len(rows) > 1 else ""

    def tell(row: int) -> str:
        one, other = (show(raw.frame.column(each)[row].as_py()) for each in (name, beside))
        return tr(
            "its cells stand one column too far{more}: {name} holds {one}, and {beside} the time "
            "{other}. A text before them holds the delimiter without quotes, or a cell is missing. "
            "Mend the row.",
            more=more,
            name=show(name),
            one=one,
            beside=show(beside),
            other=other,
        )

    return Problem(-1, "", rows[:1], tell)


def without_rows(problems: Sequence[Problem], causes: Sequence[Problem]) -> list[Problem]:
    """Drop the problems of cells where one cause explains them all: the other cells of shifted rows are wrong too."""
    return [] if causes else list(problems)
