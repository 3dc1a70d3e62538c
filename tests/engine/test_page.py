"""The page's own words, and the decision card."""

from dataclasses import replace

import pytest
from markupsafe import Markup

from reachbook.engine.page.card import Chip, card
from reachbook.engine.page.provenance import notice
from reachbook.result import Finding, Instruction, Result
from reachbook.translation import Language, using
from reachbook.verdict import Gate


def result(tmp_path_factory: pytest.TempPathFactory, **parts: object) -> Result:
    return Result("tiny", "count", tmp_path_factory.getbasetemp(), **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "1 of 3 checks failed, 1 warning: c"), ("zh", "3 项检查中有 1 项未通过、1 条提醒：c")]
)
def test_checks_are_counted_by_level(tmp_path_factory: pytest.TempPathFactory, language: Language, said: str) -> None:
    gates = (Gate("a", True, "a", "block"), Gate("b", False, "b: add data", "block"), Gate("c", False, "c", "warn"))
    with using(language):
        shown = card(result(tmp_path_factory, gates=gates, decision="Go on."), "CNY")
    assert shown.checks == said
    assert (shown.tone, shown.reasons) == ("stop", ("b: add data",))
    assert [gate.tone for gate in shown.gates] == ["fail", "warn", "ok"]


def test_a_range_plot_needs_something_to_hold_the_number_against(tmp_path_factory: pytest.TempPathFactory) -> None:
    alone = Finding("a", "Alone", 1.0, 0.5, 1.5, "", None)
    against = Finding("b", "<Against>", 1.0, 0.5, 1.5, "ratio", 0.0)
    first, second = card(result(tmp_path_factory, findings=(alone, against)), "CNY").findings
    assert first.plot == Markup("")
    assert 'aria-label="&lt;Against&gt;: 100.0% [50.0%, 150.0%]; against 0.0%"' in second.plot


@pytest.mark.parametrize(("language", "word"), [("en", "Decision: wait"), ("zh", "决定：暂缓")])
def test_a_decision_has_a_colour_only_where_the_numbers_hold(
    tmp_path_factory: pytest.TempPathFactory, language: Language, word: str
) -> None:
    held = result(tmp_path_factory, decision="Run longer.", tone="wait")
    with using(language):
        shown = card(held, "CNY")
    assert (shown.tone, shown.asks) == ("act", (Chip("wait", word),))
    blocked = result(tmp_path_factory, decision="Go on.", tone="go", gates=(Gate("a", False, "a", "block"),))
    assert card(blocked, "CNY").asks == ()
    assert card(held, "CNY", failure="cell 3").asks == ()


def test_a_decision_that_differs_between_objects_has_a_chip_for_each(tmp_path_factory: pytest.TempPathFactory) -> None:
    each = tuple(Instruction(name, tone) for name, tone in (("a", "longer"), ("b", "stop")))
    shown = card(result(tmp_path_factory, decision="Run a, stop b.", tone="longer", instructions=each), "CNY")
    assert shown.asks == (Chip("longer", "a: run longer"), Chip("stop", "b: stop"))
    many = result(tmp_path_factory, decision="Run a.", tone="longer", instructions=each * 2)
    assert card(many, "CNY").asks == (Chip("wait", "Decision: not the same for all"),)
    blocked = replace(many, gates=(Gate("a", False, "a", "block"),))
    assert card(blocked, "CNY").asks == ()


@pytest.mark.parametrize(("own", "said"), [("", "Simulated data: nothing here is real."), ("My words.", "My words.")])
def test_simulated_data_is_always_said_to_be_so(own: str, said: str) -> None:
    inputs = {"study": {"notice": own, "language": "en"}, "tables": {"orders": {"source": "simulated"}}}
    assert notice(inputs) == said
    assert notice({**inputs, "tables": {"orders": {"source": "orders.csv"}}}) == own
