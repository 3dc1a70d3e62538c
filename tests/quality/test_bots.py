"""Each rule finds the account that breaks it, and no person."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.accounts import account, interactions
from helpers.event_tables import END, START, written
from reachbook.quality.bots import Bots, bots
from reachbook.quality.inspection import inspect
from reachbook.quality.layout import subjects
from reachbook.quality.spec import QualitySpec
from reachbook.quality.times import Times

EXACT = Times(1000, 0.001, 0, 0.02, 0.33)
MINUTES = Times(1000, 0.001, 0, 1.0, 0.33)
SPEC = QualitySpec()


def found(path: Path, times: Times = EXACT, name: str = "interactions") -> Bots:
    return bots(subjects({name: path}), {name: times}, SPEC, START, END)


def suspected(made: Bots) -> dict[str, tuple[str, ...]]:
    return {rule.name: rule.accounts for rule in made.rules if rule.accounts}


def test_people_are_not_suspected(tmp_path: Path, events: pd.DataFrame) -> None:
    assert suspected(found(interactions(tmp_path, events))) == {}


@pytest.mark.parametrize(
    ("rule", "robot"),
    [
        ("busy day", account("bot", "2026-08-01 08:00:00", 600, 60)),
        ("no sleep", account("bot", "2026-08-01 08:00:00", 40, 3 * 3600)),
        ("burst", account("bot", "2026-08-01 08:00:00", 30, 2)),
    ],
)
def test_who_breaks_one_rule_is_suspected_by_that_rule(
    tmp_path: Path, events: pd.DataFrame, rule: str, robot: pd.DataFrame
) -> None:
    assert suspected(found(interactions(tmp_path, events, robot))) == {rule: ("bot",)}


def test_just_below_a_rule_nobody_is_suspected(tmp_path: Path, events: pd.DataFrame) -> None:
    busy = account("busy", "2026-08-01 08:00:00", SPEC.events_a_day, 60)
    pausing = account("pausing", "2026-08-01 08:00:00", 40, SPEC.pause_hours * 3600 + 1)
    few = account("few", "2026-08-01 08:00:00", SPEC.burst_events - 1, 2)
    assert suspected(found(interactions(tmp_path, events, busy, pausing, few))) == {}


def test_times_without_seconds_tell_no_burst(tmp_path: Path, events: pd.DataFrame) -> None:
    made = found(interactions(tmp_path, events, account("bot", "2026-08-01 08:00:00", 30, 2)), MINUTES)
    assert [rule.name for rule in made.rules if not rule.asked] == ["burst"]
    assert made.accounts == []


def test_the_same_text_by_many_accounts_or_many_times(tmp_path: Path, comments: pd.DataFrame) -> None:
    army = comments.iloc[:12].assign(text="大家 快来买这个牌子真的好用", user_id=[f"army{k:02d}" for k in range(12)])
    again = comments.iloc[:10].assign(text="加我微信领取优惠券哦哦哦", user_id="again")
    short = comments.iloc[:30].assign(text="好评")
    every = pd.concat([comments, army, again, short], ignore_index=True)
    every["comment_id"] = [f"m{place}" for place in range(len(every))]
    made = suspected(found(written(tmp_path, "comments", every), name="comments"))
    assert made == {"shared text": tuple(f"army{k:02d}" for k in range(12)), "repeated text": ("again",)}


def test_main_figures_with_and_without_them(tmp_path: Path, events: pd.DataFrame) -> None:
    path = interactions(tmp_path, events, account("bot", "2026-08-01 08:00:00", 600, 60))
    made = found(path).compared().set_index("figure")
    assert made.loc["events", ["all", "without"]].tolist() == [len(events) + 600, len(events)]
    assert made.loc["people", "all"] - made.loc["people", "without"] == 1
    assert made.loc["events", "share"] == pytest.approx(600 / (len(events) + 600))


def test_nobody_is_dropped(tmp_path: Path, events: pd.DataFrame) -> None:
    path = interactions(tmp_path, events, account("bot", "2026-08-01 08:00:00", 600, 60))
    assert inspect({"interactions": path}, SPEC, START, END, 1).tables[0].counted == len(events) + 600
