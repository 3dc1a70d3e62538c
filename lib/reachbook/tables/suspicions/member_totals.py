"""Detect a channel, city or region that is the sum of all others and would count everything twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from reachbook.tables.contract import Contract
from reachbook.tables.problems import show
from reachbook.translation import tr

if TYPE_CHECKING:
    import pandas as pd

_GRIDS = {
    "media": ("channel", ("week", "region"), "spend"),
    "panel": ("unit", ("date",), "outcome"),
    "outcome": ("region", ("week",), "value"),
}
"""By table: whose rows are added up, within what, and the number that is added."""
_FEWEST, _OTHERS = 3, 2
_ALMOST_ALL = 0.9
_ROUNDING = 1e-3


def member_totals(table: pa.Table, contract: Contract, place: str, theirs: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for a member that is the sum of all others in nine tenths of the periods and more: 全渠道, 全国.

    Parameters
    ----------
    theirs : mapping of str to str
        Name in the file of each column that the file has.
    """
    grid = _GRIDS.get(contract.name)
    if grid is None or not {grid[0], grid[2]} <= set(theirs):
        return
    member, within, number = grid
    each = [name for name in within if name in theirs]
    wide = table.select([member, *each, number]).to_pandas().assign(**{number: lambda f: f[number].astype(float)})
    wide = wide.pivot_table(index=each, columns=member, values=number, aggfunc="sum", observed=True)
    name = _sum_of_others(wide)
    if name is not None:
        yield (
            f"{place}: "
            + tr(
                "{column} {name} is the sum of all {n} others in {periods} periods. Leave it out, or everything counts "
                "twice: `where: {{{plain}: {{other_than: [{value}]}}}}`.",
                column=show(theirs[member]),
                name=show(name),
                n=wide.shape[1] - 1,
                periods=len(wide),
                plain=theirs[member],
                value=name,
            )
        )


def _sum_of_others(wide: pd.DataFrame) -> str | None:
    """The column of `wide` that is the sum of the others; None where there is none, or too little to tell."""
    if wide.shape[1] <= _OTHERS or len(wide) < _FEWEST:
        return None
    values = wide.to_numpy(dtype=float)
    largest = int(np.argmax(np.nansum(values, axis=0)))
    own, others = values[:, largest], np.nansum(np.delete(values, largest, axis=1), axis=1)
    given = np.isfinite(own) & (own != 0)
    alike = np.abs(own - others)[given] <= _ROUNDING * np.abs(own)[given]
    varied = len(np.unique(own[given])) >= _FEWEST
    return str(wide.columns[largest]) if varied and len(alike) and alike.mean() >= _ALMOST_ALL else None
