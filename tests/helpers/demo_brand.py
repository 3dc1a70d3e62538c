"""Small simulated brands that tests share."""

from datetime import date

import pandas as pd

from reachbook.demo.spec import DemoSpec

START, END = date(2026, 7, 1), date(2026, 9, 30)
SMALL = DemoSpec(users=800, contents=150, interactions=40_000, orders=2_400, comments=6_000, units=12_000, weeks=104)
CAMPAIGNS = DemoSpec(users=50, contents=30, interactions=0, orders=0, comments=0, units=30)
"""Hardly anybody; the panel and the series are those of the whole brand, since every table has a stream of its own."""


def planted(frames: dict[str, pd.DataFrame], **wanted: str | None) -> pd.Series:
    """The one row of truth_campaigns with these values; None: where nothing stands."""
    rows = frames["truth_campaigns"]
    for name, value in wanted.items():
        rows = rows[rows[name].isna()] if value is None else rows[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]
