"""A decision says what to do about every table by name, and stays short."""

from datetime import date

import pytest

from reachbook.quality.checks import Check
from reachbook.quality.labels import CHECKS, TABLES
from reachbook.quality.periods import Span
from reachbook.quality.sections.advice import MOST_WORDS, actions, decision, label
from reachbook.translation import using

LATE = (date(2026, 9, 24), date(2026, 9, 30))
ONE = (date(2026, 9, 5), date(2026, 9, 5))


def failed(table: str, name: str, *inside: Span, outside: tuple[Span, ...] = (), blocks: bool = False) -> Check:
    return Check(table, name, False, blocks, "seen", inside, outside)


def test_tables_with_the_same_fault_are_told_together_and_every_other_one_by_name() -> None:
    made = [failed("orders", "late", LATE), failed("comments", "sudden", ONE), failed("interactions", "late", LATE)]
    assert decision(made, ["users", "interactions", "orders", "comments", "media"]) == (
        "In interactions and orders, leave out 2026-09-24 to 2026-09-30, or export again. In comments, find out what "
        "happened on 2026-09-05. Use users and media as they are."
    )
    with using("zh"):
        assert decision(made[::2], ["interactions", "orders", "media", "users"]) == (
            "互动和订单：先不计2026年9月24日至30日，或重新导出。可直接使用的表：投放和用户。"
        )


def test_days_that_are_left_out_are_not_asked_for_again() -> None:
    last = (LATE[1], LATE[1])
    made = [failed("orders", "late", LATE), failed("orders", "gaps", last)]
    assert [each.check for each in actions("orders", made)] == ["late"]
    assert [each.days for each in actions("orders", [made[0], failed("orders", "gaps", ONE, last)])] == [
        (LATE,),
        (ONE,),
    ]
    assert label("orders", made) == "orders: leave out 2026-09-24 to 2026-09-30, or export again"


def test_days_outside_the_period_ask_for_nothing_but_are_told_as_such() -> None:
    made = [failed("series", "gaps", outside=(ONE,))]
    assert decision(made, ["series"]) == "Use series as it is. In series, gaps lie outside the study's period."
    assert label("series", made) == "series: nothing to do; gaps lie outside the period"
    inside = [*made, failed("series", "sudden", LATE, outside=(ONE,))]
    assert decision(inside, ["series"]) == "In series, find out what happened on 2026-09-24 to 2026-09-30."


def test_what_blocks_is_asked_for_wherever_it_lies() -> None:
    made = [failed("series", "gaps", outside=(ONE,), blocks=True)]
    assert decision(made, ["series"]) == "Do not use series yet: export 2026-09-05 again."


@pytest.mark.parametrize("blocks", [False, True])
def test_a_decision_is_short_and_names_every_table_though_each_has_its_own_fault(blocks: bool) -> None:
    dated = ("gaps", "late", "sudden", "shift")
    made = [
        failed(table, name, *((date(2026, 9, place + 1), date(2026, 9, place + 2)) for _ in [0] if name in dated),
               blocks=blocks and place % 2 == 0)
        for place, table in enumerate(TABLES)
        for name in [[*CHECKS][place % len(CHECKS)], "sudden"]
    ]  # fmt: skip
    told = decision(made, list(TABLES))
    assert len(told.split()) <= MOST_WORDS, told
    assert all(table in told for table in TABLES), told
    assert "What else to mind is listed below." in told
    with using("zh"):
        assert len(decision(made, list(TABLES))) <= 4 * MOST_WORDS
