"""A factor that all amounts of an arm share is another unit; what a campaign does to amounts is not."""

import numpy as np
import pandas as pd
import pytest

from helpers import experiment_tables
from helpers.campaign import compose
from reachbook.effects import EffectSpec, estimate
from reachbook.effects.experiment.amount_scale import scale_check
from reachbook.effects.experiment.units import read
from reachbook.verdict import Gate


def found(times: float, seed: int = 1, buys: float = 0.3, spec: EffectSpec | None = None) -> list[Gate]:
    return scale_check(read(orders(times, seed, buys), spec or EffectSpec()), (spec or EffectSpec()).confirmed)


def orders(times: float, seed: int = 1, buys: float = 0.3) -> pd.DataFrame:
    rng = np.random.default_rng([seed, 54])
    amounts = {name: (rng.random(600) < buys) * rng.lognormal(4, 0.6, 600) for name in ("control", "a")}
    return experiment_tables.table({"control": amounts["control"], "a": times * amounts["a"]})


@pytest.mark.parametrize(("times", "told"), [(7.1, "times those in control"), (1 / 7.1, "are 0.1"), (100.0, "1")])
def test_an_arm_in_another_currency_or_in_cents_blocks(times: float, told: str) -> None:
    """Was: "It works: a raised orders by 549.5%", with no word on it."""
    effect = estimate(orders(times))
    check = next(each for each in effect.gates if each.id == "other_unit")
    assert (check.passed, check.level) == (False, "block")
    assert check.detail.startswith("Amounts above zero in a are ")
    assert told in check.detail
    decision = compose(orders(times), EffectSpec(), 1).decision
    assert decision.endswith("Look whether the outcome is in one currency and unit throughout.")


def test_who_looked_may_confirm() -> None:
    (check,) = found(7.0, spec=EffectSpec(confirmed=["a"]))
    assert check.passed
    assert check.detail.endswith("It was confirmed.")


@pytest.mark.parametrize("times", [1.0, 1.5, 3.0])
def test_what_a_campaign_may_do_says_nothing(times: float) -> None:
    assert all(found(times, seed) == [] for seed in range(30))


def test_few_amounts_and_counts_say_nothing() -> None:
    assert found(7.0, buys=0.03) == []
    counts = experiment_tables.table({"control": np.tile([0, 1, 1], 200), "a": np.tile([0, 7, 7], 200)})
    assert scale_check(read(counts, EffectSpec()), ()) == []


def test_a_few_large_orders_are_no_other_unit() -> None:
    """The upper quartile alone rises: that is what the tail's own check is for."""
    frame = orders(1.0)
    rows = frame.index[(frame["arm"] == "a") & (frame["outcome"] > 0)]
    frame.loc[rows[: len(rows) // 3], "outcome"] *= 20
    assert scale_check(read(frame, EffectSpec()), ()) == []
