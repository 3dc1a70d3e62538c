"""Preflight checks: errors a notebook would raise for its parameters and tables, raised before it runs."""

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from reachbook import crash_log, params
from reachbook.errors import DataError, ParamsError, ReachbookError, RunError
from reachbook.notebook import Notebook
from reachbook.params import Document
from reachbook.study.files import StudyFile
from reachbook.study.study import version_folder
from reachbook.tables.store import Checked
from reachbook.translation import tr

EVENTS = ("interactions", "orders", "comments")
"""Tables of which a notebook reads only the rows within the period."""


def refuse(file: StudyFile, book: Notebook, tables: Mapping[str, Checked]) -> None:
    """Raise what the notebook would raise before its first estimate.

    Parameters
    ----------
    tables : mapping of str to Checked
        Tables that the notebook reads.

    Raises
    ------
    ParamsError, DataError
        The notebook's own message, preceded by its place in `params/<study>/<notebook>.yaml`.
    RunError
        The check itself fails, which says nothing about the study.
    """
    period = file.spec.period
    missed = [*_outside(file, tables, period.start, period.end)]
    if missed:
        raise DataError("\n".join(missed))
    for key, name in file.parameters[book.name].versions().items():
        _published(file, book, key, name)
    with _check(file, book):
        book.refuse(file.parameters[book.name], _paths(tables), period.start, period.end)


def doubts(file: StudyFile, book: Notebook, tables: Mapping[str, Checked]) -> tuple[str, ...]:
    """Warn of parameters that the notebook accepts and that look wrong all the same, each preceded by its place.

    Raises
    ------
    RunError
        The check itself fails, which says nothing about the study.
    """
    period = file.spec.period
    with _check(file, book):
        found = book.doubt(file.parameters[book.name], _paths(tables), period.start, period.end)
    return tuple(_placed(file, book, each) for each in found)


def _paths(tables: Mapping[str, Checked]) -> dict[str, Path]:
    return {name: table.path for name, table in tables.items()}


@contextmanager
def _check(file: StudyFile, book: Notebook) -> Iterator[None]:
    """Context in which a notebook's own check runs: its errors get their place, its faults are named as such."""
    try:
        with warnings.catch_warnings(action="ignore"):  # libraries' remarks are for developers
            yield
    except ReachbookError as error:
        raise type(error)(_placed(file, book, str(error))) from error
    except Exception as error:
        raise RunError(
            f"{_file(file, book)}: "
            + tr("the check before the run met {fault}", fault=crash_log.describe(error, file.root))
        ) from error


def _published(file: StudyFile, book: Notebook, key: str, name: str) -> None:
    """Look for the earlier version that a parameter names.

    Raises
    ------
    ParamsError
        There is no such version.
    """
    try:
        version_folder(file.root, book.name, name)
    except ParamsError as error:
        place = file.written.get(book.name, Document({})).place((key,)) or _file(file, book)
        raise ParamsError(f"{place}: {error}") from error


def _outside(file: StudyFile, tables: Mapping[str, Checked], start: date, end: date) -> Iterator[str]:
    """Yield one line for each table of events without a row in the period: the days it holds, and both remedies."""
    for name in EVENTS:
        days = _days(tables[name]) if name in tables else None
        if days and (days[1] < start or days[0] > end):
            place = file.document.place(("tables", name)) or f"params/{file.name}/study.yaml"
            yield f"{place}: " + tr(
                "table {name}: its rows run from {first} to {last}, all outside the study's period, {start} to {end}. "
                "Export the days of the period, or set `period` in params/{study}/study.yaml to days that the table "
                "holds.",
                name=name,
                first=days[0],
                last=days[1],
                start=start,
                end=end,
                study=file.name,
            )


def _days(table: Checked) -> tuple[date, date] | None:
    """First and last day of a table's events, or None where it is empty."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    found = pc.min_max(pq.read_table(table.path, columns=["at"])["at"]).as_py()
    low, high = found["min"], found["max"]
    return (low.date(), high.date()) if isinstance(low, datetime) and isinstance(high, datetime) else None


def _placed(file: StudyFile, book: Notebook, sentence: str) -> str:
    """Prefix a message with the line of the parameter that it is about, unless it states a place itself."""
    own = [f"params/{file.name}/", *(f"{source.describe()}:" for source in file.spec.tables.values())]
    if sentence.startswith(tuple(own)):
        return sentence
    document = file.written.get(book.name, Document({}))
    keys = next((keys for keys in _longest_first(document) if _is_about(sentence, params.dotted(keys))), None)
    return f"{document.place(keys) if keys else _file(file, book)}: {sentence}"


def _longest_first(document: Document) -> list[tuple[str | int, ...]]:
    return sorted((keys for keys in document.places if keys), key=len, reverse=True)


def _is_about(sentence: str, name: str) -> bool:
    """Whether a message is about a parameter: it begins with its name, quotes it, or uses an unmistakable name."""
    written = re.escape(name)
    quoted = re.search(rf"^(?:[a-z_]+: )?{written}\b|`{written}\b|\b{written}: ", sentence)
    return bool(quoted) or ("_" in name and re.search(rf"(?<![\w.]){written}\b", sentence) is not None)


def _file(file: StudyFile, book: Notebook) -> str:
    return f"params/{file.name}/{book.name}.yaml"
