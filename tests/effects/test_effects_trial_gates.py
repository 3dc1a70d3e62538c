"""Gates of an experiment: they block what cannot be trusted, and only that."""

import numpy as np
import pytest
import trial_tables

from reachbook.effects import EffectSpec, experiment
from reachbook.effects.effect import Effect
from reachbook.effects.money import judge
from reachbook.told import Check


def gate(effect: Effect, name: str) -> Check:
    return next(each for each in effect.gates if each.id == name)


@pytest.mark.parametrize(
    ("sizes", "passed", "level"),
    [((5000, 5000), True, "block"), ((44_700, 45_489), False, "warn"), ((5000, 4000), False, "block")],
)
def test_sample_ratio(sizes: tuple[int, int], passed: bool, level: str) -> None:
    # The middle one is Cookie Cats: p = .0086, to be said, not to block.
    arms = {name: np.tile([0.0, 1.0], n)[:n] for name, n in zip(("control", "a"), sizes, strict=True)}
    found = gate(experiment(trial_tables.table(arms)), "sample_ratio")
    assert (found.passed, found.level) == (passed, level)


def test_sample_ratio_follows_the_design() -> None:
    arms = {"control": np.tile([0.0, 1.0], 1000), "a": np.tile([0.0, 1.0], 4000)}
    frame = trial_tables.table(arms)
    assert not gate(experiment(frame), "sample_ratio").passed
    assert gate(experiment(frame, EffectSpec(ratios={"control": 0.2, "a": 0.8})), "sample_ratio").passed


@pytest.mark.parametrize("rates", [(0.0, 0.0), (0.0, 0.02), (1.0, 0.9)])
def test_zero_conversions_say_that_we_cannot_tell(rates: tuple[float, float]) -> None:
    effect = experiment(trial_tables.conversions(2, n=500, rates=rates))
    assert not effect.passed
    assert "We cannot tell" in gate(effect, "sample").detail
    assert np.isfinite(effect.interval()).all()


def test_no_revenue_at_all_says_that_we_cannot_tell() -> None:
    effect = experiment(trial_tables.conversions(2, n=500, rates=(0, 0)), EffectSpec(kind="revenue"))
    assert not gate(effect, "sample").passed


@pytest.mark.parametrize("cluster", ["", "shop"])
@pytest.mark.parametrize("denominator", ["", "visits"])
@pytest.mark.parametrize("value", [0.0, 5.0])
def test_an_outcome_that_never_varies_breaks_nothing(value: float, denominator: str, cluster: str) -> None:
    frame = trial_tables.conversions(7, n=600).assign(outcome=value, visits=1)
    frame["shop"] = frame.arm + (np.arange(1200) % 8).astype(str)
    spec = EffectSpec(outcome="outcome", denominator=denominator, cluster=cluster, looks=5, spend=10)
    effect = experiment(frame, spec)
    low, high = effect.interval()
    assert low <= 0 <= high
    assert gate(effect, "sample").passed == (value > 0)
    assert judge(effect, spec).decision == ("effect only" if value else "do not act")


def test_a_heavy_tail_with_few_baskets_blocks() -> None:
    few = experiment(trial_tables.revenue(2, n=600, rate=0.06, index=0.9))
    many = experiment(trial_tables.revenue(3, n=20_000, rate=0.1, index=3.0))
    assert not gate(few, "heavy_tail").passed
    assert many.passed


def test_few_clusters_block() -> None:
    frame = trial_tables.conversions(4, n=900)
    frame["shop"] = frame.arm + (np.arange(1800) % 3).astype(str)
    assert "3 clusters" in gate(experiment(frame, EffectSpec(cluster="shop")), "sample").detail


def test_many_looks_ask_for_more() -> None:
    # A z of about 2.2: enough for one look, not for 28.
    arms = {"control": np.r_[np.ones(500), np.zeros(9500)], "a": np.r_[np.ones(570), np.zeros(9430)]}
    frame = trial_tables.table(arms)
    once, daily = experiment(frame), experiment(frame, EffectSpec(looks=28))
    assert "looks" not in {each.id for each in once.gates}
    assert not gate(daily, "looks").passed
    assert daily.detail.always_valid[0] < 0 < daily.detail.always_valid[1]


def test_the_control_was_guessed() -> None:
    frame = trial_tables.conversions(5)
    guessed = gate(experiment(frame.assign(arm=frame.arm.replace("control", "A"))), "control")
    assert not guessed.passed
    assert guessed.level == "warn"


def test_exposure_that_the_assignment_did_not_change_is_said() -> None:
    frame = trial_tables.conversions(6).assign(exposed_at="2026-01-05")
    effect = experiment(frame)
    assert effect.detail.complier is None
    assert not gate(effect, "exposure").passed
