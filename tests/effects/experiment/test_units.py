"""What a table of an experiment must be: one sentence for each mistake."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers import experiment_tables
from helpers.campaign import compose
from reachbook.effects import EffectSpec, estimate
from reachbook.effects.experiment.estimate import checked
from reachbook.effects.experiment.units import read
from reachbook.effects.planning import experiment as planning
from reachbook.errors import DataError, ParamsError

FRAME = experiment_tables.conversions(1, n=300)


def refused(frame: pd.DataFrame, spec: EffectSpec | None = None) -> str:
    with pytest.raises((DataError, ParamsError)) as caught:
        estimate(frame, spec)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_one_arm() -> None:
    assert "every unit is in arm 'a'" in refused(FRAME[FRAME.arm == "a"])


def test_an_arm_that_filters_took_away() -> None:
    assert "arm 'b' of `ratios` has no unit" in refused(FRAME, EffectSpec(ratios={"control": 1, "a": 1, "b": 1}))
    labelled = FRAME.assign(arm=pd.Categorical(FRAME.arm, ["control", "a", "b"]))
    assert "arm 'b' has no unit left" in refused(labelled)
    assert "control is 'x', which no unit has" in refused(FRAME, EffectSpec(control="x"))


def test_units_that_repeat() -> None:
    twice = pd.concat([FRAME, FRAME.iloc[:3]])
    told = refused(twice)
    assert "the same in rows 1 and 601 below the header (2 rows of that unit; 6 rows in all share an id)" in told
    assert "u0" not in told


def test_outcomes_that_are_missing_text_or_infinite() -> None:
    holes = FRAME.assign(outcome=FRAME.outcome.where(FRAME.index > 6))
    assert "outcome is missing for 7 of 600 units. Missing is not zero" in refused(holes)
    assert "holds text such as 'yes'" in refused(FRAME.assign(outcome="yes"))
    assert "infinite for 600 units" in refused(FRAME.assign(outcome=np.inf))


def test_what_units_cost() -> None:
    holes = FRAME.assign(cost=np.where(FRAME.index < 3, np.nan, 0.5))
    assert "cost is missing for 3 of 600 units. Missing is not zero" in refused(holes)
    assert "cost is -1 for a unit" in refused(FRAME.assign(cost=-1.0))
    told = read(FRAME.assign(cost=(FRAME.arm == "a") * 0.1), EffectSpec())
    assert told.spend == pytest.approx((0, 30))
    assert read(FRAME, EffectSpec()).spend is None


def test_no_row_and_no_column() -> None:
    assert "has no row" in refused(FRAME.iloc[:0])
    assert "no column 'arm'" in refused(FRAME.drop(columns="arm"))
    assert "arm is missing in 600 rows" in refused(FRAME.assign(arm=None))


def test_which_outcome() -> None:
    other = FRAME.rename(columns={"outcome": "bought"})
    assert read(other, EffectSpec()).name == "bought"
    assert "spent, bought could each be it" in refused(other.assign(spent=1.0)[["unit_id", "arm", "spent", "bought"]])
    assert "there is no outcome" in refused(FRAME[["unit_id", "arm"]].assign(note="text"))
    assert "outcome is 'sales'" in refused(FRAME, EffectSpec(outcome="sales"))


def test_which_kind() -> None:
    def kind(values: np.ndarray) -> str:
        return read(FRAME.assign(outcome=values), EffectSpec()).kind

    rng = np.random.default_rng(1)
    assert kind(rng.random(600) < 0.5) == "conversion"
    assert kind(rng.poisson(2, 600)) == "count"
    assert kind(rng.lognormal(0, 1, 600)) == "revenue"
    assert "is a conversion but holds 3" in refused(FRAME.assign(outcome=3), EffectSpec(kind="conversion"))
    assert "kind is ratio, but denominator is empty" in refused(FRAME, EffectSpec(kind="ratio"))
    assert "no whole number" in refused(FRAME.assign(outcome=0.5), EffectSpec(kind="count"))


@pytest.mark.parametrize(
    ("names", "control", "told"),
    [
        (("control", "a"), "control", "name"),
        (("Mens", "No E-Mail"), "No E-Mail", "name"),
        (("实验组", "对照组"), "对照组", "name"),
        (("global holdout", "ads"), "global holdout", "name"),
        (("gate_30", "gate_40"), "gate_30", "order"),
        (("0", "1"), "0", "order"),
        (("notebook", "nova"), "notebook", "order"),
    ],
)
def test_which_arm_is_the_control(names: tuple[str, str], control: str, told: str) -> None:
    found = read(FRAME.assign(arm=FRAME.arm.map(dict(zip(("control", "a"), names, strict=True)))), EffectSpec())
    assert (found.arms[0], found.control_from) == (control, told)


def test_two_arms_could_be_the_control() -> None:
    assert "could each be the control" in refused(FRAME.assign(arm=FRAME.arm.replace("a", "placebo")))


def test_clusters_and_ratios_that_cannot_be() -> None:
    assert "cluster is 'shop', which the table does not have" in refused(FRAME, EffectSpec(cluster="shop"))
    split = FRAME.assign(shop="s1")
    assert "'s1' has units in 2 arms" in refused(split, EffectSpec(cluster="shop"))
    assert "Left out: a (ratios does not name it)" in refused(FRAME, EffectSpec(ratios={"control": 1}))
    assert "Left out: a (its share in ratios is 0)" in refused(FRAME, EffectSpec(ratios={"control": 1, "a": 0}))
    assert "ratios: a: -1 is no share" in refused(FRAME, EffectSpec(ratios={"control": 1, "a": -1}))
    assert "denominator is 'visits'" in refused(FRAME, EffectSpec(denominator="visits"))
    assert "negative or zero throughout" in refused(FRAME.assign(visits=0), EffectSpec(denominator="visits"))
    one = FRAME.assign(visits=(FRAME.arm == "a") * 1)
    assert "visits is 0 throughout arm 'control'" in refused(one, EffectSpec(denominator="visits"))


def stray(seed: int = 3) -> pd.DataFrame:
    """Two arms of 300 with conversion rates .17 and .27, and two units of an arm that was none."""
    rng = np.random.default_rng(seed)
    arms = {"control": rng.random(300) < 0.17, "treatment": rng.random(300) < 0.27, "something_random": [True, False]}
    return experiment_tables.table({name: np.asarray(each, float) for name, each in arms.items()})


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"ratios": {"control": 0.5, "treatment": 0.5}},
        {"ratios": {"control": 0.5, "treatment": 0.5, "something_random": 0.0}},
        {"ratios": {"control": 1.0, "treatment": 1.0, "something_random": 1.0}},
        {"leave_out": ["something_random"]},
    ],
)
def test_an_arm_with_almost_nobody_is_named_and_left_out(more: dict[str, object]) -> None:
    frame = stray()
    effect = estimate(frame, EffectSpec.model_validate(more))
    plain = estimate(frame[frame.arm != "something_random"])
    assert effect.passed
    np.testing.assert_array_equal(effect.average, plain.average)
    assert [arm.name for arm in effect.detail.arms] == ["control", "treatment"]
    said = next(each for each in effect.gates if each.id == "arms")
    assert "something_random with 2 of 602 units" in said.detail
    assert (said.passed, said.level) == (False, "warn")


def test_arms_that_are_small_by_design_stay() -> None:
    frame = pd.concat([stray(), stray(4).assign(unit_id=lambda d: "v" + d.unit_id)])
    shares = {"control": 300.0, "treatment": 300.0, "something_random": 2.0}
    assert len(read(frame, EffectSpec(ratios=shares)).arms) == 3
    assert len(read(experiment_tables.conversions(1, n=300, rates=(0.1, 0.1, 0.1)), EffectSpec()).arms) == 3


def test_a_control_is_never_left_out_by_itself() -> None:
    frame = stray().assign(arm=lambda d: d.arm.replace({"control": "a", "something_random": "control"}))
    effect = estimate(frame)
    assert effect.detail.arms[0].name == "control"
    assert not effect.passed


def test_arms_that_cannot_be_left_out() -> None:
    assert "leave_out: 'x' is no arm and no column" in refused(FRAME, EffectSpec(leave_out=["x"]))
    assert "leave_out: 'a' is the control" in refused(FRAME, EffectSpec(leave_out=["a"], control="a"))
    assert "every unit is in arm 'control'" in refused(FRAME, EffectSpec(leave_out=["a"]))
    assert "no arm stays" in refused(FRAME, EffectSpec(leave_out=["a", "control"]))


def test_the_choice_of_the_outcome_says_where_and_how() -> None:
    other = FRAME.drop(columns="outcome").assign(实验前30天GMV=1.0, GMV=2.0, 是否下单=1)
    told = refused(other)
    assert "outcome: 实验前30天GMV, GMV, 是否下单 could each be it" in told
    assert "campaign_effect.yaml" in told
    assert "`outcome: GMV`" in told


@pytest.mark.parametrize(
    ("frame", "spec"),
    [
        (FRAME.drop(columns="outcome").assign(x=1.0, y=2.0), EffectSpec()),
        (FRAME.assign(before=None), EffectSpec()),
        (FRAME.assign(before=np.where(FRAME.index < 3, np.nan, 1.0)), EffectSpec()),
        (FRAME, EffectSpec(control="x")),
        (FRAME.iloc[:0], EffectSpec()),
        (pd.DataFrame(), EffectSpec(plan=True)),
        (pd.DataFrame(), EffectSpec(plan=True, baseline=0.1)),
    ],
)
def test_what_is_refused_is_refused_before_anything_is_estimated(frame: pd.DataFrame, spec: EffectSpec) -> None:
    def said(call: Callable[[], object]) -> str:
        try:
            call()
        except (DataError, ParamsError) as error:
            return str(error)
        return ""

    before = said(lambda: planning.checked(spec) if spec.plan else checked(frame, spec))
    assert before == said(lambda: compose(frame, spec, 1))
