"""A check says what was seen where it fails, and nothing else; what blocks makes a table unusable."""

from dataclasses import replace
from datetime import date

import pytest

from reachbook.quality.bots import Bots
from reachbook.quality.checks import Check, as_table, checks, use
from reachbook.quality.inspection import Inspection
from reachbook.quality.labels import CHECKS
from reachbook.quality.spec import QualitySpec


def test_every_check_says_what_was_seen(found: Inspection) -> None:
    made = checks(found)
    assert {check.name: check.seen for check in made if check.table == "orders"} == {
        "rows": "",
        "gaps": "2 days (2026-07-21 to 2026-07-22), 1 day of weibo (2026-07-24), about 8.2% of its rows",
        "sudden": "3 times what is usual (2026-07-06)",
        "shift": "weibo 40.0% of what is usual from 2026-07-15",
        "late": "50.0% of what is usual (2026-07-27 to 2026-07-28)",
        "duplicates": "8 of 200 rows (4.00%) repeat another one, 5 of them on 2026-07-03",
        "day_only": "50.0% of times are 00:00:00",
        "bots": "10.0% of amount come from suspected accounts",
    }
    assert [(check.name, check.passed) for check in made if check.table == "users"] == [("rows", True)]
    assert [check.name for check in made if check.blocks and not check.passed] == ["gaps", "duplicates", "bots"]


@pytest.mark.parametrize(
    ("passed", "blocks", "answer"),
    [(True, True, "yes"), (False, False, "with care"), (False, True, "no")],
)
def test_what_blocks_decides_on_the_table_that_it_is_about(passed: bool, blocks: bool, answer: str) -> None:
    made = [
        Check("orders", "gaps", passed, blocks),
        Check("users", "rows", False, True),
        Check("orders", "late", True, False),
    ]
    assert use("orders", made) == answer


def test_the_table_for_other_notebooks_holds_every_check_in_words(found: Inspection) -> None:
    frame = as_table(checks(found))
    assert list(frame) == ["table", "check", "passed", "blocks", "words", "seen", "first", "last"]
    assert frame["words"].tolist() == [CHECKS[name] for name in frame["check"]]
    late = frame[frame["check"] == "late"].iloc[0]
    assert (late["first"], late["last"]) == ("2026-07-27", "2026-07-28")
    assert set(frame.loc[frame["passed"], "first"]) == {""}
    assert as_table([]).empty


def test_mild_faults_outside_the_period_ask_for_nothing(found: Inspection) -> None:
    orders = replace(found.tables[0], gaps=found.tables[0].gaps[:1], alarms=(), duplicates=None, times=None)
    spec = QualitySpec(most_missing=0.5)
    for start, where, answer in (
        (date(2026, 7, 23), ", all of it outside the study's period", "yes"),
        (date(2026, 7, 22), "", "with care"),
    ):
        made = checks(replace(found, tables=(orders,), start=start, spec=spec, bots=Bots((), ())))
        (gaps,) = [each for each in made if each.name == "gaps"]
        assert gaps.seen == f"2 days (2026-07-21 to 2026-07-22), about 6.7% of its rows{where}"
        assert (gaps.passed, use("orders", made)) == (False, answer)
    strict = checks(replace(found, tables=(orders,), start=date(2026, 7, 23), bots=Bots((), ())))
    assert use("orders", strict) == "no", "what blocks does so wherever it lies"
