"""Shares of empty cells."""

from pathlib import Path

import pandas as pd

from helpers.accounts import interactions
from reachbook.quality.empty import empty
from reachbook.quality.layout import subjects


def test_shares_of_optional_columns(tmp_path: Path, events: pd.DataFrame) -> None:
    events["content_id"] = ["p1" if place % 4 else None for place in range(len(events))]
    made = empty(subjects({"interactions": interactions(tmp_path, events)})).set_index("column")["empty"]
    assert made.to_dict() == {"content_id": 0.25, "value": 1.0}
