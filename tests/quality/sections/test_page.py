"""The page says what was planted, and nothing where nothing is wrong."""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.accounts import account, interactions
from helpers.event_tables import DAYS, END, START, orders, written
from reachbook.presentation.section import Story
from reachbook.quality.inspection import inspect
from reachbook.quality.sections.page import compose
from reachbook.quality.spec import QualitySpec
from reachbook.verdict import verdict


def told(**tables: Path) -> Story:
    return compose(inspect(tables, QualitySpec(), START, END, 1))


def failed(story: Story) -> dict[str, str]:
    return {gate.id: gate.level for gate in story.gates if not gate.passed}


def test_good_tables_can_be_used(tmp_path: Path, events: pd.DataFrame) -> None:
    story = told(
        interactions=interactions(tmp_path, events), users=written(tmp_path, "users", {"user_id": ["u01", "u02"]})
    )
    assert failed(story) == {}
    assert story.decision == "Use all 2 tables as they are."
    assert verdict(story.gates, story.decision) == "act"
    assert "No rule suspects anybody" in story["bots"].note


def test_a_few_days_of_one_platform_warn(tmp_path: Path) -> None:
    counts = np.random.default_rng(2).poisson(30, (2, DAYS))
    counts[0, 40:42] = 0
    story = told(orders=orders(tmp_path, {"weibo": counts[0], "douyin": counts[1]}))
    assert failed(story) == {"gaps": "warn"}
    assert story.decision == "In orders, export 2026-08-10 to 2026-08-11 again."
    assert "2 days of weibo (2026-08-10 to 2026-08-11)" in next(g.detail for g in story.gates if g.id == "gaps")
    assert story.findings[0].label == "orders: export 2026-08-10 to 2026-08-11 again"
    assert story.findings[0].value == counts.sum()
    glance = story["glance"].tables[0].frame.iloc[0]
    assert (glance["covers"], glance["missing"]) == ("2026-07-01 to 2026-09-30", "2 days of weibo")
    assert story.lead is not None
    assert story.lead.alt.endswith("orders: 1 gap.")


def test_many_days_of_the_whole_table_block(tmp_path: Path) -> None:
    counts = np.random.default_rng(2).poisson(30, DAYS)
    counts[40:44] = 0
    story = told(orders=orders(tmp_path, {"weibo": counts}))
    assert failed(story) == {"gaps": "block"}
    assert "export 2026-08-10 to 2026-08-13 again" in story.decision
    assert story.tone == "stop"


def test_a_bot_of_weight_blocks_and_its_id_stays_in_the_files(tmp_path: Path, events: pd.DataFrame) -> None:
    story = told(interactions=interactions(tmp_path, events, account("robot7", "2026-07-05 00:00:10", 900, 600)))
    assert failed(story)["bots"] == "block"
    (weight, suspects) = story["bots"].tables
    assert weight.frame["share"].max() > 0.05
    assert suspects.download
    assert suspects.private == "always"
    shown = [story.decision, *(gate.detail for gate in story.gates), *(each.alt for each in story["bots"].figures)]
    assert not [text for text in shown if "robot7" in text]


def test_events_outside_the_period_are_no_rows(tmp_path: Path, events: pd.DataFrame) -> None:
    early = events.assign(at=events["at"] - pd.Timedelta(days=200))
    assert failed(told(interactions=interactions(tmp_path, early))) == {"rows": "block"}


def test_lines_of_reading_and_rows_left_out_are_shown(tmp_path: Path, events: pd.DataFrame) -> None:
    found = inspect({"interactions": interactions(tmp_path, events)}, QualitySpec(), START, END, 1)
    story = compose(found, [("orders", "3 rows look like refunds.")], [("orders", "3 rows of tests were left out.")])
    assert story["warnings"].tables[0].frame["line"].tolist() == ["3 rows look like refunds."]
    assert story["left_out"].tables[0].frame["line"].tolist() == ["3 rows of tests were left out."]
    assert compose(found)["left_out"].tables == ()
