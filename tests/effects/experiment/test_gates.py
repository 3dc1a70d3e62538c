"""Gates of an experiment: they block what cannot be trusted, and only that."""

import numpy as np
import pandas as pd
import pytest

from helpers import experiment_tables
from helpers.campaign import tell
from reachbook.effects import EffectSpec, estimate
from reachbook.effects.effect import Effect
from reachbook.effects.experiment.arms import of_arm
from reachbook.effects.value.contribution import assess
from reachbook.effects.value.rollout import roll_out
from reachbook.presentation.svg import inline
from reachbook.verdict import Gate


def gate(effect: Effect, name: str) -> Gate:
    return next(each for each in effect.gates if each.id == name)


@pytest.mark.parametrize(
    ("sizes", "passed", "level"),
    [((5000, 5000), True, "block"), ((44_700, 45_489), False, "warn"), ((5000, 4000), False, "block")],
)
def test_sample_ratio(sizes: tuple[int, int], passed: bool, level: str) -> None:
    # The middle one is Cookie Cats: p = .0086, to be said, not to block.
    arms = {name: np.tile([0.0, 1.0], n)[:n] for name, n in zip(("control", "a"), sizes, strict=True)}
    found = gate(estimate(experiment_tables.table(arms)), "sample_ratio")
    assert (found.passed, found.level) == (passed, level)


def test_sample_ratio_follows_the_design() -> None:
    arms = {"control": np.tile([0.0, 1.0], 1000), "a": np.tile([0.0, 1.0], 4000)}
    frame = experiment_tables.table(arms)
    assert not gate(estimate(frame), "sample_ratio").passed
    assert gate(estimate(frame, EffectSpec(ratios={"control": 0.2, "a": 0.8})), "sample_ratio").passed


@pytest.mark.parametrize("rates", [(0.0, 0.0), (0.0, 0.02), (1.0, 0.9)])
def test_zero_conversions_say_that_we_cannot_tell(rates: tuple[float, float]) -> None:
    effect = estimate(experiment_tables.conversions(2, n=500, rates=rates))
    assert not effect.passed
    assert "We cannot tell" in gate(effect, "sample").detail
    assert np.isfinite(effect.interval()).all()


def test_no_revenue_at_all_says_that_we_cannot_tell() -> None:
    effect = estimate(experiment_tables.conversions(2, n=500, rates=(0, 0)), EffectSpec(kind="revenue"))
    assert not gate(effect, "sample").passed


@pytest.mark.parametrize("cluster", ["", "shop"])
@pytest.mark.parametrize("denominator", ["", "visits"])
@pytest.mark.parametrize("value", [0.0, 5.0])
def test_an_outcome_that_never_varies_breaks_nothing(value: float, denominator: str, cluster: str) -> None:
    frame = experiment_tables.conversions(7, n=600).assign(outcome=value, visits=1)
    frame["shop"] = frame.arm + (np.arange(1200) % 8).astype(str)
    spec = EffectSpec(outcome="outcome", denominator=denominator, cluster=cluster, looks=5, spend=10)
    effect = estimate(frame, spec)
    low, high = effect.interval()
    assert low <= 0 <= high
    assert gate(effect, "sample").passed == (value > 0)
    assert assess(effect, spec).decision == ("effect only" if value else "do not act")


def test_a_heavy_tail_with_few_baskets_blocks() -> None:
    few = estimate(experiment_tables.revenue(2, n=600, rate=0.06, index=0.9))
    many = estimate(experiment_tables.revenue(3, n=20_000, rate=0.1, index=3.0))
    assert not gate(few, "heavy_tail").passed
    assert many.passed


def test_few_clusters_block() -> None:
    frame = experiment_tables.conversions(4, n=900)
    frame["shop"] = frame.arm + (np.arange(1800) % 3).astype(str)
    assert "3 clusters" in gate(estimate(frame, EffectSpec(cluster="shop")), "sample").detail


def test_many_looks_ask_for_more() -> None:
    # A z of about 2.2: enough for one look, not for 28.
    arms = {"control": np.r_[np.ones(500), np.zeros(9500)], "a": np.r_[np.ones(570), np.zeros(9430)]}
    frame = experiment_tables.table(arms)
    once, daily = estimate(frame), estimate(frame, EffectSpec(looks=28))
    assert "looks" not in {each.id for each in once.gates}
    assert not gate(daily, "looks").passed
    assert daily.detail.always_valid[0] < 0 < daily.detail.always_valid[1]


def test_the_control_was_guessed() -> None:
    frame = experiment_tables.conversions(5)
    guessed = gate(estimate(frame.assign(arm=frame.arm.replace("control", "A"))), "control")
    assert not guessed.passed
    assert guessed.level == "warn"


def test_exposure_that_the_assignment_did_not_change_is_said() -> None:
    frame = experiment_tables.conversions(6).assign(exposed_at="2026-01-05")
    effect = estimate(frame)
    assert effect.detail.complier is None
    assert not gate(effect, "exposure").passed


def visits(seed: int = 0) -> pd.DataFrame:
    """Two arms of 400 with 184 orders of 535 visits and 177 of 708."""
    rng = np.random.default_rng(seed)
    arms = [(rng.multinomial(total, np.ones(400) / 400), orders) for total, orders in ((535, 184), (708, 177))]
    bought = [rng.multivariate_hypergeometric(seen, orders) for seen, orders in arms]
    table = experiment_tables.table(
        {"control": bought[0], "treatment": bought[1]}, visits=np.concatenate([v for v, _ in arms])
    )
    return table.rename(columns={"outcome": "orders"})


def test_orders_a_visit_are_called_a_ratio_and_counted_in_orders() -> None:
    spec = EffectSpec(outcome="orders", denominator="visits")
    effect = estimate(visits(), spec)
    assert effect.outcome == "orders/visits"
    said = gate(effect, "ratio")
    assert "orders/visits is a ratio of sums: control 184/535, treatment 177/708" in said.detail
    assert "orders a unit: 0.460, 0.443" in said.detail
    assert (said.passed, said.level) == (False, "warn")
    low, middle, high = np.quantile(effect.detail.numerator_total, [0.025, 0.5, 0.975])
    # The plain difference is -7 orders; beliefs about the lift pull it a little towards none.
    assert -7.5 < middle < -4.5
    assert low < -30
    assert high > 20
    assert effect.detail.numerator_reach == 2
    assert np.median(effect.detail.numerator_baseline) == pytest.approx(184, abs=4)
    # The numerator is told as if it alone were the outcome.
    alone = estimate(visits(), EffectSpec(outcome="orders", leave_out=["visits"]))
    assert middle == pytest.approx(np.median(alone.total), abs=1.5)


def test_the_page_of_a_ratio_says_what_it_is_of() -> None:
    found = tell(visits(), EffectSpec(outcome="orders", denominator="visits"), 1)
    part = found.sections["effect"]
    assert "orders/visits is a ratio of sums (control 184/535; treatment 177/708)" in part.note
    assert "the treated arms had \N{MINUS SIGN}7 more" not in part.note
    assert "7 orders fewer than as many units of the control" in part.note
    table = part.tables[0].frame
    assert list(table["numerator"]) == [184, 177]
    assert list(table["denominator"]) == [535, 708]
    assert "outcome: orders/visits" in found.described
    assert found.lift_tests["metric"].item() == "orders"
    assert -7.5 < found.lift_tests["lift"].item() < -4.5


def test_each_arm_of_a_ratio_has_its_own_numerator() -> None:
    frame = pd.concat(
        [visits(), visits(1).query("arm == 'treatment'").assign(arm="b", unit_id=lambda d: "b" + d.unit_id)]
    )
    effect = estimate(frame, EffectSpec(outcome="orders", denominator="visits"))
    arms = effect.detail.arms[1:]
    np.testing.assert_allclose(effect.detail.numerator_total, arms[0].numerator_total + arms[1].numerator_total)
    assert effect.detail.numerator_reach == 1.5
    one = of_arm(effect, "b")
    assert arms[0].name == "b"
    np.testing.assert_array_equal(one.detail.numerator_total, arms[0].numerator_total)
    assert one.detail.numerator_reach == 3
    assert roll_out(effect, EffectSpec(outcome="orders", denominator="visits"), 1, frame).several


def test_a_denominator_that_is_alike_is_no_warning() -> None:
    """A limit of .01: of 20 tests whose visits do not differ, more than one is warned of in 1.7 % of seeds."""
    warned = 0
    for seed in range(20):
        rng = np.random.default_rng([seed, 54])
        seen = 1 + rng.poisson(2, 1600)
        bought = rng.binomial(seen, 0.3)
        frame = experiment_tables.table({"control": bought[:800], "a": bought[800:]}, visits=seen)
        warned += not gate(estimate(frame, EffectSpec(denominator="visits")), "ratio").passed
    assert warned <= 1


def test_an_outcome_that_is_no_ratio_has_no_numerator() -> None:
    detail = estimate(experiment_tables.conversions(8)).detail
    assert detail.numerator_total is None
    assert detail.numerator == ""


def test_names_of_arms_are_never_mathematics_in_figures() -> None:
    frame = experiment_tables.revenue(9).assign(assigned_at=pd.Timestamp("2026-07-05"), segment=["x", "$y_1$"] * 2000)
    frame["arm"] = frame["arm"].replace("a", "$5_off_$20")
    frame["assigned_at"] += pd.to_timedelta(np.arange(len(frame)) % 21, "D")
    found = tell(frame, EffectSpec(outcome="outcome", control="control"), 1)
    for name, part in found.sections.items():
        for picture in part.figures:
            drawn = inline(picture.figure, picture.id, picture.alt)
            if name == "effect":
                assert ">$5_off_$20</text>" in drawn
            if name == "segments":
                assert ">$y_1$</text>" in drawn
