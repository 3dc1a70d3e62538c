"""Groups of people that are too small for a shared page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.errors import ParamsError
from reachbook.translation import trn

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def refuse_small(id: str, frame: pd.DataFrame, people: Sequence[str], minimum: int, place: str) -> None:
    """Refuse a table that counts a group of fewer than `minimum` people.

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

    Notes
    -----
    The page is refused rather than the cell hidden: figures and sentences state the same group, and margins, or an
    earlier version, may give a hidden cell away.
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
