"""People who are known on one platform only: where ids are not linked, one person counts once a platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from reachbook import query
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
