"""The line on the checks names what it warns of, and a line says how sure the ranges are."""

from pathlib import Path

import pytest

from reachbook.engine.page.card import card
from reachbook.result import Finding, Result
from reachbook.translation import using
from reachbook.verdict import Gate

WITH = Finding("a", "A", 1.0, 0.5, 1.5)
WITHOUT = Finding("a", "A", 1.0)
LONG = "The report on data quality warns of interactions (late last days); orders (gaps, late last days). Look there."


def warned(*details: str) -> Result:
    gates = [Gate("fit", True, "It fits."), *(Gate(f"w{at}", False, told, "warn") for at, told in enumerate(details))]
    return Result("tiny", "count", Path(), gates=tuple(gates), decision="Go.")


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ((), "1 of 1 checks passed"),
        (("Series has gaps. Look there.",), "1 of 2 checks passed, 1 warning: Series has gaps"),
        (("One. x", "Two. y", "Three."), "1 of 4 checks passed, 3 warnings: One; Two"),
        ((LONG,), "1 of 2 checks passed, 1 warning: The report on data quality warns of interactions (late last…"),
        (("No <b> here: 1,234.5 of them.",), "1 of 2 checks passed, 1 warning: No &lt;b&gt; here: 1,234.5 of them"),
    ],
)
def test_the_line_on_the_checks_names_two_warnings_in_short(details: tuple[str, ...], said: str) -> None:
    assert card(warned(*details), "CNY").checks == said


def test_a_chinese_warning_is_cut_before_a_number_that_does_not_fit() -> None:
    with using("zh"):
        told = warned("数据质量报告提示：互动（末日数据迟到）；订单（数据缺口、末日数据迟到、12,345.67 行）。请看。")
        assert card(told, "CNY").checks == (
            "2 项检查中有 1 项通过、1 条提醒：数据质量报告提示：互动（末日数据迟到）；订单（数据缺口、末日数据迟到…"
        )


@pytest.mark.parametrize(
    ("finding", "level", "said"),
    [
        (WITH, 0.95, "Each range is made to hold the true value with 95% probability."),
        (WITH, 0.975, "Each range is made to hold the true value with 97.5% probability."),
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
