"""The line on the checks names the warnings, and a line says how sure the ranges are."""

from pathlib import Path

import pytest

from reachbook.engine.page.card import card
from reachbook.result import Finding, Result
from reachbook.translation import using
from reachbook.verdict import Gate

WITH = Finding("a", "A", 1.0, 0.5, 1.5)
WITHOUT = Finding("a", "A", 1.0)


def warned(*ids: str) -> Result:
    gates = [
        Gate("fit", True, "It fits."),
        *(Gate(id, False, f"{id} warns of this and that.", "warn") for id in ids),
    ]
    return Result("tiny", "count", Path(), gates=tuple(gates), decision="Go.")


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ((), "1 of 1 checks passed"),
        (("data_quality",), "1 of 2 checks passed, 1 warning: data quality"),
        (
            ("likeness", "late"),
            "1 of 3 checks passed, 2 warnings: likeness to the training texts; late last days",
        ),
        (("rows_1_orders", "rows_2_orders"), "1 of 3 checks passed, 2 warnings: rows of the table orders"),
        (
            ("late", "gaps", "bots", "sudden", "shift"),
            "1 of 6 checks passed, 5 warnings: late last days; gaps in the data; likely bots; 2 more",
        ),
        (("spikes_by_region",), "1 of 2 checks passed, 1 warning: spikes of spend"),
        (("my_own",), "1 of 2 checks passed, 1 warning: my own"),
    ],
)
def test_the_line_on_the_checks_names_the_warnings(ids: tuple[str, ...], said: str) -> None:
    assert card(warned(*ids), "CNY").checks == said


def test_chinese_names_of_warnings() -> None:
    with using("zh"):
        assert card(warned("likeness", "data_quality"), "CNY").checks == (
            "3 项检查中有 1 项通过、2 条提醒：与训练文本的相似程度；数据质量"
        )


@pytest.mark.parametrize(
    ("finding", "level", "said"),
    [
        (WITH, 0.95, "Each range holds the true value with about 95% probability."),
        (WITH, 0.975, "Each range holds the true value with about 97.5% probability."),
        (WITH, None, ""),
        (WITHOUT, 0.95, ""),
    ],
)
def test_how_sure_the_ranges_are_is_said_where_there_are_any(finding: Finding, level: float | None, said: str) -> None:
    assert card(Result("tiny", "count", Path(), findings=(finding,), level=level), "CNY").sure == said


def test_a_count_of_nothing_is_told_in_a_word() -> None:
    def shown(finding: Finding) -> tuple[str, str]:
        (told,) = card(Result("tiny", "count", Path(), findings=(finding,)), "CNY").findings
        return told.value, told.between

    assert shown(Finding("a", "Segments", 0, unit="count")) == ("none", "")
    assert shown(Finding("a", "Segments", 3, unit="count")) == ("3", "")
    assert shown(Finding("a", "Orders", 0, 0, 2, unit="count")) == ("0", "[0, 2]")
    assert shown(Finding("a", "Lift", 0.0, unit="ratio")) == ("0.0%", "")


def test_a_unit_in_words_is_set_smaller_and_words_without_a_number_are_not() -> None:
    net, share = Finding("net", "Net", 0.425, unit="points"), Finding("share", "Share", None)
    with_unit, unknown = card(Result("tiny", "count", Path(), findings=(net, share)), "CNY").findings
    assert with_unit.value == "42.5 <small>percentage points</small>"
    assert unknown.value == "we cannot tell"


def test_a_decision_with_exceptions_is_one_label_that_does_not_contradict_it() -> None:
    shown = card(Result("tiny", "count", Path(), decision="Leave out 2026-09-30.", tone="except"), "CNY")
    assert (shown.tone, shown.verdict) == ("care", "You may rely on these numbers, except as named")
    assert shown.asks == ()
    broken = Result("tiny", "count", Path(), decision="Stop.", tone="except", gates=(Gate("rows", False, "None."),))
    assert (card(broken, "CNY").tone, card(broken, "CNY").asks) == ("stop", ())
