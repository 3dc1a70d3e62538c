"""The rows a query returns from any database SQLAlchemy knows."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from reachbook.errors import DataError
from reachbook.tables.cells import text_of
from reachbook.tables.read import Raw, counted, named, without_empty_text
from reachbook.tables.source import Source, expand, hidden, locate
from reachbook.tables.workbook import cell_text


def read_query(source: Source, root: Path) -> Raw:
    """The result of the query. Raises DataError where the database cannot be reached or the query fails."""
    place = hidden(source.url or "")
    try:
        engine = create_engine(_url(source.url or "", root))
        with engine.connect() as connection:
            result = connection.execute(text(source.query or ""))
            if not result.returns_rows:
                raise DataError(f"{place}: the query returns no rows to read. Write a SELECT.")
            names, rows = list(result.keys()), result.fetchall()
        engine.dispose()
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise DataError(f"{place}: {_line(error)}. Mend the URL, or install the database's driver.") from None
    except SQLAlchemyError as error:
        raise DataError(
            f"{place}: {_line(getattr(error, 'orig', None) or error)}. Mend the query or the URL."
        ) from None
    columns = [_column([row[i] for row in rows]) for i in range(len(names))]
    frame = without_empty_text(pa.table(columns, names=[str(i) for i in range(len(names))]))
    facts = {"source": hidden(source.url or ""), "format": "database", "query": source.query}
    return Raw(named(names, frame, place), place, facts, counted(frame, 1), ordered=False, mark=", result row ")


def _url(given: str, root: Path) -> URL:
    """A relative SQLite file starts at the project's root, and has to be there: connecting would make an empty one."""
    url = make_url(expand(given))
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=str(locate(url.database, root)))
    return url


def _line(error: BaseException) -> str:
    return hidden(str(error).strip().splitlines()[0].rstrip("."))


def _column(values: Sequence[Any]) -> pa.Array:
    """Native where all cells are of one type, else text: SQLite lets a column hold anything."""
    kinds = {type(v) for v in values if v is not None}
    if kinds <= {int, float}:
        values = [None if v is None else float(v) for v in values] if float in kinds else values
    elif kinds == {Decimal}:
        values, kinds = [None if v is None else str(v) for v in values], {str}
    if len(kinds) <= 1 or kinds <= {int, float}:
        try:
            array = pa.array(values)
            return array.cast(pa.string()) if pa.types.is_null(array.type) or pa.types.is_binary(array.type) else array
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
            pass
    return pa.array(list(map(cell_text, values)), pa.string())


def digest(raw: Raw, query: str) -> str:
    """SHA-256 of the rows whatever their order (a database promises none), the columns and the query."""
    whole = hashlib.sha256(repr((query, [(f.name, str(f.type)) for f in raw.frame.schema])).encode())
    columns = [text_of(column.combine_chunks()).to_pylist() for column in raw.frame.columns]
    rows = sorted(hashlib.sha256(repr(row).encode()).digest() for row in zip(*columns, strict=True))
    for row in rows:
        whole.update(row)
    return whole.hexdigest()
