"""Columns that were assigned as one although nobody said so: named, with the design effect they bring."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reachbook.effects import EffectSpec, estimate
from reachbook.effects.effect import Effect
from reachbook.effects.experiment.hidden_clusters import WIDER, HiddenCluster, shared, shared_check
from reachbook.effects.experiment.units import read
from reachbook.verdict import Gate


def stores(seed: int, count: int = 137, each: int = 4, alike: float = 0.3) -> pd.DataFrame:
    """`count` stores of `each` rows, assigned as one; alike : standard deviation of the stores' log level."""
    rng = np.random.default_rng([seed, 51])
    store = np.repeat(np.arange(count), each)
    level = alike * rng.standard_normal(count)[store] + 0.3 * rng.standard_normal(len(store))
    return pd.DataFrame(
        {
            "unit_id": [f"r{i}" for i in range(len(store))],
            "arm": np.where(store % 2 == 0, "control", "a"),
            "store": [f"s{k}" for k in store],
            "sales": np.exp(4 + level),
        }
    )


def check(effect: Effect) -> Gate | None:
    return next((each for each in effect.gates if each.id == "shared"), None)


def test_stores_that_nobody_named_block() -> None:
    frame = stores(1)
    apart, together = estimate(frame), estimate(frame, EffectSpec(cluster="store"))
    found = check(apart)
    assert found is not None
    assert not apart.passed
    assert "Each value of store occurs in one arm only. Its 137 values hold 4.0 units each" in found.detail
    assert "write `cluster: store`" in found.detail
    # The interval would be as much wider as it is once the column is named.
    wider = np.ptp(together.interval()) / np.ptp(apart.interval())
    assert apart.detail.shared[0].wider == pytest.approx(wider, rel=0.1)
    assert check(together) is None


def test_the_design_effect_is_that_of_the_textbook() -> None:
    """1 + (m - 1) x correlation: equal variances between and within give a correlation of one half."""
    rng = np.random.default_rng(2)
    size = np.tile([2, 8], 300)
    group = np.repeat(np.arange(600), size)
    frame = pd.DataFrame(
        {
            "unit_id": np.arange(len(group)).astype(str),
            "arm": np.where(group // 2 % 2 == 0, "control", "a"),
            "household": group,
            "sales": 100 + rng.standard_normal(600)[group] + rng.standard_normal(len(group)),
        }
    )
    found = estimate(frame, EffectSpec(outcome="sales")).detail.shared[0]
    assert found.size == pytest.approx(68 / 10)
    assert found.correlation == pytest.approx(0.5, abs=0.06)
    assert found.effect == pytest.approx(1 + 5.8 * 0.5, rel=0.1)


def test_stores_that_are_not_alike_warn() -> None:
    found = check(estimate(stores(3, alike=0.0)))
    assert found is not None
    assert (found.passed, found.level) == (False, "warn")


def test_a_few_slips_hide_nothing() -> None:
    frame = stores(4)
    frame.loc[frame.index[:3], "arm"] = ["a", "a", "a"]
    found = check(estimate(frame))
    assert found is not None
    assert "but for 1" in found.detail


def test_columns_of_units_assigned_one_by_one_say_nothing() -> None:
    """Of 20 columns each, values that fall into one arm alone by chance are never taken for an assignment."""
    rng = np.random.default_rng(5)
    frame = stores(5).assign(arm=rng.choice(["control", "a"], 548))
    for k in range(20):
        frame[f"few {k}"] = rng.integers(0, 3 + 30 * k, 548)
        frame[f"pair {k}"] = rng.permutation(548) // 2
    assert check(estimate(frame, EffectSpec(outcome="sales"))) is None


def test_a_column_can_be_left_out() -> None:
    effect = estimate(stores(6), EffectSpec(leave_out=["store"]))
    assert check(effect) is None
    assert effect.passed


def test_what_holds_the_named_clusters_is_named_too() -> None:
    frame = stores(7, count=160)
    number = frame["store"].str[1:].astype(int)
    rng = np.random.default_rng(7)
    frame["city"] = "c" + (number // 8 * 2 + number % 2).astype(str)
    city = frame["city"].factorize()[0]
    frame["sales"] *= np.exp(0.4 * rng.standard_normal(city.max() + 1)[city])
    found = check(estimate(frame, EffectSpec(cluster="store")))
    assert found is not None
    assert "Each value of city occurs in one arm only. Its 40 values hold 4.0 clusters each" in found.detail
    assert found.level == "block"


def test_another_name_of_the_arm_is_no_cluster() -> None:
    frame = stores(8).drop(columns="store")
    assert check(estimate(frame.assign(label=frame["arm"].map({"control": "old", "a": "new"})))) is None


def test_moments_that_some_units_share_by_chance_say_nothing() -> None:
    """Most moments are one unit's own; of those that two units share, every other one falls into one arm by chance."""
    rng = np.random.default_rng(9)
    for _ in range(20):
        frame = pd.DataFrame(
            {
                "unit_id": np.arange(4000).astype(str),
                "arm": rng.permutation(np.repeat(["control", "a"], 2000)),
                "assigned_at": pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 40_000, 4000), unit="min"),
                "sales": rng.gamma(2.0, 1.0, 4000),
            }
        )
        assert check(estimate(frame, EffectSpec(outcome="sales"))) is None


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.floats(1, 500), st.floats(-1, 1))
def test_the_design_effect_is_kish_s_and_never_narrows(size: float, correlation: float) -> None:
    found = HiddenCluster("store", 10, size, correlation)
    assert found.effect == pytest.approx(max(1.0, 1 + (size - 1) * correlation))
    assert found.wider**2 == pytest.approx(found.effect)


@pytest.mark.parametrize(("correlation", "level"), [(0.0524, "warn"), (0.0526, "block")])
def test_a_tenth_is_how_much_wider_an_interval_may_have_to_be(correlation: float, level: str) -> None:
    """With five units each, 1 + 4 x .0525 is the square of 1.1."""
    (found,) = shared_check((HiddenCluster("store", 40, 5.0, correlation),), "unit")
    assert found.level == level
    assert (HiddenCluster("store", 40, 5.0, correlation).wider > WIDER) == (level == "block")


def test_the_largest_design_effect_is_told_and_the_others_are_named() -> None:
    """A region holds several stores, so that it is as assigned as they are; both columns are found."""
    frame = stores(11, count=160)
    number = frame["store"].str[1:].astype(int)
    frame["region"] = "r" + (number // 20 * 2 + number % 2).astype(str)
    spec = EffectSpec(outcome="sales")
    found = shared(frame, read(frame, spec), spec)
    assert {each.column for each in found} == {"store", "region"}
    assert [each.effect for each in found] == sorted((each.effect for each in found), reverse=True)
    (said,) = shared_check(found, "unit")
    assert said.detail.startswith(f"Each value of {found[0].column} occurs in one arm only.")
    assert f"The same holds for {found[1].column}." in said.detail
    assert shared_check((), "unit") == []


def test_a_column_that_is_mostly_empty_or_never_repeats_is_no_cluster() -> None:
    frame = stores(12).drop(columns="store")
    half = frame.assign(coupon=np.where(frame.index % 2, None, frame["arm"] + (frame.index // 8).astype(str)))
    own = frame.assign(phone=[f"p{i}" for i in range(len(frame))])
    spec = EffectSpec(outcome="sales")
    assert shared(half, read(half, spec), spec) == ()
    assert shared(own, read(own, spec), spec) == ()
