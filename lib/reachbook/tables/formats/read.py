"""Read a table by the kind of its source: text stays text, native types stay native."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from reachbook.errors import DataError, ReachbookError
from reachbook.tables.files import locate
from reachbook.tables.formats.extent import refuse_wide
from reachbook.tables.formats.raw import Raw, counted, joined, named, with_rows, without_empty_text
from reachbook.tables.preset import alternatives
from reachbook.tables.problems import show
from reachbook.tables.source import Source
from reachbook.translation import mark, tr

TEXT = (".csv", ".tsv", ".txt")
WORKBOOK = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
RECORDS = (".json", ".jsonl", ".ndjson")
PARQUET = (".parquet", ".pq")


Reader = Callable[[str, Source, Path], Raw]
"""Reads the file of a name, as `read_file` does."""


def read(source: Source, root: Path, reader: Reader | None = None) -> Raw:
    """Read the table that `source` describes.

    Parameters
    ----------
    reader : Reader
        Reads each of its files; `read_file` if left out.

    Raises
    ------
    DataError
        It cannot be read, or has no rows.
    """
    if source.url:
        _refuse_unknown("url", source, source.describe())
        from reachbook.tables.formats.database import read_query

        return with_rows(read_query(source, root))
    _refuse_misplaced(source, root)
    if source.files:
        return with_rows(_read_sql(source, root))
    raws = [_with_constants(name, fixed, source, root, reader or read_file) for name, fixed in source.named(root)]
    if len(raws) > 1:
        raws = [_renamed(raw, source) for raw in raws]
    return with_rows(joined(raws, source.describe()))


def _renamed(raw: Raw, source: Source) -> Raw:
    """Give columns that go by several names, file by file, the first of them."""
    names = raw.frame.column_names
    there = {name.strip(): name for name in names}
    new: dict[str, str] = {}
    for known in map(alternatives, source.columns.values()):
        theirs = next((there[name] for name in known if name in there), None)
        if theirs is not None and known[0] not in there:
            new[theirs] = known[0]
    return replace(
        raw,
        frame=raw.frame.rename_columns([new.get(name, name) for name in names]),
        numeric={new.get(name, name): mask for name, mask in raw.numeric.items()},
    )


_UNKNOWN = {
    ".json": ("footer", "header", "comment", "block", "decimal"),
    ".xml": ("footer", "header", "comment", "block", "decimal"),
    ".parquet": ("footer", "header", "comment", "block", "decimal"),
    ".xlsx": ("comment",),
    "url": ("footer", "header", "comment", "block", "decimal", "from_name", "sheet", "records", "delimiter"),
}
"""Options that would be ignored, and with them what they are to leave out, by kind of source."""


def _refuse_unknown(kind: str, source: Source, place: str) -> None:
    """Raise for an option that this kind of source does not know."""
    stated = [option for option in _UNKNOWN.get(kind, ()) if source.states(option)]
    if stated:
        raise DataError(
            f"{place}: " + tr("{option}: is not for this kind of source. Remove the line.", option=stated[0])
        )


_FOR = {
    "sheet": (WORKBOOK, mark("workbooks")),
    "records": (RECORDS[:1], mark(".json files")),
    "delimiter": (TEXT, mark("text files")),
}
"""Options that say where rows stand in files of one kind, which one file of several may be."""


def _refuse_misplaced(source: Source, root: Path) -> None:
    """Raise for an option that says where rows stand in a kind of file of which the source has none."""
    names = [*source.files.values(), *(name for name, _ in source.named(root))]
    for option, (endings, kind) in _FOR.items():
        if source.states(option) and not any(name.lower().endswith(endings) for name in names):
            place = ", ".join(name.removeprefix("package://") for name in names[:3])
            raise DataError(
                f"{place}: "
                + tr("{option}: is for {kind}, and this is none. Remove the line.", option=option, kind=tr(kind))
            )


def _with_constants(name: str, fixed: dict[str, str], source: Source, root: Path, reader: Reader) -> Raw:
    """Read one file, and add the columns that its name or study.yaml gives.

    Raises
    ------
    DataError
        The file has such a column already, or its name does not match `from_name:`.
    """
    raw = reader(name, source, root)
    values = {**source.constants, **fixed, **_from_name(name, source.from_name)}
    lower = {column.casefold(): column for column in raw.frame.column_names}
    for column, value in values.items():
        if column.casefold() in lower:
            raise DataError(
                f"{raw.place}: "
                + tr(
                    "has a column {there} already, and study.yaml states {column}: {value} for it. Drop one of the "
                    "two.",
                    there=show(lower[column.casefold()]),
                    column=column,
                    value=value,
                )
            )
        raw = raw.with_column(column, pa.array([value] * raw.frame.num_rows, pa.string()))
    return raw


def _from_name(name: str, patterns: dict[str, str]) -> dict[str, str]:
    """Values that regular expressions find in a file's name, by our column."""
    file = name.rpartition("/")[2]
    found = {column: re.search(pattern, file) for column, pattern in patterns.items()}
    lost = next((column for column, match in found.items() if match is None), None)
    if lost is not None:
        raise DataError(
            f"{name}: "
            + tr(
                "from_name: nothing in this name matches {pattern!r} of {column}. Mend it.",
                pattern=patterns[lost],
                column=lost,
            )
        )
    return {column: match[match.re.groups] for column, match in found.items() if match is not None}


def read_file(name: str, source: Source, root: Path) -> Raw:
    """Read one file according to its suffix.

    Raises
    ------
    DataError
        The file is missing or of an unknown kind.
    """
    path = locate(name, root)
    place = name.removeprefix("package://")
    ending = path.suffix.lower()
    alike = next((kind[0] for kind in (WORKBOOK, RECORDS, PARQUET) if ending in kind), ending)
    _refuse_unknown(alike, source, place)
    if ending in TEXT:
        from reachbook.tables.formats.delimited import read_text

        return read_text(path, place, source)
    if ending in WORKBOOK:
        from reachbook.tables.formats.workbook import read_workbook

        return read_workbook(path, place, source)
    if ending in PARQUET:
        return _read_parquet(path, place, source)
    if ending in RECORDS:
        from reachbook.tables.formats.records import read_records

        return read_records(path, place, source)
    if ending == ".xml":
        from reachbook.tables.formats.danmaku import read_danmaku

        return read_danmaku(path, place)
    raise DataError(
        f"{place}: "
        + tr(
            "{ending} is not a kind of table file. Export it as one of {kinds} .xml .parquet.",
            ending=ending or tr("no ending"),
            kinds=" ".join(TEXT + WORKBOOK + RECORDS),
        )
    )


def _read_parquet(path: Path, place: str, source: Source) -> Raw:
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        refuse_wide(len(file.schema_arrow), source, place)
        frame = file.read()
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(
            f"{place}: "
            + tr("is not a readable Parquet file ({error}). Export it again.", error=str(error).splitlines()[0])
        ) from None
    frame = without_empty_text(named(list(frame.column_names), frame, place))
    return Raw(frame.replace_schema_metadata(None), place, {"source": place, "format": "parquet"}, counted(frame, 1))


def _read_sql(source: Source, root: Path) -> Raw:
    """Run DuckDB SQL over the named files; Parquet is scanned in place, other files are read as text."""
    from reachbook.query import arrow

    place = source.sql or ""
    tables: dict[str, Path | pa.Table] = {}
    for name, file in source.files.items():
        path = locate(file, root)
        tables[name] = path if path.suffix.lower() in PARQUET else read_file(file, source, root).frame
    try:
        frame = arrow(locate(place, root), tables)
    except ReachbookError as error:
        raise DataError(f"{place}: " + str(error).partition(": ")[2]) from None
    facts = {"source": place, "format": "sql", "files": dict(sorted(source.files.items()))}
    return Raw(
        without_empty_text(named(list(frame.column_names), frame, place)),
        place,
        facts,
        counted(frame, 1),
        mark=tr(", result row "),
        beside={file.removeprefix("package://"): tables[name] for name, file in source.files.items()},
        query=locate(place, root).read_text("utf-8"),
    )
