"""The hold-out: as sure as the planner asks, drawn with the share that is stated, each person alone."""

import numpy as np
import pytest

from reachbook.activation.holdout import held_out, planned, stated
from reachbook.effects.planning.experiment import plan
from reachbook.effects.spec import EffectSpec
from reachbook.errors import ParamsError


def test_the_share_is_as_precise_as_the_plan_of_equal_arms():
    people, rate, spec = 20_000, 0.3, EffectSpec(target=0.1)
    share = planned(people, rate, spec, 1).share
    equal = plan(EffectSpec(target=0.1, plan=True, baseline=rate, units_per_day=people, days_most=1), 1)
    units = equal.units[equal.chosen]
    held = share * people
    assert 1 / held + 1 / (people - held) <= 2 / units
    less = held - 0.01 * people
    assert 1 / less + 1 / (people - less) > 2 / units


@pytest.mark.parametrize(("people", "rate"), [(60, 0.02), (1000, 0.0), (1000, 1.0)])
def test_a_test_that_answers_nothing_is_not_planned(people, rate):
    with pytest.raises(ParamsError, match=r"^HOLDOUT: .*HOLDOUT=0\.2"):
        planned(people, rate, EffectSpec(), 1)


def test_people_are_drawn_with_the_share_alone_and_anew_for_each_version():
    ids = [f"{number:032x}" for number in range(40_000)]
    first, second = held_out(ids, 0.2, "7:a"), held_out(ids, 0.2, "7:b")
    assert abs(first.mean() - 0.2) < 0.01
    assert abs((first & second).mean() - 0.04) < 0.005
    assert (held_out(ids[100:200], 0.2, "7:a") == first[100:200]).all()
    assert (first <= held_out(ids, 0.3, "7:a")).all()


def test_a_stated_share_is_taken_as_it_is():
    assert np.isclose(stated(" 0.25 ").share, 0.25)
