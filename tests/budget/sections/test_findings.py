"""What headline numbers say in words beside break-even."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpers import known_mix
from helpers.known_plan import case, spec, steady, unpriced
from reachbook.budget.advice.steady_plan import SteadyPlan
from reachbook.budget.model.mix import Mix
from reachbook.budget.sections.case import Planned
from reachbook.budget.sections.findings import findings
from reachbook.result import Finding


@pytest.fixture(scope="module")
def mix() -> Mix:
    return known_mix.mix()


@pytest.fixture(scope="module")
def priced(mix: Mix) -> SteadyPlan:
    return steady(mix, spec())


def finding(id: str, mix: Mix, advice: SteadyPlan, **asked: object) -> Finding:
    made = unpriced() if asked.get("value_per_unit", 1.0) is None else spec(**asked)
    told = findings(case(mix, made), Planned((), replace(advice, scale=case(mix, made).scale)))
    return next(each for each in told if each.id == id)


@pytest.mark.parametrize(
    ("shadow", "said"),
    [
        ((1.4, 1.6), "Whole range below ¥1: the next ¥1 a week loses about ¥0.25; do not add budget."),
        ((2.4, 2.6), "Whole range above ¥1: the next ¥1 a week brings more than it costs."),
        ((1.5, 2.5), "Range crosses ¥1: whether adding budget pays is open."),
    ],
)
def test_one_more_unit_of_money_is_told_in_words(
    mix: Mix, priced: SteadyPlan, shadow: tuple[float, float], said: str
) -> None:
    """Half of the outcome stays, so that an outcome of 2 for each unit of money is break-even."""
    made = replace(priced, gain=replace(priced.gain, shadow=np.linspace(*shadow, 101)))
    told = finding("next_unit", mix, made)
    assert (told.reference, told.against, told.meaning) == (1.0, "break-even", said)


@pytest.mark.parametrize(("margin", "word"), [(0.001, "below"), (1.0, "above")])
def test_a_return_wholly_on_one_side_of_break_even_says_so(
    mix: Mix, priced: SteadyPlan, margin: float, word: str
) -> None:
    told = finding("roi", mix, priced, margin=margin)
    assert told.reference == 1 / margin
    assert told.meaning.startswith(f"Whole range {word} break-even: at {margin:.0%} margin, media as a whole ")


def test_a_return_whose_range_crosses_break_even_says_how_likely_media_pay(mix: Mix, priced: SteadyPlan) -> None:
    spent = mix.spend.sum(axis=1)
    middle = float(np.median(mix.roi @ spent / spent.sum()))
    told = finding("roi", mix, priced, margin=1 / middle)
    assert told.low is not None
    assert told.high is not None
    assert told.low < middle < told.high
    assert told.meaning.endswith("media as a whole pay off with 50% probability.")


def test_without_a_margin_nothing_is_said_of_break_even(mix: Mix, priced: SteadyPlan) -> None:
    told = finding("roi", mix, priced, value_per_unit=None)
    assert (told.reference, told.meaning) == (None, "")
