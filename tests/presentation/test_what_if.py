"""What-if boxes: the numbers of their curves, and what the page says without a script."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from reachbook.presentation.what_if import DRAWS, CurvesWhatIf, Limit, ProductWhatIf, Slider, html, shown, thin
from reachbook.translation import using

SLIDERS = (Slider("a", "抖音", 0.0, 100.0, 1.0, 50.0), Slider("b", "<b>", 0.0, 100.0, 1.0, 20.0))
GRID = np.array([[0.0, 50.0, 100.0], [0.0, 20.0, 100.0]])


def box(cost: float = 0.0) -> CurvesWhatIf:
    """Two straight lines: a brings 2, 3 or 4 a unit by draw, b brings 1."""
    slopes = np.array([[2.0, 1.0], [3.0, 1.0], [4.0, 1.0]])
    limits = [
        Limit("all within 80", {"a": 1.0, "b": 1.0}, high=80.0),
        Limit("b at least 10", {"b": 1.0}, low=10.0, or_zero=True),
    ]
    return CurvesWhatIf(
        id="plan",
        sliders=SLIDERS,
        level=0.9,
        unit="money",
        labels=("all", "change", "chance"),
        limits=tuple(limits),
        grid=GRID,
        curves=slopes[:, :, None] * GRID,
        cost=cost,
    )


def test_a_product_is_that_of_every_draw() -> None:
    sliders = (Slider("value", "value", 0, 300, 1, 100), Slider("margin", "margin", 0, 1, 0.01, 0.5, "ratio"))
    asked = ProductWhatIf(
        id="money",
        sliders=sliders,
        level=0.9,
        unit="money",
        labels=("of a unit", "left", "chance"),
        gained=np.array([1.0, 2.0, 3.0]),
        spent=np.array([100.0, 100.0, 100.0]),
    )
    answer = asked.answer({"value": 200.0, "margin": 0.25})
    assert answer.interval == pytest.approx((-45.0, 0.0, 45.0))  # -50, 0 and 50
    assert (answer.above, answer.total) == (pytest.approx(1 / 3), 50.0)


def test_a_change_is_that_of_every_draw() -> None:
    answer = box().answer({"a": 60.0, "b": 20.0})
    assert answer.interval == pytest.approx((21.0, 30.0, 39.0))  # 10 more of a, at slopes 2, 3, 4
    assert (answer.above, answer.total) == (1.0, 80.0)
    assert box(cost=3.0).answer({"a": 60.0, "b": 20.0}).interval == pytest.approx((-9.0, 0.0, 9.0))


def test_money_that_moves_costs_nothing_and_standing_still_changes_nothing() -> None:
    assert box(cost=1.0).answer({"a": 50.0, "b": 20.0}).interval == (0.0, 0.0, 0.0)
    assert box(cost=1.0).answer({"a": 60.0, "b": 10.0}).interval == box().answer({"a": 60.0, "b": 10.0}).interval


def test_a_change_is_told_from_the_first_step_on() -> None:
    now = {"a": 50.0, "b": 20.0}
    assert box().answer(now).unmoved
    assert not box().answer(now | {"b": 21.0}).unmoved
    moved = box(cost=1.0).answer({"a": 51.0, "b": 20.0})
    assert shown(box(), moved, "CNY")["change"] == "¥2.00 [¥1.10, ¥2.90]"
    with using("zh"):
        assert shown(box(), box().answer(now), "CNY") == {"total": "¥70.00", "change": "尚未改动", "above": "–"}


def test_broken_rules_are_named_and_the_edge_is_kept() -> None:
    assert box().answer({"a": 60.0, "b": 20.0}).broken == ()
    assert box().answer({"a": 80.0, "b": 5.0}).broken == ("all within 80", "b at least 10")
    assert box().answer({"a": 80.0, "b": 0.0}).broken == ()


def test_a_slider_can_come_back_to_where_it_started() -> None:
    slider = Slider.around("a", "a", 1234.5, 100.0, 3000.0, 100.0)
    assert (slider.low, slider.high) == (134.5, 2934.5)
    assert (slider.value - slider.low) % slider.step == 0


def test_the_page_keeps_few_draws_and_few_digits() -> None:
    draws = np.random.default_rng(1).normal(1, 1, (5_000, 2, 3))
    few = replace(box(), curves=thin(draws))
    assert few.curves.shape == (DRAWS, 2, 3)
    assert json.loads(few.data("CNY"))["curves"] == few.curves.tolist()
    assert max(len(f"{value:g}".strip("-0.").replace(".", "")) for value in few.curves.ravel()) <= 6
    assert np.allclose(np.quantile(few.curves, 0.5, axis=0), np.quantile(draws, 0.5, axis=0), atol=0.3)


def test_without_a_script_the_box_says_what_holds_now() -> None:
    text = html(box(), "CNY")
    assert "<b>" not in text
    assert '<output data-of="total">¥70.00</output>' in text
    assert '<output data-of="change">no change yet</output>' in text
    assert '<output data-of="above">–</output>' in text
    assert len(re.findall(r"<input [^>]* hidden>", text)) == 2


def test_words_and_numbers_are_chinese_where_the_page_is() -> None:
    with using("zh"):
        assert shown(box(), box().answer({"a": 60.0, "b": 20.0}), "CNY")["change"] == "¥30.00 [¥21.00, ¥39.00]"
        assert "恢复现状" in html(box(), "CNY")


def test_a_rule_that_is_broken_now_is_told_without_a_script() -> None:
    strict = replace(box(), limits=(Limit("all within 10", {"a": 1.0, "b": 1.0}, high=10.0), box().limits[0]))
    assert '<ul class="broken"><li>all within 10</li><li hidden>all within 80</li></ul>' in html(strict, "CNY")


@pytest.mark.parametrize("draw", [np.nan, np.inf])
def test_what_cannot_be_computed_is_unknown_and_has_no_sliders(draw: float) -> None:
    curves = box().curves.copy()
    curves[1, 0, 1] = draw  # one point of one draw, where the slider stands
    with np.errstate(invalid="ignore"):
        text = html(replace(box(), curves=curves), "CNY")
    assert '<output data-of="change">unknown [unknown, unknown]</output>' in text
    assert '<output data-of="above">unknown</output>' in text
    for part in ("<form", "<script", "<input", "NaN", "Infinity"):
        assert part not in text
