"""Weekly rows of which some units' weeks begin on another day than the others'."""

from __future__ import annotations

import pandas as pd

from reachbook.effects.counterfactual.missing_cells import WEEKDAYS, listed
from reachbook.errors import DataError
from reachbook.translation import day, tr


def refuse_mixed(table: pd.DataFrame, design: str) -> None:
    """Check that the weeks of all units begin on the same day of the week; other rows than weekly ones pass.

    Parameters
    ----------
    table : DataFrame
        unit, and date as a date.

    Raises
    ------
    DataError
        Every unit has all its rows on one day of the week, but not all on the same: on a grid of days none of them
        would have a row where the others have theirs.
    """
    weekday = table["date"].dt.day_of_week
    by_unit = weekday.groupby(table["unit"]).agg(["nunique", "first", "size"])
    if not ((by_unit["nunique"] == 1) & (by_unit["size"] > 1)).all() or by_unit["first"].nunique() == 1:
        return
    usual = int(by_unit["first"].mode().iloc[0])
    odd = by_unit.index[by_unit["first"] != usual]
    first = table.loc[table["unit"] == odd[0], "date"].min()
    raise DataError(
        tr(
            "Table {design}: each unit has its rows on one day of the week, most of them on {usual}, but these on "
            "another: {names} ({unit} on {other}, first on {first}). Write each week by the same day.",
            design=design,
            usual=tr(WEEKDAYS[usual]),
            names=listed(list(odd)),
            unit=odd[0],
            other=tr(WEEKDAYS[int(weekday[table["unit"] == odd[0]].iloc[0])]),
            first=day(first),
        )
    )
