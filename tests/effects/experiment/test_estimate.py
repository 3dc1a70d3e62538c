"""An experiment's effect: truth recovered, intervals that cover, and nothing that depends on units, names or order."""

from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import experiment_tables
from reachbook.effects import EffectSpec, estimate
from reachbook.effects.effect import Effect
from reachbook.effects.experiment.arms import of_arm


def summary(effect: Effect) -> list[float]:
    """Everything that a page would show, as numbers."""
    shown = [*effect.interval(), *effect.relative_interval(), effect.middle, effect.probability_above(0)]
    for arm in sorted(effect.detail.arms[1:], key=lambda arm: arm.units):
        shown += [arm.best, arm.expected_loss, arm.above_rope, arm.effect.mean()]
    return shown


def test_large_samples_give_the_difference_in_rates() -> None:
    effect = estimate(experiment_tables.conversions(1, n=100_000, rates=(0.05, 0.06)))
    low, high = effect.interval()
    assert low < 0.01 < high
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt((0.05 * 0.95 + 0.06 * 0.94) / 100_000), rel=0.05)
    assert effect.passed
    assert effect.cells == 100_000


def test_intervals_of_conversions_cover() -> None:
    # 40 runs at a coverage of .95: 34 or fewer hits have probability 1.4 %; at .75, 35 or more have 4 %.
    hits = 0
    for seed in range(40):
        low, high = estimate(experiment_tables.conversions(seed, n=1500, rates=(0.05, 0.06)), seed=seed).interval()
        hits += low <= 0.01 <= high
    assert hits > 34


def test_intervals_of_revenue_with_a_pareto_tail_cover() -> None:
    # The same bound, with a lift of 20 % in baskets whose variance is barely finite; hardly wider than Welch's.
    truth, hits, width, welch = 0.1 * 2.1 / 1.1 * 0.2, 0, 0.0, 0.0
    for seed in range(40):
        frame = experiment_tables.revenue(seed, lift=0.2)
        low, high = estimate(frame, seed=seed).interval()
        hits += low <= truth <= high
        width += high - low
        welch += 2 * 1.96 * float(np.sqrt((frame.groupby("arm").outcome.var() / 2000).sum()))
    assert hits > 34
    assert width < 1.1 * welch


@pytest.mark.parametrize("cluster", ["", "store"])
@pytest.mark.parametrize("kind", ["count", "revenue"])
def test_nothing_depends_on_the_unit_of_money_names_or_order(kind: Literal["count", "revenue"], cluster: str) -> None:
    rng = np.random.default_rng(3)
    arms = {
        name: np.round(rng.lognormal(3, 1, n)) * (rng.random(n) < 0.2)
        for name, n in (("control", 900), ("a", 800), ("b", 850))
    }
    frame = experiment_tables.table(arms, segment=rng.choice(["x", "y"], 2550))
    frame["store"] = frame.arm + (np.arange(len(frame)) % 12).astype(str)
    ratios = {"control": 900.0, "a": 800.0, "b": 850.0}
    spec = EffectSpec(kind=kind, cluster=cluster, control="control", ratios=ratios)
    plain = estimate(frame, spec)
    shuffled = estimate(frame.sample(frac=1, random_state=1), spec)
    assert summary(shuffled) == summary(plain)
    assert [s.positive for s in shuffled.detail.segments] == [s.positive for s in plain.detail.segments]
    names = {"control": "q", "a": "z", "b": "c"}
    renamed = estimate(
        frame.assign(arm=frame.arm.map(names)),
        spec.model_copy(update={"control": "q", "ratios": {names[k]: v for k, v in ratios.items()}}),
    )
    assert summary(renamed) == summary(plain)
    dearer = estimate(frame.assign(outcome=frame.outcome * 1000), spec)
    np.testing.assert_allclose(dearer.average, plain.average * 1000, rtol=1e-9)
    np.testing.assert_allclose(dearer.relative, plain.relative, rtol=1e-9, atol=1e-12)
    assert [g.passed for g in dearer.gates] == [g.passed for g in plain.gates]


def test_everything_comes_from_the_same_draws() -> None:
    effect = estimate(experiment_tables.conversions(4, rates=(0.05, 0.05, 0.07)))
    control, first, second = effect.detail.arms
    weights = first.units + second.units
    np.testing.assert_allclose(effect.average, (first.incremental + second.incremental) / weights, rtol=1e-12)
    np.testing.assert_allclose(effect.baseline, control.mean)
    assert sum(arm.best for arm in effect.detail.arms) == pytest.approx(1)
    assert effect.detail.best.name == "b"
    assert of_arm(effect, "b").probability_above(0) == second.above_rope
    with pytest.raises(ValueError, match="no treated arm"):
        of_arm(effect, "control")


def test_the_same_seed_gives_the_same_draws() -> None:
    frame = experiment_tables.revenue(5)
    np.testing.assert_array_equal(estimate(frame, seed=7).average, estimate(frame, seed=7).average)
    assert (estimate(frame, seed=7).average != estimate(frame, seed=8).average).any()


def test_clusters_widen_the_interval() -> None:
    rng = np.random.default_rng(6)
    rate = rng.beta(4, 36, 24)
    store = np.repeat(np.arange(24), 200)
    frame = pd.DataFrame(
        {
            "unit_id": np.arange(4800).astype(str),
            "arm": np.where(store % 2 == 0, "control", "a"),
            "outcome": rng.random(4800) < rate[store],
            "shop": store,
        }
    )
    together, apart = estimate(frame, EffectSpec(cluster="shop", outcome="outcome")), estimate(frame, EffectSpec())
    assert np.ptp(together.interval()) > 1.5 * np.ptp(apart.interval())
    assert together.detail.members == (12, 12)
    assert estimate(frame.rename(columns={"shop": "cluster"})).detail.cluster == "cluster"


def test_a_ratio_moves_with_its_denominator() -> None:
    rng = np.random.default_rng(8)
    visits = 1 + rng.poisson(4, 6000)
    orders = rng.binomial(visits, np.repeat([0.10, 0.13], 3000))
    frame = experiment_tables.table({"control": orders[:3000], "a": orders[3000:]}, visits=visits)
    effect = estimate(frame, EffectSpec(denominator="visits"))
    low, high = effect.interval()
    assert low < 0.03 < high
    assert effect.detail.kind == "ratio"
    assert effect.cells == visits[3000:].sum()


def test_effects_on_the_exposed_are_told_only_where_exposure_is_recorded() -> None:
    frame = experiment_tables.conversions(9, n=20_000, rates=(0.05, 0.06))
    assert estimate(frame).detail.complier is None
    rng = np.random.default_rng(9)
    seen = (frame.arm == "a") & (rng.random(len(frame)) < 0.5)
    frame["exposed_at"] = pd.Series(pd.Timestamp("2026-01-05"), index=frame.index).where(seen)
    effect = estimate(frame)
    assert effect.detail.complier is not None
    assert float(np.median(effect.detail.complier)) == pytest.approx(2 * effect.middle, rel=0.05)


def test_segments_lean_on_each_other_and_average_to_the_effect() -> None:
    rng = np.random.default_rng(100)
    segment = rng.choice(["a", "b", "c", "d"], 40_000, p=[0.5, 0.3, 0.15, 0.05])
    frame = experiment_tables.conversions(10, n=20_000, rates=(0.05, 0.06)).assign(segment=segment)
    effect = estimate(frame)
    parts = effect.detail.segments
    weights = frame.segment.value_counts(normalize=True).sort_index().to_numpy()
    np.testing.assert_allclose(weights @ np.stack([p.average for p in parts]), effect.average, rtol=1e-6)
    raw = frame.groupby(["segment", "arm"]).outcome.mean().unstack()
    # The small segment is pulled towards the others: it strays less than its own mean does.
    spread = abs((raw["a"] - raw["control"])["d"] - effect.middle)
    assert abs(float(np.median(parts[3].average)) - effect.middle) < 0.5 * spread


def test_the_influence_of_the_largest_values_is_shown_and_nothing_is_capped() -> None:
    frame = experiment_tables.revenue(11, index=3.0)
    frame.loc[frame.index[-1], "outcome"] = 1e6
    effect = estimate(frame)
    first, five = effect.detail.influence
    assert (first.dropped, five.dropped) == (1, 5)
    assert abs(first.middle) < 0.1 * abs(effect.middle)
    assert {gate.id: gate.passed for gate in effect.gates}["predictive"] is False
    assert effect.detail.arms[1].observed == pytest.approx(frame[frame.arm == "a"].outcome.mean())


def test_returns_may_make_revenue_negative() -> None:
    rng = np.random.default_rng(12)
    effect = estimate(experiment_tables.table({"control": rng.normal(-0.5, 10, 3000), "a": rng.normal(1, 10, 3000)}))
    low, high = effect.interval()
    assert low < 1.5 < high
    assert "baseline" in {gate.id for gate in effect.gates if not gate.passed}
    assert effect.detail.segments == ()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=4), st.integers(40, 60))
def test_any_counts_give_ordered_finite_intervals(successes: list[int], n: int) -> None:
    names = ["control", "a", "b", "c"]
    arms = {name: np.r_[np.ones(x), np.zeros(n - x)] for name, x in zip(names, successes, strict=False)}
    low, high = estimate(experiment_tables.table(arms)).interval()
    assert -1 <= low <= high <= 1
