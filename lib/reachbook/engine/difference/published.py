"""What differs between the tables that two versions published, by their keys: who came, who went, what moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from reachbook.result import Result

MOST_ROWS, MOST_KEYS = 200_000, 3
"""Rows that are compared one by one, and columns of a key."""


@dataclass(frozen=True)
class MovedCell:
    """A number that moved.

    Attributes
    ----------
    row : str
        Its key, as text.
    """

    row: str
    column: str
    before: float
    after: float


@dataclass(frozen=True)
class PublishedChange:
    """One published table in two versions that differ.

    Attributes
    ----------
    key : tuple of str
        Columns that name a row; empty where none do, and then rows are only counted.
    before, after : int or None
        Number of rows; None where the version has no such table.
    came, went : tuple of str
        Keys that only the newer, and only the older one has.
    changed : int
        Rows that both have with other values.
    moved : tuple of MovedCell
        The numbers that moved most, relative to their size, largest first.
    """

    id: str
    key: tuple[str, ...]
    before: int | None
    after: int | None
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    changed: int = 0
    moved: tuple[MovedCell, ...] = ()


def changes(before: Result, after: Result, most: int = 5) -> list[PublishedChange]:
    """Compare all published tables; those with the same bytes are left out, and those of single people.

    Raises
    ------
    RunError
        A table is damaged.
    """
    old, new = ({entry.id: entry for entry in each.tables} for each in (before, after))
    private = {entry.id for each in (old, new) for entry in each.values() if entry.private}
    found = []
    for id in [each for each in dict.fromkeys([*new, *old]) if each not in private]:
        if id in old and id in new:
            if old[id].sha256 != new[id].sha256:
                found.append(compared(id, before.table(id), after.table(id), most))
        else:
            was, now = (each[id].rows if id in each else None for each in (old, new))
            found.append(PublishedChange(id, (), was, now))
    return found


def compared(id: str, before: pd.DataFrame, after: pd.DataFrame, most: int = 5) -> PublishedChange:
    """Compare two frames row by row, by the columns that name a row in both."""
    old, new = (_plain(frame) for frame in (before, after))
    key = _key(old, new) if max(len(old), len(new)) <= MOST_ROWS else ()
    if not key:
        return PublishedChange(id, (), len(old), len(new))
    old, new = (frame.set_index(_named(frame, key)).drop(columns=list(key)) for frame in (old, new))
    both, columns = new.index.intersection(old.index, sort=False), [each for each in new if each in old]
    was, now = old.loc[both, columns], new.loc[both, columns]
    differs = pd.DataFrame({name: _differs(was[name], now[name]) for name in columns}, index=both)
    return PublishedChange(
        id=id,
        key=key,
        before=len(old),
        after=len(new),
        came=tuple(map(_shown, new.index.difference(old.index, sort=False))),
        went=tuple(map(_shown, old.index.difference(new.index, sort=False))),
        changed=int(differs.any(axis=1).sum()),
        moved=_moved(was, now, differs, most),
    )


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its named index levels as columns, and what cannot be compared as text."""
    named = [name for name in frame.index.names if name is not None]
    frame = frame.reset_index(named) if named and not set(named) & set(frame.columns) else frame
    frame = frame.reset_index(drop=True)
    columns = {_title(name): column for name, column in frame.items()}
    plain = {name: column if _is_number(column) else column.astype(str) for name, column in columns.items()}
    return pd.DataFrame(plain, index=frame.index)


def _title(name: object) -> str:
    """Name of a column in one piece, also where it has several levels."""
    return " ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _is_number(column: "pd.Series[Any]") -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _key(old: pd.DataFrame, new: pd.DataFrame) -> tuple[str, ...]:
    """The fewest, leftmost columns of text that name each row in both frames; whole numbers where text does not."""
    common = [name for name in new if name in old]
    texts = [name for name in common if not _is_number(new[name]) and not _is_number(old[name])]
    whole = [name for name in common if all(pd.api.types.is_integer_dtype(frame[name]) for frame in (old, new))]
    for names in (texts, [*texts, *whole]):
        for count in range(1, min(len(names), MOST_KEYS) + 1):
            for chosen in combinations(names[:8], count):
                if not any(frame.duplicated(list(chosen)).any() for frame in (old, new)):
                    return tuple(map(str, chosen))
    return ()


def _named(frame: pd.DataFrame, key: Sequence[str]) -> "pd.Index[Any]":
    """Name of each row: its key's values, kept apart, since a value may hold whatever would join them."""
    rows = frame[list(key)].astype(str).itertuples(index=False, name=None)
    return pd.Index(list(rows), dtype=object, tupleize_cols=False)


def _shown(row: tuple[str, ...]) -> str:
    return " · ".join(row)


def _differs(old: "pd.Series[Any]", new: "pd.Series[Any]") -> "np.ndarray[Any, np.dtype[np.bool_]]":
    if _is_number(old) and _is_number(new):
        was, now = (each.to_numpy(dtype=float, na_value=np.nan) for each in (old, new))
        return np.asarray(~np.isclose(was, now, rtol=1e-9, atol=0.0, equal_nan=True), dtype=np.bool_)
    return np.asarray(old.astype(str) != new.astype(str), dtype=np.bool_)


def _moved(was: pd.DataFrame, now: pd.DataFrame, differs: pd.DataFrame, most: int) -> tuple[MovedCell, ...]:
    cells: list[tuple[float, MovedCell]] = []
    for name in was:
        if _is_number(was[name]) and _is_number(now[name]):
            old, new = (each[name].to_numpy(dtype=float, na_value=np.nan) for each in (was, now))
            size = np.maximum(np.abs(old), np.abs(new))
            share = np.abs(new - old) / np.where(size > 0, size, 1.0)
            share = np.where(differs[name] & np.isfinite(share), share, 0.0)
            for place in np.argsort(-share, kind="stable")[:most]:
                if share[place] > 0:
                    cell = MovedCell(_shown(was.index[place]), str(name), float(old[place]), float(new[place]))
                    cells.append((float(share[place]), cell))
    return tuple(cell for _, cell in sorted(cells, key=lambda pair: -pair[0])[:most])
