"""Read JSON and JSON Lines files: one object a row, every value as text, numbers digit by digit."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from reachbook.errors import DataError
from reachbook.tables.formats.encoding import recode
from reachbook.tables.formats.extent import refuse_wide
from reachbook.tables.formats.raw import Raw, named
from reachbook.tables.problems import show
from reachbook.tables.source import Source
from reachbook.translation import sentences, tr

Record = dict[str, str | None]


def read_records(path: Path, place: str, source: Source) -> Raw:
    """Read a file of JSON objects, nested ones under names with a dot, as in `user.nickname`.

    Raises
    ------
    DataError
        It is no JSON, or holds no list of objects where `records:` says.
    """
    text, encoding = recode(path.read_bytes(), place, source.encoding)
    lines = path.suffix.lower() != ".json"
    found = list(_lines(text, place)) if lines else _document(text, place, source.records)
    records = [_flat(each) for _, each in found]
    _refuse_halves(records, [n for n, _ in found], place, ":" if lines else tr(", record "))
    names = list(dict.fromkeys(name for record in records for name in record))
    refuse_wide(len(names), source, place)
    frame = pa.table({str(i): pa.array([r.get(n) for r in records], pa.string()) for i, n in enumerate(names)})
    facts = {"source": place, "format": "json lines" if lines else "json", "encoding": encoding}
    numbers = np.fromiter((n for n, _ in found), np.int64, len(found))
    return Raw(named(names, frame, place), place, facts, numbers, mark=":" if lines else tr(", record "))


def _refuse_halves(records: list[Record], numbers: list[int], place: str, mark: str) -> None:
    """Raise for texts that were cut in the middle of a character, which no file of text can hold."""
    for number, record in zip(numbers, records, strict=True):
        for name, value in record.items():
            if value is not None and any("\ud800" <= sign <= "\udfff" for sign in value):
                raise DataError(
                    f"{place}{mark}{number}: "
                    + tr("{name} ends in half a character (\\ud800). Mend the cell.", name=show(name))
                )


def _lines(text: bytes, place: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split(b"\n"), start=1):
        if line.strip():
            yield number, _object(_parsed(line, f"{place}:{number}"), f"{place}:{number}")


def _document(text: bytes, place: str, where: str | None) -> list[tuple[int, dict[str, Any]]]:
    """The objects of the list at `where`, or of the only list of objects that there is."""
    value = _parsed(text, place)
    if where:
        for key in where.split("."):
            if not isinstance(value, dict) or key not in value:
                raise DataError(
                    f"{place}: "
                    + sentences(
                        tr("has nothing at records: {where}; {there}", where=where, there=_there(value)),
                        tr("Mend records:."),
                    )
                )
            value = value[key]
    elif isinstance(value, dict):
        value = _only_list(value, place)
    if not isinstance(value, list):
        raise DataError(
            f"{place}: "
            + sentences(
                tr("holds no list of rows; {there}", there=_there(value)),
                tr("Say where they stand: `records: data.list`."),
            )
        )
    return [(n, _object(each, place + tr(", record ") + str(n))) for n, each in enumerate(value, start=1)]


def _only_list(value: dict[str, Any], place: str) -> Any:
    lists = dict(_lists(value, ""))
    if not lists:
        raise DataError(
            f"{place}: " + tr("holds no list of objects. Say where the rows stand, as in `records: data.list`.")
        )
    if len(lists) > 1:
        listed = ", ".join(f"{name} ({len(each):,})" for name, each in lists.items())
        raise DataError(
            f"{place}: "
            + tr(
                "holds {n} lists of objects: {listed}. Say which holds the rows, as in `records: {first}`.",
                n=len(lists),
                listed=listed,
                first=next(iter(lists)),
            )
        )
    return next(iter(lists.values()))


def _lists(value: dict[str, Any], before: str) -> Iterator[tuple[str, list[Any]]]:
    for key, each in value.items():
        if isinstance(each, dict):
            yield from _lists(each, f"{before}{key}.")
        elif isinstance(each, list) and any(isinstance(item, dict) for item in each):
            yield f"{before}{key}", each


def _there(value: Any) -> str:
    if isinstance(value, dict):
        return tr("there are {names}.", names=", ".join(map(show, list(value)[:20])))
    return tr("there is {value}.", value=show(_text(value)))


def _parsed(text: bytes, place: str) -> Any:
    """Parse with numbers kept as they are written: an id of 19 digits is no float."""
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_pairs)
    except _Twice as error:
        raise DataError(
            f"{place}: " + tr("an object has two values for {name}. Export it again.", name=show(str(error)))
        ) from None
    except json.JSONDecodeError as error:
        line = "" if place.rpartition(":")[2].isdigit() else f":{error.lineno}"
        raise DataError(
            f"{place}{line}: "
            + tr("is no JSON ({error}, column {column}). Export it again.", error=error.msg, column=error.colno)
        ) from None
    except RecursionError:
        raise DataError(f"{place}: " + tr("is nested too deeply to be a table. Export it flat.")) from None


class _Twice(Exception):
    """A name that stands twice in one object."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return dict(pairs)


def _object(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DataError(f"{place}: " + tr("is {value}, not an object with named values.", value=show(_text(value))))
    return value


def _flat(value: dict[str, Any], before: str = "") -> Record:
    """Values by name, nested objects under `outer.inner`; lists as JSON text."""
    row: Record = {}
    for key, each in value.items():
        if isinstance(each, dict):
            row |= _flat(each, f"{before}{key}.")
        else:
            row[f"{before}{key}"] = _text(each)
    return row


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
