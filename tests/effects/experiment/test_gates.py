"""Gates of an experiment: they block what cannot be trusted, and only that."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from helpers import experiment_tables
from helpers.known_effect import arm
from reachbook.effects import EffectSpec, estimate
from reachbook.effects.effect import Effect
from reachbook.effects.experiment import gates as trial_gates
from reachbook.effects.experiment.arms import of_arm
from reachbook.effects.experiment.detail import Influence, Predictive
from reachbook.effects.experiment.heavy_tail import Tail
from reachbook.effects.experiment.lift_prior import LiftPrior
from reachbook.effects.experiment.means import Means
from reachbook.effects.experiment.sequential import simulate
from reachbook.effects.experiment.units import LeftOut, Units
from reachbook.effects.value.contribution import assess
from reachbook.effects.value.rollout import roll_out
from reachbook.stats.intervals import Interval
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


def test_orders_a_visit_are_called_a_ratio_and_counted_in_orders() -> None:
    spec = EffectSpec(outcome="orders", denominator="visits")
    effect = estimate(experiment_tables.visits(), spec)
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
    alone = estimate(experiment_tables.visits(), EffectSpec(outcome="orders", leave_out=["visits"]))
    assert middle == pytest.approx(np.median(alone.total), abs=1.5)


def test_each_arm_of_a_ratio_has_its_own_numerator() -> None:
    frame = pd.concat(
        [
            experiment_tables.visits(),
            experiment_tables.visits(1).query("arm == 'treatment'").assign(arm="b", unit_id=lambda d: "b" + d.unit_id),
        ]
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


def test_denominators_of_clusters_are_compared_by_their_means() -> None:
    """Shops of the treated arm hold three times as many units, each with as many visits as one of the control."""
    rng = np.random.default_rng(5)
    shop = np.r_[np.repeat(np.arange(20), 10), np.repeat(np.arange(20, 40), 30)]
    arm = (shop >= 20).astype(np.int64)
    visits = 2.0 + rng.poisson(3, len(shop))
    named: dict[str, object] = {"numerator_name": "orders", "denominator_name": "visits", "cluster": shop}
    alike, apart = (
        Units(("control", "a"), "name", "orders/visits", "ratio", arm, visits / 2, under, **named)  # type: ignore[arg-type]
        for under in (visits, visits + arm)
    )
    assert trial_gates.denominator_check(alike)[0].passed
    assert not trial_gates.denominator_check(apart)[0].passed


def test_an_outcome_that_is_no_ratio_has_no_numerator() -> None:
    detail = estimate(experiment_tables.conversions(8)).detail
    assert detail.numerator_total is None
    assert detail.numerator == ""


@pytest.mark.parametrize("sizes", [(500, 500), (480, 520), (44_700, 45_489)])
def test_two_equal_arms_are_held_against_a_fair_coin(sizes: tuple[int, int]) -> None:
    """Pearson's chi-square of two equal shares is the square of z = (a - b) / sqrt(a + b)."""
    first, second = sizes
    z = abs(first - second) / (first + second) ** 0.5
    assert trial_gates.sample_ratio(sizes, (1, 1)) == pytest.approx(2 * norm.sf(z))
    assert trial_gates.sample_ratio(sizes, (0.5, 0.5)) == trial_gates.sample_ratio(sizes, (7, 7))


def test_a_design_with_other_shares_is_counted_as_it_was_asked() -> None:
    assert trial_gates.sample_ratio((250, 750), (1, 3)) == pytest.approx(1.0)
    assert trial_gates.sample_ratio((250, 750), (1, 1)) < trial_gates.BLOCK


@pytest.mark.parametrize(
    ("p", "passed", "level", "sentence"),
    [
        (0.0101, True, "block", "The arms' sizes are what chance gives at 1:1"),
        (0.0099, False, "warn", "It may be chance; check assignment and filters."),
        (0.0009, False, "block", "If the design had other shares, set ratios."),
    ],
)
def test_how_unlikely_sizes_must_be_to_be_said_and_to_block(p: float, passed: bool, level: str, sentence: str) -> None:
    found = trial_gates.ratio_check(p, ("control", "a"), (1234, 1300), (1, 1), "cluster")
    assert (found.passed, found.level) == (passed, level)
    assert sentence in found.detail
    assert "control 1,234, a 1,300 clusters" in found.detail


def test_of_three_arms_one_may_be_no_arm_at_all() -> None:
    found = trial_gates.ratio_check(1e-9, ("control", "a", "b"), (9, 90, 90), (1, 1, 1))
    assert found.detail.endswith("If an arm is none of this test, name it in leave_out.")


def small(sizes: tuple[int, ...], kind: str = "conversion", control_from: str = "name", **more: object) -> Units:
    names = ("control", "a", "b")[: len(sizes)]
    index = np.repeat(np.arange(len(sizes)), sizes)
    plain: dict[str, object] = {
        "arms": names,
        "control_from": control_from,
        "name": "bought",
        "kind": kind,
        "arm": index,
    }
    return Units(**plain | {"outcome": np.zeros(len(index))} | more)  # type: ignore[arg-type]


FLAT = Means(np.ones((3, 10)))


@pytest.mark.parametrize(
    ("events", "passed", "said"),
    [
        ((5, 95), True, "Every arm has at least 5 conversions; control has 5."),
        ((4, 50), False, "arm control has 4 conversions among 100 units, and at least 5 are needed"),
        ((50, 96), False, "arm a has 4 units that did not convert among 100 units"),
    ],
)
def test_five_of_either_kind_are_enough_for_a_rate(events: tuple[int, int], passed: bool, said: str) -> None:
    found = trial_gates.sample_check(small((100, 100)), FLAT, (100, 100), events)
    assert found.passed == passed
    assert said in found.detail


def test_a_poor_arm_of_several_may_be_left_out_but_not_the_control() -> None:
    three = small((100, 100, 100))
    arm_b = trial_gates.sample_check(three, FLAT, (100,) * 3, (50, 50, 2))
    control = trial_gates.sample_check(three, FLAT, (100,) * 3, (2, 50, 50))
    assert arm_b.detail.endswith("or without that arm (leave_out: [b]).")
    assert "leave_out" not in control.detail


def test_few_clusters_are_too_few_whatever_they_hold() -> None:
    units = small((400, 400), cluster=np.arange(800) // 100)
    assert "4 clusters" in trial_gates.sample_check(units, FLAT, (4, 4), (300, 300)).detail
    assert trial_gates.sample_check(units, FLAT, (5, 5), (300, 300)).passed


def tail(shape: float, draws: int = 500) -> Tail:
    """A tail above 100 whose shape and scale are known."""
    return Tail(100.0, (200, 200), np.full(draws, shape), np.full((2, draws), 50.0))


def drawn(shape: float, rng: np.random.Generator) -> list[np.ndarray]:
    """Two arms of 200 amounts above 100 from that tail, and as many below."""
    over = 100 + 50 * np.expm1(-shape * np.log(rng.random((2, 200)))) / shape
    return [np.r_[rng.random(200) * 100, each] for each in over]


def test_amounts_that_the_model_drew_are_shown_again() -> None:
    """Over 40 checks three or more fall below .005 in one of 900 seeds, and 30 or more below .5 in one of 900."""
    rng = np.random.default_rng(1)
    found = [trial_gates.predictive(tail(0.3), drawn(0.3, rng), rng) for _ in range(40)]
    assert all(0 < each.p <= 1 for each in found)
    assert sum(each.p < 0.005 for each in found) <= 2
    # Doubling the smaller of two probabilities errs on the safe side only, whatever ties them.
    assert np.mean([each.p < 0.5 for each in found]) < 0.75


def test_an_amount_that_no_replication_reaches_is_not() -> None:
    rng = np.random.default_rng(2)
    amounts = drawn(0.1, rng)
    amounts[1][-1] = 1e6
    check = trial_gates.predictive(tail(0.1), amounts, rng)
    assert check.largest[0] == 1e6 > check.largest[2]
    # Half a replication in 501 is as large; two sides of two statistics.
    assert check.p == pytest.approx(4 * 0.5 / 501)
    found = trial_gates.tail_check(tail(0.1), check, False)
    assert [each.id for each in found] == ["heavy_tail", "predictive"]
    assert (found[0].passed, found[1].passed) == (True, False)
    assert found[1].detail.endswith("Look at the largest amounts for errors and resellers.")


def test_a_tail_without_variance_is_not_praised_for_being_shown_again() -> None:
    shown = Predictive((900.0, 500.0, 2000.0), (150.0, 140.0, 160.0), 0.8)
    heavy, light = (trial_gates.tail_check(tail(shape), shown, True) for shape in (0.6, 0.4))
    assert [(each.id, each.passed) for each in heavy] == [("heavy_tail", False)]
    assert [(each.id, each.passed) for each in light] == [("heavy_tail", True), ("predictive", True)]
    assert "a mean of capped amounts" in heavy[0].detail
    assert "a mean of capped amounts" not in trial_gates.tail_check(tail(0.6), None, False)[0].detail
    assert trial_gates.tail_check(None, None, True) == []


WHOLE = Interval(-1.0, 0.0, 1.0)
"""An effect whose half-width is one, so that a move is what it says."""


def without(one: float, five: float, surprise: float = 0.5) -> tuple[Influence, Influence]:
    first = Influence(1, one - 1, one, one + 1, arm="a", row=17, value=1234.0, surprise=surprise)
    return first, Influence(5, five - 1, five, five + 1)


@pytest.mark.parametrize(
    ("one", "five", "surprise", "fewest", "passed", "level", "sentence"),
    [
        (0.1, 0.2, 0.5, 1000, True, "warn", "Nothing was capped or left out."),
        (0.6, 0.6, 0.5, 1000, False, "block", "moves by 60% of its margin of error (at most 50%)"),
        (0.6, 0.6, 0.5, 20, False, "warn", "(at most 100%). Without the 5 largest it moves by 60%."),
        (0.1, 0.6, 0.5, 1000, False, "warn", "A few values carry much of the effect."),
        (0.3, 0.3, 0.5, 1000, False, "warn", "A few values carry much of the effect."),
        (0.1, 0.1, 0.004, 1000, False, "warn", "(one as large comes in 0.4% of tests): is it an error?"),
        (0.1, 0.1, 1e-9, 1000, False, "warn", "(one as large comes in fewer than 0.01% of tests)"),
    ],
)
def test_how_much_of_an_effect_may_hang_on_one_value(
    one: float, five: float, surprise: float, fewest: int, passed: bool, level: str, sentence: str
) -> None:
    (found,) = trial_gates.influence_check(WHOLE, without(one, five, surprise), "unit", fewest)
    assert (found.passed, found.level) == (passed, level)
    assert found.detail.startswith("Without row 17 below the header (arm a) the effect moves by ")
    assert sentence in found.detail


def test_a_value_cannot_hide_behind_the_width_that_it_makes() -> None:
    """With the outlier the interval is ten wide; what is left without it is what the move is measured by."""
    wide = Interval(-5.0, 0.0, 5.0)
    assert not trial_gates.influence_check(wide, without(2.0, 2.0), "unit", 1000)[0].passed
    assert trial_gates.influence_check(wide, (), "unit", 1000) == []


def test_a_cluster_is_named_by_its_first_row() -> None:
    (found,) = trial_gates.influence_check(WHOLE, without(0.1, 0.1), "cluster", 100)
    assert found.detail.startswith("Without the cluster of row 17 below the header")


def test_an_effect_without_any_width_moves_infinitely_or_not_at_all() -> None:
    point = Interval(0.0, 0.0, 0.0)
    still, moved = (Influence(1, at, at, at, arm="a", row=1, value=at) for at in (0.0, 0.5))
    assert trial_gates.influence_check(point, (still,), "unit", 100)[0].passed
    assert not trial_gates.influence_check(point, (moved,), "unit", 100)[0].passed


def test_arms_that_were_set_aside_are_named_with_the_reason() -> None:
    units = small((40, 50), left_out=(LeftOut("pilot", 10, "its share in ratios is 0"),))
    (found,) = trial_gates.arms_check(units)
    assert "pilot with 10 of 100 units (its share in ratios is 0)" in found.detail
    assert trial_gates.arms_check(small((40, 50))) == []


@pytest.mark.parametrize(
    ("control_from", "passed", "said"),
    [
        ("params", True, "as the parameter control says"),
        ("name", True, "told from its name"),
        ("order", False, "control was taken, the first in order"),
    ],
)
def test_how_the_control_was_known_is_said(control_from: str, passed: bool, said: str) -> None:
    found = trial_gates.control_check(small((1, 1), control_from=control_from))
    assert (found.passed, found.level) == (passed, "warn")
    assert said in found.detail


def test_a_reason_for_the_exposed_is_asked_only_where_exposure_is_known() -> None:
    control = arm("control", 0.0, 0.0)
    unknown, poor = arm("a", 0.1, 0.1), arm("b", 0.1, 0.1, exposed=20)
    assert trial_gates.exposure_check((control, unknown)) == []
    (found,) = trial_gates.exposure_check((control, unknown, poor))
    assert found.detail.startswith("Arm b was hardly more exposed than the control")


def test_a_sign_that_is_sure_for_one_look_is_not_for_many() -> None:
    looks = simulate(10, 0.1, LiftPrior(0.4), paths=4000)
    between = (trial_gates.NAIVE + looks.threshold) / 2
    verdicts = {at: trial_gates.looks_check(looks, at)[0] for at in (0.9, between, looks.threshold)}
    assert [each.passed for each in verdicts.values()] == [True, False, True]
    assert "enough for one look, not for 10" in verdicts[between].detail
    assert trial_gates.looks_check(None, 0.98) == []


def test_a_mean_that_may_be_zero_has_no_relative_lift() -> None:
    assert trial_gates.baseline_check(Means(np.array([[1.0, 2.0], [0.5, 0.1]]))) == []
    (found,) = trial_gates.baseline_check(Means(np.array([[1.0, 0.0], [0.5, 0.1]])))
    assert "no relative lift can be believed in" in found.detail
