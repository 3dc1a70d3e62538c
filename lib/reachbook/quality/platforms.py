"""People who are known on one platform only: where ids are not linked, one person counts once a platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from reachbook import query
from reachbook.privacy.suppression import suppressed
from reachbook.quality.layout import Subject

SQL = Path(__file__).parent


@dataclass(frozen=True)
class Platforms:
    """Platforms on which people are known, over all tables that have both.

    Attributes
    ----------
    table : pandas.DataFrame
        One row for each platform: platform, people, alone (of them known nowhere else), share.
    people : int
        People on any platform.
    sources : tuple of str
        Tables that were asked.
    """

    table: pd.DataFrame
    people: int
    sources: tuple[str, ...]

    @property
    def share(self) -> float:
        """Share of people who are known on one platform only."""
        return float(self.table["alone"].sum()) / self.people if self.people else 0.0

    def told(self, minimum: int) -> pd.DataFrame:
        """`table` without numbers of fewer than `minimum` people, and without those that would give one away.

        Notes
        -----
        How many are known on one platform only is told of all platforms together, so that `alone` adds up to a known
        sum. The people of a platform who are known elsewhere, too, are what is left of all its people; they must not be
        few, either.
        """
        alone, people = (self.table[name].to_numpy() for name in ("alone", "people"))
        elsewhere = people - alone
        few = (people > 0) & (people < minimum)
        hidden = suppressed(alone, minimum, few | ((elsewhere > 0) & (elsewhere < minimum))).cells
        if not hidden.any():
            return self.table
        masked = {name: self.table[name].astype(float).mask(hidden) for name in ("alone", "share")}
        return self.table.assign(people=self.table["people"].astype(float).mask(few), **masked)


def platforms(tables: Sequence[Subject]) -> Platforms | None:
    """Count people by platform; None where no table has people on two platforms."""
    asked = [each for each in tables if each.person and "platform" in each.columns]
    if not asked:
        return None
    given = {"sources": [(each.name, each.person) for each in asked]}
    seen = query.run(SQL / "platforms.sql", {each.name: each.path for each in asked}, given)
    if len(seen) < 2:
        return None
    table = seen[["platform", "people", "alone"]].assign(share=seen["alone"] / seen["people"])
    return Platforms(table, int(seen["everybody"].iloc[0]), tuple(each.name for each in asked))
