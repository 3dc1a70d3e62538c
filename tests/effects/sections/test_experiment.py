"""Sections on an experiment: each tells its part of the result, or says in a sentence why there is nothing to tell."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.known_effect import GOOD, STANDARD, arm, experiment, rolled_out
from reachbook.effects.effect import Effect
from reachbook.effects.experiment.detail import Influence, Predictive
from reachbook.effects.experiment.lift_prior import LiftPrior
from reachbook.effects.experiment.robust_estimands import RobustEstimand
from reachbook.effects.experiment.sequential import simulate
from reachbook.effects.experiment.subgroups import SegmentEffect
from reachbook.effects.sections.experiment import lifts, marks, parts
from reachbook.effects.spec import EffectSpec
from reachbook.presentation.section import Section
from reachbook.verdict import Gate

UNKNOWN = pd.DataFrame(columns=["name", "planted", "total"])
BARE = pd.DataFrame({"unit_id": ["u1"], "arm": ["a"], "orders": [1.0]})
ONE, TWO = {"a": (0.1, 0.02)}, {"a": (0.05, 0.02), "b": (0.15, 0.02)}


def told(
    effect: Effect, frame: pd.DataFrame = BARE, known: pd.DataFrame = UNKNOWN, **more: object
) -> dict[str, Section]:
    spec = EffectSpec.model_validate(more)
    return parts(effect, spec, frame, known, rolled_out(effect, spec), 1)


def test_a_bare_test_has_every_section_and_a_sentence_in_each() -> None:
    found = told(experiment(ONE))
    assert list(found) == ["effect", "time", "evidence", "methods", "segments", "influence", "looks"]
    assert all(each.note for each in found.values())
    drawn = {name for name, each in found.items() if each.figures}
    assert drawn == {"methods"}, "a single arm stands beside the decision"
    assert told(experiment(TWO))["effect"].figures


def test_lifts_of_several_arms_begin_with_all_of_them_together() -> None:
    assert list(lifts(experiment(ONE), 0.95)["name"]) == ["a"]
    both = lifts(experiment(TWO), 0.95)
    assert list(both["name"]) == ["all", "a", "b"]
    np.testing.assert_allclose(both["middle"], [0.1, 0.05, 0.15])
    np.testing.assert_allclose(both["high"] - both["low"], 2 * 1.96 * 0.02, rtol=2e-3)


def test_a_lift_is_held_against_zero_break_even_and_target_as_far_as_they_are_known() -> None:
    """A thousand units of 10 that are worth 10 each and leave half: a lift of 1 % repays 500."""
    effect = experiment(ONE)
    assert marks(effect, EffectSpec(), None) == {"zero": 0.0}
    spec = EffectSpec(value_per_unit=10.0, margin_low=0.5, margin_high=0.5, target=0.2)
    assert marks(effect, spec, 500.0) == pytest.approx({"zero": 0.0, "break-even": 0.01, "target": 0.2})


def test_the_arms_are_told_with_the_planted_truth_where_it_is_known() -> None:
    effect = experiment(TWO)
    known = pd.DataFrame({"name": ["a"], "planted": [0.04], "total": [400.0]})
    found = told(effect, known=known)["effect"]
    assert found.note.startswith("a has the highest mean of orders among all 3 arms with probability 100%; ")
    (sheet,) = found.tables
    assert list(sheet.frame["arm"]) == ["control", "a", "b"]
    assert sheet.frame["low"].isna().tolist() == [True, False, False], "the control has no lift over itself"
    assert sheet.frame["added"].tolist()[1:] == pytest.approx([500.0, 1500.0])
    assert sheet.shown is not None
    assert "added" not in sheet.shown
    labels = [text.get_text() for text in found.figures[0].figure.legends[0].get_texts()]
    assert "planted" in labels


def test_what_the_exposed_gained_is_told_where_it_is_known() -> None:
    effect = experiment(ONE, complier=2 + 0.5 * STANDARD)
    assert "Of those whom an arm reached, it changed orders of each by 2" in told(effect)["effect"].note
    assert "reached" not in told(experiment(ONE))["effect"].note


def ratio() -> Effect:
    """The control has 184 orders of 535 visits, the arm 177 of 708, from 400 units each."""
    control = arm("control", 0.0, 0.0, 184 / 535, 400, over=184.0, under=535.0)
    treated = arm("a", -0.27, 0.1, 184 / 535, 400, over=177.0, under=708.0)
    effect = experiment(ONE, outcome="orders/visits", kind="ratio", numerator="orders", denominator="visits",
                        numerator_total=-7 + 20 * STANDARD)  # fmt: skip
    return replace(effect, detail=replace(effect.detail, arms=(control, treated)))


def test_a_ratio_is_told_by_its_sums_and_counted_in_its_numerator() -> None:
    found = told(ratio())["effect"]
    assert "orders/visits is a ratio of sums (control 184/535; a 177/708) and moves with visits too." in found.note
    assert "The treated arms had 7 orders fewer than as many units of the control" in found.note
    assert "the campaign changed orders by −7" in found.note
    (sheet,) = found.tables
    assert sheet.frame[["numerator", "denominator"]].to_numpy().tolist() == [[184, 535], [177, 708]]
    assert list(sheet.frame["numerator_a_unit"]) == [0.46, 0.4425]
    assert sheet.caption.startswith("observed: orders/visits; numerator orders, denominator visits")


def weeks(seed: int, lift: tuple[float, float], assigned: str = "2026-07-06") -> tuple[Effect, pd.DataFrame]:
    """Two arms of 2,000 over two weeks with 10 orders a unit and these lifts by week."""
    rng = np.random.default_rng(seed)
    late = np.arange(4000) % 2
    raised = np.r_[np.zeros(2000), np.ones(2000)] * np.take(lift, late)
    frame = pd.DataFrame(
        {
            "unit_id": [f"u{i}" for i in range(4000)], "arm": np.repeat(["control", "a"], 2000),
            "assigned_at": pd.Timestamp(assigned) + pd.to_timedelta(7 * late, "D"),
            "orders": rng.poisson(10 * (1 + raised)),
        }
    )  # fmt: skip
    return experiment({"a": (float(np.mean(lift)), 0.01)}), frame


def test_weeks_of_assignment_are_named_by_their_monday() -> None:
    found = told(*weeks(1, (0.1, 0.1)), outcome="orders")["time"]
    assert "no week stands apart" in found.note
    assert [label.get_text() for label in found.figures[0].figure.axes[0].get_yticklabels()] == [
        "2026-07-06", "2026-07-13",
    ]  # fmt: skip


def test_a_week_that_stands_apart_asks_what_differed() -> None:
    assert (
        "some weeks stand apart: find out what differed" in told(*weeks(2, (0.0, 0.4)), outcome="orders")["time"].note
    )


def test_why_weeks_are_not_told_apart() -> None:
    effect, frame = weeks(3, (0.1, 0.1))
    assert told(effect, frame.drop(columns="assigned_at"))["time"].note.startswith("The table does not say when")
    holes = frame.assign(assigned_at=frame["assigned_at"].where(frame.index > 0))
    assert told(effect, holes)["time"].note.startswith("The table does not say when")
    same = frame.assign(assigned_at=pd.Timestamp("2026-07-07"))
    assert told(effect, same)["time"].note.startswith("Units were assigned within one week")


def test_evidence_says_what_was_believed_and_whether_assignment_was_checked() -> None:
    prior = LiftPrior(0.1, tests=7)
    unchecked = told(experiment(ONE, prior=prior))["evidence"]
    assert "a column named before would show it" in unchecked.note
    assert unchecked.note.endswith("(fitted from 7 past tests).")
    assert not unchecked.tables
    checked = told(experiment(ONE, (*GOOD, Gate("balance", True, "Alike before."))))["evidence"]
    assert "a column named before" not in checked.note


def test_evidence_shows_a_tail_beside_what_the_model_shows_again() -> None:
    check = Predictive((900.0, 500.0, 2000.0), (150.0, 140.0, 160.0), 0.4)
    (sheet,) = told(experiment(ONE, predictive=check))["evidence"].tables
    assert sheet.frame.to_numpy().tolist() == [
        ["largest amount", 900.0, 500.0, 2000.0], ["a typical large amount", 150.0, 140.0, 160.0],
    ]  # fmt: skip


def test_other_ways_to_count_stand_beside_the_model() -> None:
    effect = experiment(TWO, always_valid=(-0.1, 0.44))
    found = told(effect)["methods"]
    table = found.tables[0].frame.set_index("name")
    assert list(table.index) == ["model", "difference of means", "always-valid interval"]
    assert table.loc["difference of means", "middle"] == pytest.approx(0.1)
    # The middle of an interval of log lifts is the geometric mean of its ends: sqrt(.9 x 1.44) - 1.
    assert table.loc["always-valid interval", "middle"] == pytest.approx(np.sqrt(0.9 * 1.44) - 1)
    assert found.note == "Plain means give 10.0%; the page says 10.0%."


def test_a_control_without_any_outcome_has_no_plain_lift() -> None:
    effect = experiment(ONE)
    control = replace(effect.detail.arms[0], observed=0.0)
    none = replace(effect, detail=replace(effect.detail, arms=(control, *effect.detail.arms[1:])))
    assert told(none)["methods"].note == "No other way is told."


def segment(name: str, middle: float, error: float, arm: str = "a") -> SegmentEffect:
    draws = middle + error * STANDARD
    return SegmentEffect(arm, name, 100, 10 * draws, draws, float((draws > 0).mean()))


@pytest.mark.parametrize(
    ("old", "note"),
    [
        (0.2, "a adds in old. Small segments lean on the others"),
        (0.05, "a adds in old. The differences between segments may still be luck: all their intervals overlap."),
        (0.03, "In no segment alone is it sure that a adds. The differences between segments may still be luck"),
    ],
)
def test_segments_in_which_it_is_sure_that_an_arm_adds(old: float, note: str) -> None:
    found = told(experiment(ONE, segments=(segment("old", old, 0.02), segment("young", 0.02, 0.02))))["segments"]
    assert found.note.startswith(note)
    assert list(found.tables[0].frame["segment"]) == ["old", "young"]


def test_segments_are_drawn_for_the_arm_with_the_most_effect_and_listed_for_all() -> None:
    every = tuple(segment(name, 0.1, 0.02, arm) for arm in ("a", "b") for name in ("old", "young"))
    found = told(experiment(TWO, segments=every))["segments"]
    assert "by b, by segment" in found.figures[0].alt
    assert list(found.tables[0].frame["arm"]) == ["a", "a", "b", "b"]


LEFT_OUT = (Influence(1, 0.4, 0.8, 1.2, arm="a", row=1017, value=9999.0), Influence(5, 0.3, 0.7, 1.1))


def test_influence_names_rows_and_never_units() -> None:
    found = told(experiment(ONE, influence=LEFT_OUT))["influence"]
    assert list(found.tables[0].frame["name"]) == [
        "every value", "without row 1,017 (9,999, a)", "without the largest 5",
    ]  # fmt: skip
    assert found.tables[0].frame["middle"].tolist() == pytest.approx([1.0, 0.8, 0.7])
    assert told(experiment(ONE))["influence"].note.startswith("Every unit counts as one or none")


def test_what_no_single_value_carries_is_told_in_its_own_units() -> None:
    robust = (
        RobustEstimand("share", "a", 0.1, 0.12, 0.01, 0.02, 0.03),
        RobustEstimand("median", "a", 50.0, 55.0, 2.0, 5.0, 8.0),
        RobustEstimand("capped", "a", 5.0, 6.0, 0.5, 1.0, 1.5, cap=400.0, beyond=0.01),
    )
    found = told(experiment(ONE, influence=LEFT_OUT, robust_estimands=robust), level=0.9)["influence"]
    assert "The last table tells what no single value can carry." in found.note
    sheet = found.tables[1]
    assert sheet.frame["what"].tolist() == [
        "share of units with orders above zero", "median of orders above zero",
        "capped mean: orders a unit, each counted up to 400",
    ]  # fmt: skip
    assert sheet.frame.iloc[0, 2:].tolist() == [
        "10.0%",
        "12.0%",
        "1.0 percentage points",
        "2.0 percentage points",
        "3.0 percentage points",
    ]
    assert sheet.frame.iloc[1, 2:].tolist() == ["50", "55", "2", "5", "8"]
    assert sheet.caption.endswith("with its 90% interval. 1.0% of amounts lie above the cap.")


def test_looks_that_were_planned_and_those_that_were_not() -> None:
    once = told(experiment(ONE, always_valid=(-0.1, 0.4)))["looks"].note
    assert once == (
        "A single look was planned, at the end. Whoever looked at other times should read [−10.0%, 40.0%], which holds "
        "at all of them together."
    )
    looks = simulate(4, 0.05, LiftPrior(0.4), paths=4000)
    many = told(experiment(ONE, peeking=looks))["looks"].note
    assert many == f"{looks.describe()} On average {looks.stops_prior:.0%} of the planned units are needed."
