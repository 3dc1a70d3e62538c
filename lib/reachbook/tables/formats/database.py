"""Read the rows of a query from any database that SQLAlchemy supports."""

import hashlib
import os
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import URL, Connection, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from reachbook.errors import DataError
from reachbook.tables.address import redacted, shown_url, spellings
from reachbook.tables.files import locate
from reachbook.tables.formats.raw import Raw, counted, named, without_empty_text
from reachbook.tables.formats.read_only import engine, guard, settle, stopwatch
from reachbook.tables.kinds.cells import cell_text, text_of
from reachbook.tables.source import Source, expand
from reachbook.translation import sentences, tr, trn


def read_query(source: Source, root: Path) -> Raw:
    """Run the source's query and return its rows.

    Raises
    ------
    DataError
        The query is not a single SELECT, the database cannot be reached, or the query fails.
    """
    place = shown_url(source.url or "")
    url = _url(source.url or "", root, place)
    guard(source.query or "", url.get_backend_name(), place)
    names, rows = _rows(url, source, place)
    columns = [_column([row[i] for row in rows]) for i in range(len(names))]
    frame = without_empty_text(pa.table(columns, names=[str(i) for i in range(len(names))]))
    facts = {"source": place, "format": "database", "query": source.query}
    return Raw(
        named(names, frame, place),
        place,
        facts,
        counted(frame, 1),
        ordered=False,
        mark=tr(", result row "),
        query=source.query or "",
    )


def _rows(url: URL, source: Source, place: str) -> tuple[list[str], Sequence[Sequence[Any]]]:
    """Names and rows of the result.

    Raises
    ------
    DataError
        The query fails or returns no rows; whatever a driver raises is converted to this.
    """
    seconds = source.most_seconds
    with _connected(url, source, place) as connection, stopwatch(connection, seconds) as is_over:
        try:
            result = connection.execute(text((source.query or "").replace(":", r"\:")))
            names, rows = (list(result.keys()), result.fetchall()) if result.returns_rows else ([], [])
        except Exception as error:
            if is_over():
                said = trn("the query took over {n} second.", "the query took over {n} seconds.", seconds)
                remedy = tr("Ask for less at once, let the database keep an index for it, or raise most_seconds.")
                raise DataError(f"{place}: " + sentences(said, remedy)) from None
            line = _line(getattr(error, "orig", None) or error, url, source)
            raise DataError(f"{place}: " + tr("{line}. Mend the query or the URL.", line=line)) from None
    if not names:
        raise DataError(f"{place}: " + tr("the query returns no rows to read. Write a SELECT."))
    return names, rows


def _connected(url: URL, source: Source, place: str) -> Connection:
    """Open a connection, read-only where the database supports that.

    Raises
    ------
    DataError
        The driver is missing, or the database cannot be reached.
    """
    try:
        connection = engine(url, source.most_seconds).connect()
        settle(connection, source.most_seconds)
    except (NoSuchModuleError, ImportError) as error:
        line = _line(error, url, source)
        raise DataError(
            f"{place}: " + tr("{line}. Mend the URL's scheme, or install the database's driver.", line=line)
        ) from None
    except Exception as error:
        line = _line(getattr(error, "orig", None) or error, url, source)
        raise DataError(
            f"{place}: " + tr("{line}. Mend the URL, or see that the database can be reached from here.", line=line)
        ) from None
    return connection


def _url(given: str, root: Path, place: str) -> URL:
    """Parse the URL; a relative file of SQLite or DuckDB starts at the project's root and must exist.

    Raises
    ------
    DataError
        It is not a database URL, or its file is missing.
    """
    try:
        url = make_url(expand(given))
    except (ArgumentError, ValueError):
        raise DataError(
            f"{place}: "
            + tr(
                "cannot be read as a database URL. Write scheme://user:${PASSWORD}@host/database, with "
                "signs such as @ : / in a password written as %40 %3A %2F."
            )
        ) from None
    inside = url.get_backend_name() in ("sqlite", "duckdb") and not (url.database or "").startswith((":memory:", "md:"))
    if inside and url.database:
        url = url.set(database=str(locate(_file(url.database), root)))
    return url


def _file(database: str) -> str:
    """File part of a SQLite database name: shop.db for `file:shop.db?mode=ro&uri=true`."""
    return database.removeprefix("file:").partition("?")[0]


def _line(error: BaseException, url: URL, source: Source) -> str:
    """First line of the driver's message, without the secrets of the URL."""
    line = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".!")
    if isinstance(error, NoSuchModuleError):
        return tr("there is no driver for {name}", name=url.drivername)
    return redacted(line, _secrets(url, source.url or ""))


def _secrets(url: URL, given: str) -> set[str]:
    """Every part of a URL that must not be shown, in all its spellings."""
    asked = [part for value in url.normalized_query.values() for each in value for part in _parts(each)]
    env = [os.environ.get(name, "") for name in re.findall(r"\$\{(\w+)\}", given)]
    whole = [given, expand(given), url.render_as_string(hide_password=False)]
    pieces = [str(url.password or ""), str(url.username or ""), *asked, *env, *whole]
    open_to_all = {str(url.host or ""), str(url.database or ""), url.drivername, url.get_backend_name()}
    return {form for piece in pieces if piece for form in spellings(piece)} - open_to_all


def _parts(value: str) -> list[str]:
    """A query value and, if it is itself a list of settings (odbc_connect), the values in it."""
    return [value, *(part.partition("=")[2] for part in re.split("[;&]", value) if "=" in part)]


def _column(values: Sequence[Any]) -> pa.Array:
    """Native type where all cells share one, else text: a SQLite column can hold anything."""
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
    """SHA-256 of the rows in any order (databases guarantee none), the columns and the query."""
    whole = hashlib.sha256(repr((query, [(f.name, str(f.type)) for f in raw.frame.schema])).encode())
    columns = [text_of(column.combine_chunks()).to_pylist() for column in raw.frame.columns]
    rows = sorted(hashlib.sha256(repr(row).encode()).digest() for row in zip(*columns, strict=True))
    for row in rows:
        whole.update(row)
    return whole.hexdigest()
