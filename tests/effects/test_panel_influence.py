"""One slip of the pen, or one unit, does not pass for the campaign; which mean the lift is stands beside the other."""

import numpy as np
import pandas as pd
import pytest

import reachbook.effects as effects
from helpers.panel_tables import gate, quick, table
from reachbook.effects.counterfactual import influence
from reachbook.effects.counterfactual.evidence import UnitDraws, estimand_of, pooled_of, reach_of, unweighted_mean_of
from reachbook.effects.counterfactual.panel_data import observe
from reachbook.effects.panel.gates import slips
from reachbook.effects.sections.panel import parts
from reachbook.effects.value.rollout import roll_out
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number

LIFT = 0.1
SLIP = "2026-02-24"


def panel(seed: int, treated: int = 1, days: int = 60, after: int = 14) -> pd.DataFrame:
    """Eight cities that share a market; the first gain 10% from 19 February 2026 on."""
    rng = np.random.default_rng([seed, 61])
    time = np.arange(days)
    logs = np.log(rng.uniform(2000, 5000, 8))[:, None] + 0.1 * (time % 7 >= 5) + rng.normal(0, 0.05, days)
    on = (np.arange(8) < treated)[:, None] & (time >= days - after)
    outcome = np.exp(logs + rng.normal(0, 0.03, (8, days))) * np.where(on, 1 + LIFT, 1)
    return table(outcome, on)


def slipped(frame: pd.DataFrame, unit: str, day: str, times: float) -> pd.DataFrame:
    here = (frame["unit"] == unit) & (frame["date"] == day)
    return frame.assign(outcome=frame["outcome"].where(~here, times * frame["outcome"]))


@pytest.mark.parametrize("times", [20.0, 3.0, 0.05, 0.0])
def test_one_day_mistyped_blocks_and_is_named(times: float) -> None:
    effect = effects.estimate(slipped(panel(1), "c0", SLIP, times), quick())
    check = gate(effect, "one_period")
    assert (check.passed, check.level) == (False, "block")
    assert check.detail.startswith(f"{SLIP} alone carries the answer")
    assert "c0" in check.detail
    first = effect.detail.influence.iloc[0]
    assert (first["what"], first["name"]) == ("period", SLIP)
    assert first["without"] == pytest.approx(LIFT, abs=0.03)


def test_who_looked_may_confirm() -> None:
    frame = slipped(panel(1), "c0", SLIP, 20.0)
    check = gate(effects.estimate(frame, quick(confirmed=[SLIP])), "one_period")
    assert check.passed
    assert "was confirmed" in check.detail
    with pytest.raises(ParamsError, match="confirmed names '2027-01-01'"):
        effects.estimate(frame, quick(confirmed=["2027-01-01"]))


def test_one_day_before_blocks_and_is_named() -> None:
    effect = effects.estimate(slipped(panel(2), "c0", "2026-02-10", 20.0), quick())
    check = gate(effect, "past_period")
    assert not check.passed
    assert check.detail.startswith("2026-02-10, before the campaign")


def test_one_unit_in_another_currency_blocks_and_is_named() -> None:
    frame = panel(3, treated=4)
    wrong = (frame["unit"] == "c1") & frame["treated"]
    effect = effects.estimate(frame.assign(outcome=frame["outcome"].where(~wrong, 7 * frame["outcome"])), quick())
    check = gate(effect, "one_unit")
    assert (check.passed, check.level) == (False, "block")
    assert check.detail.startswith("c1 alone carries the answer")
    assert "The same holds" not in check.detail
    assert gate(effect, "one_period").passed


@pytest.mark.parametrize("treated", [1, 4])
@pytest.mark.parametrize("times", [7.0, 1 / 7])
def test_a_campaign_in_another_currency_blocks_though_all_its_days_agree(treated: int, times: float) -> None:
    frame = panel(3, treated)
    frame = frame.assign(outcome=frame["outcome"] * np.where(frame["treated"], times, 1.0))
    check = gate(effects.estimate(frame, quick()), "other_unit")
    assert (check.passed, check.level) == (False, "block")
    assert check.detail.startswith("From 2026-02-20 on the outcome is ")
    assert gate(effects.estimate(frame, quick(confirmed=["2026-02-20"])), "other_unit").passed


@pytest.mark.parametrize("treated", [1, 4])
def test_a_clean_panel_passes(treated: int) -> None:
    effect = effects.estimate(panel(4, treated), quick())
    for id in ("one_period", "one_unit", "past_period"):
        assert gate(effect, id).passed


@pytest.mark.parametrize(
    ("day", "times", "level"), [(SLIP, 20.0, "block"), (SLIP, 1 / 20, "block"), ("2026-01-20", 20.0, "warn")]
)
def test_one_value_of_a_control_mistyped_is_named_and_blocks_where_it_moves_the_effect(
    day: str, times: float, level: str
) -> None:
    """Was: "Add earlier periods or more controls", where one value of one control had to be mended."""
    frame = slipped(panel(1), "c4", day, times)
    effect = effects.estimate(frame, quick(replays=12))
    check = gate(effect, "control_value")
    here = frame.loc[(frame["unit"] == "c4") & (frame["date"] == day), "outcome"].iloc[0]
    assert (check.passed, check.level) == (False, level)
    assert check.detail.startswith(f"c4, untreated, has {number(here)} on {day}, where about ")
    assert check.detail.endswith(f"if they are right, name {day} in confirmed.")
    assert next(each.id for each in effect.gates if not each.passed and each.level == level) == "control_value"
    for name in (day, "c4"):
        assert gate(effects.estimate(frame, quick(confirmed=[name])), "control_value").passed


def test_slips_of_controls_are_found_whatever_moves_all_of_them() -> None:
    """A day on which everybody sells ten times as much is no slip; two values of twenty times are two."""
    frame = panel(2)
    day = frame["date"] == "2026-02-01"
    frame["outcome"] *= np.where(day, 10.0, 1.0)
    assert slips(observe(frame, quick())).empty
    wrong = slipped(slipped(frame, "c4", "2026-02-01", 20.0), "c6", "2026-01-20", 25.0)
    found = slips(observe(wrong, quick()))
    assert list(zip(found["control"], found["day"], strict=True)) == [("c6", "2026-01-20"), ("c4", "2026-02-01")]
    right = frame.loc[(frame["unit"] == "c4") & day, "outcome"].iloc[0]
    assert found["usual"].iloc[1] == pytest.approx(right, rel=0.15)
    assert slips(observe(frame[frame["unit"].isin(["c0", "c1", "c2"])], quick())).empty, "too few to tell"


@pytest.mark.parametrize("noise", ["normal", "heavy", "counts", "closed"])
def test_clean_controls_have_no_slips(noise: str) -> None:
    """60 panels with nothing wrong: at a rate of one in a hundred more than 2 are named for 2% of all seeds."""
    wrong = 0
    for seed in range(60):
        rng = np.random.default_rng([seed, 62])
        mean = rng.uniform(2, 9, (8, 1)) * np.exp(rng.normal(0, 0.3, 60))
        made = {
            "normal": lambda mean=mean, rng=rng: mean * np.exp(rng.normal(0, 0.2, mean.shape)),
            "heavy": lambda mean=mean, rng=rng: mean * np.exp(0.05 * rng.standard_t(4, mean.shape)),
            "counts": lambda mean=mean, rng=rng: rng.poisson(mean),
            "closed": lambda mean=mean, rng=rng: 99 * mean * (rng.random(mean.shape) > 0.05),
        }[noise]()
        on = (np.arange(8) < 1)[:, None] & (np.arange(60) >= 46)
        wrong += not slips(observe(table(made, on), quick())).empty
    assert wrong <= 2


def drawn(rng: np.random.Generator, noise: str, units: int = 1, periods: int = 14) -> list[UnitDraws]:
    """What a right model would hand over, without a fit: an effect of 10% that wavers from day to day by 5 points."""
    made = []
    for k in range(units):
        level = 1000.0 * (k + 1)
        shocks = {
            "normal": rng.normal(0, 0.04, 60 + periods),
            "heavy": rng.standard_t(4, 60 + periods) * 0.03,
            "remembers": np.convolve(rng.normal(0, 0.025, 80 + periods), 0.8 ** np.arange(20), "valid")[: 60 + periods],
        }[noise]
        sd = float(shocks.std())
        observed = level * np.exp(shocks)
        observed[60:] *= 1.1 + rng.normal(0, 0.05, periods)
        common = rng.normal(0, sd / np.sqrt(periods), (400, 1))
        without = level * np.exp(common + rng.normal(0, sd, (400, periods)))
        days = pd.date_range("2026-01-05", periods=60 + periods)
        flat = np.full(60, level)
        made.append(
            UnitDraws(
                f"c{k}", days[60:], observed[60:], without, days[:60], observed[:60], 0.9 * flat, flat, 1.1 * flat
            )
        )
    return made


@pytest.mark.parametrize("noise", ["normal", "heavy", "remembers"])
@pytest.mark.parametrize(("units", "periods"), [(1, 14), (1, 3), (5, 8)])
def test_false_alarms_are_rare(noise: str, units: int, periods: int) -> None:
    """150 campaigns without a slip: at a rate of one in a hundred more than 5 are stopped for 0.4% of all seeds."""
    rng = np.random.default_rng([len(noise), units, periods])
    stopped = 0
    for _ in range(150):
        each = drawn(rng, noise, units, periods)
        average, baseline, _ = pooled_of(each)
        reach = reach_of(average, baseline, 0.95)
        checks = (
            influence.one_period(influence.by_period(each, reach), each, ()),
            influence.one_unit(influence.by_unit(each, reach), ()),
        )
        stopped += any(not check.passed and check.level == "block" for check in checks)
    assert stopped <= 5


def test_a_single_period_cannot_be_held_against_another() -> None:
    effect = effects.estimate(panel(5, days=47, after=1), quick())
    assert "The campaign has one period" in gate(effect, "one_period").detail
    assert gate(effect, "one_period").level == "warn"


def uneven() -> pd.DataFrame:
    """A large city that loses 10% beside three small ones that gain 10%."""
    frame = panel(6, treated=4)
    size = frame["unit"].map({"c0": 20.0}).fillna(1.0)
    change = np.where(frame["treated"] & (frame["unit"] == "c0"), 0.9 / 1.1, 1.0)
    return frame.assign(outcome=frame["outcome"] * size * change)


def test_which_mean_the_lift_is_stands_on_the_page_with_the_other() -> None:
    spec, frame = quick(), uneven()
    effect = effects.estimate(frame, spec)
    assert effect.relative_interval()[1] < 0
    assert effect.detail.unweighted_mean is not None
    assert effect.detail.unweighted_mean[0] < (3 * 0.1 - 0.1) / 4 < effect.detail.unweighted_mean[2]
    assert "a unit counts by its size (c0 for" in effect.detail.estimand
    told = parts(
        effect, spec, pd.DataFrame(columns=["name", "planted", "total"]), None, roll_out(effect, spec, 1, frame)
    )["effect"]
    assert effect.detail.estimand not in told.note, "it stands where the page says what was tested"
    assert "Were every unit to count the same" in told.note
    assert "the two part" in told.note
    assert "mean over units, each alike" in told.figures[0].alt


def test_one_unit_has_one_mean() -> None:
    each = drawn(np.random.default_rng(1), "normal")
    assert unweighted_mean_of(each, 0.95) is None
    assert "all that c0 gained in the campaign's 14 periods" in estimand_of(each)
