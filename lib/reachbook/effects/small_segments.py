"""Segments of an experiment with too few units for a shared page, counted as one."""

from __future__ import annotations

import pandas as pd

from reachbook.translation import tr


def together(frame: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Give segments with few units in an arm one name, together with as many others as it takes.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a unit, with the columns arm and segment.
    minimum : int
        Fewest units of a segment in an arm that are told.

    Returns
    -------
    pandas.DataFrame
        The same rows. At least two segments bear the common name, and each arm has none or at least `minimum` of its
        units: from what is told of the others, a segment among them is known to no less than that. Without the column
        segment where that would take all segments.
    """
    named = frame["segment"].astype(object).where(frame["segment"].notna(), "(none)").astype(str)
    cells = pd.crosstab(named, frame["arm"])
    few = [str(each) for each in cells.index[_is_small(cells, minimum).any(axis=1)]]
    if not few:
        return frame
    merged = set(few)
    for name in cells.sum(axis=1).sort_values(kind="stable").index:
        if len(merged) > 1 and not _is_small(cells.loc[sorted(merged)].sum().to_frame(), minimum).any(axis=None):
            break
        merged.add(str(name))
    if len(merged) == len(cells):
        return frame.drop(columns="segment")
    return frame.assign(segment=named.mask(named.isin(merged), tr("{n} small segments together", n=len(merged))))


def _is_small(cells: pd.DataFrame, minimum: int) -> pd.DataFrame:
    return (cells > 0) & (cells < minimum)
