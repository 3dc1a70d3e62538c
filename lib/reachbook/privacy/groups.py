"""Groups of people that are too small to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.errors import ParamsError
from reachbook.translation import trn

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def without_small(frame: pd.DataFrame, people: str, minimum: int, by: tuple[str, str] | None = None) -> pd.DataFrame:
    """Empty the groups that are too small, and as many others as it takes that the total gives none away.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a group; every person is in one group.
    people : str
        Column that counts the people of each group.
    minimum : int
        Fewest people of a group that is told.
    by : tuple of (str, str) or None
        Two columns by which the groups are the cells of a table, whose rows and columns add up to what readers may
        know; None where only the total is known.

    Returns
    -------
    pandas.DataFrame
        The same rows; where a group is hidden, `people` and all columns of fractions, which rest on its people, are
        missing.
    """
    import pandas as pd

    from reachbook.privacy.suppression import suppressed  # SciPy costs as long as all else that a run imports

    if by is None:
        hidden = suppressed(frame[people].to_numpy(), minimum).cells
    else:
        table = frame.pivot(index=by[0], columns=by[1], values=people).fillna(0).astype(int)
        cells = suppressed(table.to_numpy(), minimum, public=(True, True)).cells
        row, column = (pd.Index(frame[name]) for name in by)
        hidden = cells[table.index.get_indexer(row), table.columns.get_indexer(column)]
    resting = [people, *(str(name) for name in frame if frame[name].dtype.kind == "f")]
    return frame.assign(**{name: frame[name].astype(float).mask(hidden) for name in resting}) if hidden.any() else frame


def said_of_hidden(hidden: int, minimum: int) -> str:
    """Say how many groups are hidden, and why; "" for none."""
    if not hidden:
        return ""
    return trn(
        "{n} group is not told: it has fewer than {minimum} people, or would give such a group away.",
        "{n} groups are not told: they have fewer than {minimum} people, or would give such a group away.",
        hidden,
        minimum=minimum,
    )


def without_small_rows(frame: pd.DataFrame, people: Sequence[str], minimum: int) -> pd.DataFrame | None:
    """Leave out the groups that are too small, and as many others as it takes that no total gives them away.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a group; of each column of `people`, every person is in one group, and the total is known to readers.
    people : sequence of str
        Columns that count people; those that are not there are left aside.

    Returns
    -------
    pandas.DataFrame or None
        The rows that may be told, whole: words and whole numbers of a row may rest on its people as much as fractions
        do. None where no row may be told.
    """
    import numpy as np

    counts = [frame[each].fillna(0).astype(int).to_numpy() for each in people if each in frame]
    if not any(((each > 0) & (each < minimum)).any() for each in counts):
        return frame
    from reachbook.privacy.suppression import suppressed

    hidden, before = np.zeros(len(frame), dtype=bool), -1
    while hidden.sum() > before:  # what one column hides, the others hide, too
        before = int(hidden.sum())
        for each in counts:
            hidden |= suppressed(each, minimum, hidden).cells
    return None if hidden.all() else frame[~hidden]


def refuse_small(id: str, frame: pd.DataFrame, people: Sequence[str], minimum: int, place: str) -> None:
    """Refuse a table that counts a group of fewer than `minimum` people; for one in which no row may be told.

    Parameters
    ----------
    id : str
        Name of the table.
    people : sequence of str
        Columns that count people; those that are not there are left aside.
    place : str
        File in which the minimum is set.

    Raises
    ------
    ParamsError
        A cell counts at least 1 and fewer than `minimum` people.

    """
    counted = [value for each in people if each in frame for value in frame[each] if 0 < value < minimum]
    if counted:
        raise ParamsError(
            f"{place}: "
            + trn(
                "privacy: table {table} counts a group of {n} person, fewer than the minimum of {minimum} for a shared "
                "page. Take together or leave out what makes the group so small, or set `audience: internal`.",
                "privacy: table {table} counts a group of {n} people, fewer than the minimum of {minimum} for a shared "
                "page. Take together or leave out what makes the group so small, or set `audience: internal`.",
                int(min(counted)),
                table=id,
                minimum=minimum,
            )
        )
