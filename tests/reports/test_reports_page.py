"""The page's own words, and the decision card."""

import pytest
from markupsafe import Markup

from reachbook.reports.card import card
from reachbook.reports.words import EN, WORDS, ZH
from reachbook.result import Finding, Gate, Result


def result(tmp_path_factory: pytest.TempPathFactory, **parts: object) -> Result:
    return Result("tiny", "count", tmp_path_factory.getbasetemp(), **parts)  # type: ignore[arg-type]


def test_every_language_has_every_word() -> None:
    assert EN.keys() == ZH.keys()
    assert set(WORDS) == {"en", "zh"}


@pytest.mark.parametrize(
    ("language", "said"), [("en", "1 of 3 checks failed, 1 warning(s)"), ("zh", "3 项检查中有 1 项未通过, 1 条提醒")]
)
def test_checks_are_counted_by_level(tmp_path_factory: pytest.TempPathFactory, language: str, said: str) -> None:
    gates = (Gate("a", True, "a", "block"), Gate("b", False, "b: add data", "block"), Gate("c", False, "c", "warn"))
    shown = card(result(tmp_path_factory, gates=gates, decision="Go on."), "CNY", WORDS[language])
    assert shown.checks == said
    assert (shown.tone, shown.reasons) == ("stop", ("b: add data",))
    assert [gate.tone for gate in shown.gates] == ["ok", "warn"]


def test_a_range_plot_needs_something_to_hold_the_number_against(tmp_path_factory: pytest.TempPathFactory) -> None:
    alone = Finding("a", "Alone", 1.0, 0.5, 1.5, "", None)
    against = Finding("b", "<Against>", 1.0, 0.5, 1.5, "ratio", 0.0)
    first, second = card(result(tmp_path_factory, findings=(alone, against)), "CNY", EN).findings
    assert first.plot == Markup("")
    assert 'aria-label="&lt;Against&gt;: 100.0% [50.0%, 150.0%]; reference 0.0%"' in second.plot
