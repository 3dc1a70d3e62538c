"""People who are known on one platform only."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.accounts import interactions
from reachbook.quality.layout import subjects
from reachbook.quality.platforms import platforms


def test_people_by_platform(tmp_path: Path, events: pd.DataFrame) -> None:
    events["platform"] = ["douyin" if who < "u45" else "weibo" for who in events["user_id"]]
    linked = events[events["user_id"] == "u00"].assign(platform="weibo")
    made = platforms(subjects({"interactions": interactions(tmp_path, events, linked)}))
    assert made is not None
    assert made.people == 60
    assert made.share == pytest.approx(59 / 60)
    assert made.table.set_index("platform")["alone"].to_dict() == {"douyin": 44, "weibo": 15}


def test_one_platform_asks_nothing(tmp_path: Path, events: pd.DataFrame) -> None:
    assert platforms(subjects({"interactions": interactions(tmp_path, events.assign(platform="weibo"))})) is None
