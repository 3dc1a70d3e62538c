"""People who are known on one platform only."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.accounts import interactions
from reachbook.quality.layout import subjects
from reachbook.quality.platforms import Platforms, platforms


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


@pytest.mark.parametrize(
    ("people", "alone", "everybody", "shown"),
    [
        ([500, 300], [450, 250], 700, [[500, 300], [450, 250]]),
        ([500, 7], [480, 3], 490, [[500, -1], [-1, -1]]),
        ([500, 300], [490, 200], 750, [[500, 300], [-1, -1]]),
    ],
    ids=["many", "few on a platform", "few on one platform are known elsewhere, too"],
)
def test_few_people_are_not_told(people: list[int], alone: list[int], everybody: int, shown: list[list[int]]) -> None:
    table = pd.DataFrame({"platform": ["a", "b"], "people": people, "alone": alone})
    made = Platforms(table.assign(share=table["alone"] / table["people"]), everybody, ("orders",)).told(20)
    assert [made["people"].fillna(-1).tolist(), made["alone"].fillna(-1).tolist()] == shown
    assert made["share"].isna().tolist() == made["alone"].isna().tolist()
