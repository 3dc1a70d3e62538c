"""Rows that several files of one table share, as downloads of overlapping periods do."""

from pathlib import Path

import pandas as pd

from reachbook.draft.entries import YamlEntry
from reachbook.draft.kept_files import kept_file
from reachbook.draft.suspects import changed
from reachbook.errors import DataError
from reachbook.tables.columns import find_columns
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.formats.raw import Raw
from reachbook.tables.formats.read import read
from reachbook.tables.kinds.cells import text_of
from reachbook.tables.options.trimming import cleaned
from reachbook.tables.preset import resolved
from reachbook.tables.problems import show
from reachbook.tables.source import Source
from reachbook.translation import tr, trn

_FILE = "file of a row"
"""A column beside those of the files."""


def overlap(table: str, source: Source, root: Path) -> tuple[str, tuple[YamlEntry, ...]]:
    """What to say of rows that stand in several files of a source, and the option that keeps each once.

    Parameters
    ----------
    table : str
        Name of a contract.
    source : Source
        Several files of one shape.

    Returns
    -------
    tuple of (str, tuple of YamlEntry)
        A reason beside the files where no option helps, "" for none; and `keep:`, commented out where which row is the
        newer cannot be told.
    """
    source = resolved(source)
    if source.keep or source.lines == "first":
        return "", ()
    try:
        raw = cleaned(read(source, root, kept_file), source.missing, source.trim, frozenset())
        found = find_columns(raw, CONTRACTS[table], source)
    except DataError:
        return "", ()
    rows = _rows(raw)
    keys = [found[name] for name in CONTRACTS[table].key if name in found]
    if not keys or source.lines or source.refund_rows:
        shared = int(_in_several(rows, [name for name in rows.columns if name != _FILE]).sum())
        if not shared:
            return "", ()
        return trn(
            "{n} row stands in several of these files and count twice: leave one out",
            "{n} rows stand in several of these files and count twice: leave one out",
            shared,
        ), ()
    rows = rows[rows[keys[0]].notna()]
    twice = rows[_in_several(rows, keys)]
    return "", (_entry(raw, twice, keys),) if len(twice) else ()


def _rows(raw: Raw) -> pd.DataFrame:
    """Every row as text, with the number of its file."""
    frame = raw.frame
    texts = {name: text_of(frame.column(name).combine_chunks()).to_pandas() for name in frame.column_names}
    return pd.DataFrame({**texts, _FILE: 0 if raw.origin is None else raw.origin})


def _in_several(rows: pd.DataFrame, names: list[str]) -> "pd.Series[bool]":
    """Which rows say in these columns what a row of another file says."""
    return rows.groupby(names, dropna=False)[_FILE].transform("nunique") > 1


def _entry(raw: Raw, twice: pd.DataFrame, keys: list[str]) -> YamlEntry:
    said = trn(
        "{n} id stands in several of these files",
        "{n} ids stand in several of these files",
        len(twice.drop_duplicates(keys)),
    )
    if twice.duplicated([*keys, _FILE]).any():
        return YamlEntry("keep", "last", tr("{said}, some twice in one: one row of each would stay", said=said), True)
    if by := changed(raw):
        return YamlEntry("keep", f"newest by {by}", tr("guessed: {said}, and of each the newest row counts", said=said))
    if len(twice.drop_duplicates([name for name in twice.columns if name != _FILE])) == len(
        twice.drop_duplicates(keys)
    ):
        return YamlEntry("keep", "last", tr("guessed: {said}, word for word: the downloads overlap", said=said))
    last = show(raw.places[int(twice[_FILE].max())])
    return YamlEntry(
        "keep",
        "last",
        tr("{said} and differ: take the # away if {last} is the newest", said=said, last=last),
        True,
    )
