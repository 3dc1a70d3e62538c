"""Cells in which people are counted: stated beforehand, each person in one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from reachbook import query
from reachbook.arrays import Ints
from reachbook.headcount.spec import OTHER, HeadcountSpec
from reachbook.privacy.people import USERS
from reachbook.translation import mark

STAGES = (mark("active"), mark("lapsing"), mark("dormant"))
_SQL = Path(__file__).parent / "people.sql"


@dataclass(frozen=True)
class Cells:
    """A table to be counted.

    Attributes
    ----------
    id : str
        Name of the table.
    labels : pandas.DataFrame
        One row a cell; its columns say which.
    ids : list of str (people,)
        Everybody, in alphabetical order.
    codes : int array (people,)
        Row of `labels` in which each person is.
    """

    id: str
    labels: pd.DataFrame
    ids: list[str]
    codes: Ints

    @property
    def counts(self) -> list[int]:
        """People in each cell, exactly; never shown."""
        counted: list[int] = np.bincount(self.codes, minlength=len(self.labels)).tolist()
        return counted


def cells(tables: Mapping[str, Path], spec: HeadcountSpec, start: date, end: date) -> list[Cells]:
    """Put everybody with an event from `start` to `end`, both inclusive, into the cells of each table.

    Parameters
    ----------
    tables : mapping of str to Path
        Checked Parquet files by table name; interactions, orders and users are read.

    Returns
    -------
    list of Cells
        By platform and stage, then one for each of `spec.traits`.
    """
    given = {name: tables[name] for name in ("interactions", "orders") if name in tables}
    flags = {name: name in given for name in ("interactions", "orders")}
    people = query.run(_SQL, given, {**flags, "start": start, "end": end})
    ids, platforms = people["user_id"].tolist(), [*spec.platforms, OTHER]
    code = _codes(people["platform"], spec.platforms) * len(STAGES) + _stages(people["last_day"], spec, end)
    pairs = [(platform, stage) for platform in platforms for stage in STAGES]
    found = [Cells("platforms", pd.DataFrame(pairs, columns=["platform", "stage"]), ids, code)]
    if spec.traits:
        users = pd.read_parquet(tables[USERS], columns=["user_id", *spec.traits]).set_index("user_id")
        traits = users.reindex(people["user_id"])
        for name, values in spec.traits.items():
            labels = pd.DataFrame({name: [*values, OTHER]})
            found.append(Cells(f"by_{name}", labels, ids, _codes(traits[name], values)))
    return found


def _codes(values: "pd.Series[str]", stated: tuple[str, ...]) -> Ints:
    """Place of each value among those that were stated; the place after the last for all others."""
    place = pd.Index(stated, dtype=object).get_indexer(pd.Index(values.astype(object)))
    codes: Ints = np.where(place < 0, len(stated), place).astype(np.int64)
    return codes


def _stages(last_day: "pd.Series[pd.Timestamp]", spec: HeadcountSpec, end: date) -> Ints:
    """Place of each person's stage among `STAGES`."""
    days = (pd.Timestamp(end) - pd.to_datetime(last_day)).dt.days.to_numpy()
    return np.searchsorted([spec.active_days, spec.lapsing_days], days, side="left").astype(np.int64)
