"""The figure beside the decision: what it draws is what was found, and nothing is drawn of a test that failed."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.drawn import legend
from helpers.known_effect import BAD, STANDARD, experiment, panel, rolled_out
from reachbook.effects.planning.experiment import plan
from reachbook.effects.sections.lead import clear_of, lead, plan_lead, shown_treated
from reachbook.effects.spec import EffectSpec
from reachbook.presentation import style

VALUED: dict[str, object] = {"value_per_unit": 10.0, "margin_low": 0.5, "margin_high": 0.5, "target": 0.12}


def test_the_effect_stands_against_zero_break_even_and_target() -> None:
    """A thousand cells of 10, of which half stays: 4,000 are repaid at 8 %."""
    effect, spec = panel(0.1, 0.02), EffectSpec.model_validate(VALUED)
    found = lead(effect, rolled_out(effect, spec, 4000.0), spec)
    assert found is not None
    assert (found.id, tuple(found.figure.get_size_inches())) == ("lead", style.LEAD)
    assert legend(found.figure) == ["no effect", "break-even 8.0%", "target 12.0%"]
    assert found.alt == (
        "Effect on orders. The campaign 10.0% [6.1%, 13.9%]. Lines: no effect, break-even 8.0%, target 12.0%."
    )


def test_several_arms_are_drawn_with_the_one_to_roll_out_on_top() -> None:
    spec = EffectSpec.model_validate(VALUED)
    both = experiment({"a": (0.05, 0.02), "b": (0.15, 0.02)})
    whole, best = rolled_out(both, spec, 2000.0), rolled_out(experiment({"b": (0.15, 0.02)}), spec, 1000.0)
    found = lead(both, replace(best, whole=whole.money, spending=whole.spending), spec)
    assert found is not None
    assert [each.get_text() for each in found.figure.axes[0].get_yticklabels()] == ["b", "a"]


def test_a_lift_in_units_has_no_line_in_percent() -> None:
    effect, spec = replace(panel(0.1, 0.02), baseline=STANDARD), EffectSpec.model_validate(VALUED)
    found = lead(effect, rolled_out(effect, spec, 4000.0), spec)
    assert found is not None
    assert legend(found.figure) == ["no effect"]


def test_nothing_is_drawn_where_a_check_blocks() -> None:
    effect = experiment({"a": (0.1, 0.02)}, BAD)
    assert lead(effect, rolled_out(effect, EffectSpec()), EffectSpec()) is None


@pytest.mark.parametrize("daily", [5000.0, 100.0])
def test_a_plan_marks_the_test_to_run_or_the_largest_one(daily: float) -> None:
    made = plan(EffectSpec(plan=True, baseline=0.05, units_per_day=daily, target=0.1))
    axis = plan_lead(made).figure.axes[0]
    at = len(made.units) - 1 if made.chosen is None else made.chosen
    assert axis.lines[1].get_xydata() == pytest.approx(np.array([[made.units[at], made.power[at]]]))


def test_many_treated_units_are_counted_instead_of_named() -> None:
    assert shown_treated(("a", "b")) == "a and b"
    assert shown_treated(("a", "b", "c", "d")) == "4 units"


def test_a_value_stands_clear_of_every_line() -> None:
    assert clear_of(5.0, [0.0], 2.0, (-10, 10)) == 5.0
    assert clear_of(5.0, [0.0, 4.5], 2.0, (-10, 10)) == 6.5
    assert clear_of(4.0, [0.0, 4.5], 2.0, (-10, 10)) == 2.5, "between two lines"
    assert clear_of(4.0, [2.0, 4.5], 2.0, (-10, 10)) == 6.5, "two lines leave no room between them"
    assert clear_of(9.0, [8.5], 2.0, (-10, 10)) == 6.5, "the axis ends on the other side"
    assert clear_of(1.0, [0.5], 2.0, (0, 2)) == 1.0, "no room anywhere"


@pytest.mark.parametrize("spend", [4000.0, 4800.0, 5200.0, 6000.0])
def test_no_value_of_the_figure_touches_a_line(spend: float) -> None:
    """The break-even comes from 8 % by 12 % and meets the effect of 10 % on its way."""
    effect, spec = panel(0.1, 0.02), EffectSpec.model_validate(VALUED)
    found = lead(effect, rolled_out(effect, spec, spend), spec)
    assert found is not None
    (axis,) = found.figure.axes
    found.figure.draw_without_rendering()
    (value,) = [each.get_window_extent() for each in axis.texts]
    lines = [axis.transData.transform((line.get_xdata()[0], 0))[0] for line in axis.lines]
    assert len(lines) == 3
    assert not [line for line in lines if value.x0 - 2 <= line <= value.x1 + 2]
