"""The data-quality page in Chinese: no sentence is left in English."""

from dataclasses import replace

import pandas as pd

from helpers.english_left import left, texts
from helpers.repeated import repeated, told
from quality.sections.test_story import mild
from reachbook.quality.bots import Bots
from reachbook.quality.inspection import Inspection
from reachbook.quality.labels import CHECKS, TABLES, check, table
from reachbook.quality.platforms import Platforms
from reachbook.quality.sections.page import compose
from reachbook.quality.sections.story import Summary
from reachbook.translation import using


def variants(found: Inspection) -> list[Inspection]:
    """Tables that block, that warn, and that are good, with people of one platform and without."""
    orders, users = found.tables
    known = Platforms(pd.DataFrame({"platform": ["weibo"], "people": [100], "alone": [99]}), 100, ("orders",))
    empty = pd.DataFrame(columns=["table", "column", "empty"])
    named = replace(found, empty=empty, platforms=known)
    return [
        named,
        replace(mild(found), empty=empty),
        replace(named, tables=(users,), bots=Bots((), ())),
        replace(named, tables=(replace(orders, gaps=(), alarms=()),), platforms=None),
    ]


def test_nothing_is_left_in_english(found: Inspection) -> None:
    with using("zh"):
        for each in variants(found):
            assert left(texts(compose(each, [("orders", "行")]))) == []


def test_nothing_is_said_twice(found: Inspection) -> None:
    for each in variants(found):
        assert repeated(told(compose(each, [("orders", "3 rows look like refunds.")]))) == []


def test_cells_that_are_made_of_words_are_in_chinese(found: Inspection) -> None:
    with using("zh"):
        glance = Summary(found).glance().set_index("table")
        assert glance.loc["orders", "missing"] == "2 天、微博 1 天"
        assert glance.loc["orders", "covers"] == "2026年7月1日至28日"
        assert left(glance["mind"]) == []
        assert left(Summary(found).found.alarm_table()["table"]) == []
        assert compose(variants(found)[0])["duplicates"].tables[0].frame["equal in"].tolist() == ["at"]


def test_what_other_notebooks_read_stays_in_english(found: Inspection) -> None:
    with using("zh"):
        made = compose(variants(found)[0])["checks"].tables[0]
    assert set(made.frame["words"]) <= set(CHECKS.values())
    assert set(made.frame["table"]) == {"orders", "users"}
    assert made.worded == ("table", "words")


def test_every_table_and_check_has_its_chinese() -> None:
    with using("zh"):
        assert [name for name in TABLES if table(name).isascii()] == []
        assert [name for name in CHECKS if check(name).isascii()] == []
