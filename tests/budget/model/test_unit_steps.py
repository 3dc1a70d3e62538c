"""Another currency or unit from some week on is named by its week; growth, seasons and new channels are not."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reachbook.budget.model.unit_steps import OUTCOME, SPEND, step, unit_steps

WEEKS = pd.date_range("2024-01-01", periods=120, freq="7D")


def history(seed: int, region: str = "") -> Any:
    """As much of a history as the gate reads: season, noise of 10 %, spend log-normal (.5), a channel in bursts."""
    rng = np.random.default_rng([seed, 81])
    value = 1000 * (1 + 0.2 * np.sin(np.arange(120) / 8)) * np.exp(rng.normal(0, 0.1, 120))
    spend = 50 * np.exp(rng.normal(0, 0.5, (2, 120)))
    spend[1] *= rng.random(120) < 0.5
    return SimpleNamespace(weeks=WEEKS, value=value, spend=spend, channels=("a", "b"), region=region)


@pytest.mark.parametrize("times", [7.0, 1 / 7, 100.0])
@pytest.mark.parametrize("at", [20, 80, 112])
def test_an_outcome_in_another_currency_from_some_week_on_is_named(times: float, at: int) -> None:
    """No week stands alone then, so that nothing was said."""
    past = history(1)
    past.value[at:] *= times
    (check,) = unit_steps((past,))
    assert (check.passed, check.level) == (False, "block")
    assert "outcome about " in check.detail
    assert f"before {WEEKS[at]:%Y-%m-%d}, and " in check.detail


@pytest.mark.parametrize("channel", [0, 1])
def test_spend_in_cents_from_some_week_on_is_named(channel: int) -> None:
    past = history(2, "n")
    past.spend[channel, 60:] *= 100
    first = 60 + int(np.flatnonzero(past.spend[channel, 60:])[0])
    (check,) = unit_steps((history(3, "s"), past))
    assert f"spend of {'ab'[channel]} n about " in check.detail
    assert f"before {WEEKS[first]:%Y-%m-%d}" in check.detail


def test_both_are_named_in_one_gate() -> None:
    past = history(4)
    past.value[50:] *= 7
    past.spend[0, 70:] /= 100
    (check,) = unit_steps((past,))
    assert check.detail.count("from then on") == 2


@pytest.mark.parametrize("what", ["nothing", "growth", "ten times the spend", "a channel begins", "a season", "a slip"])
def test_what_brands_do_is_no_step(what: str) -> None:
    for seed in range(40):
        past, week = history(seed), np.arange(120)
        if what == "growth":
            past.value *= np.exp(week / 30)
        if what == "ten times the spend":
            past.spend[:, 60:] *= 10
        if what == "a channel begins":
            past.spend[0, :60] = 0
        if what == "a season":
            past.value *= np.where(week % 52 > 44, 3.0, 1.0)
        if what == "a slip":
            past.value[60:62] *= 20
        assert unit_steps((past,)) == []


def test_the_clearest_step_is_where_the_factor_begins() -> None:
    values = np.r_[np.full(20, 1.0), np.full(20, OUTCOME)]
    assert step(values, OUTCOME) == 20
    assert step(values, SPEND) is None
    assert step(np.r_[np.full(3, 1.0), np.full(20, 9.0)], OUTCOME) is None, "too few before to tell"
