"""Tables that no model should be fitted to: one clear sentence each, nothing filled in."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest

from reachbook.budget.advice.backtest import _before, _known
from reachbook.budget.model.gates import _units
from reachbook.budget.model.history import histories, history
from reachbook.budget.model.lift_tests import lift_tests
from reachbook.budget.model.sentiment import COLUMN, with_sentiment
from reachbook.budget.model.spec import MixSpec
from reachbook.errors import DataError, ParamsError

SPEC = MixSpec()


def tables(weeks: int = 60) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two channels."""
    rng = np.random.default_rng(5)
    week = pd.date_range("2024-01-01", periods=weeks, freq="7D")
    spend = [pd.DataFrame({"week": week, "channel": name, "spend": rng.uniform(1, 9, weeks)}) for name in ("a", "b")]
    return pd.concat(spend, ignore_index=True), pd.DataFrame({"week": week, "value": rng.uniform(90, 110, weeks)})


def changed(frame: pd.DataFrame, row: int, column: str, value: object) -> pd.DataFrame:
    made = frame.copy()
    made[column] = made[column].astype(object)
    made.loc[row, column] = value
    return made


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda m, o: (changed(m, 3, "spend", np.nan), o), "spend is nan in the week of 2024-01-22; missing"),
        (lambda m, o: (changed(m, 3, "spend", -5.0), o), "spend of a is -5 in the week of 2024-01-22"),
        (lambda m, o: (m.drop(index=3), o), "no row for a in the week of 2024-01-22; missing is not zero"),
        (lambda m, o: (m.assign(spend=m["spend"] * (m["channel"] == "a")), o), "b spent nothing"),
        (lambda m, o: (pd.concat([m, m.iloc[:1]]), o), "a has two rows in the week of 2024-01-01"),
        (lambda m, o: (m, o.drop(index=5)), "week 2024-01-29 is there with none"),
        (lambda m, o: (m, changed(o, 5, "value", None)), "value is None in the week of 2024-02-05"),
        (lambda m, o: (m, o.iloc[:50]), "no row for the week of 2025-02-17"),
        (lambda m, o: (m, o.assign(value=7.0)), "nothing to explain"),
        (lambda m, o: (m, o.assign(price=0.0 + (o.index > 3))), "a price is above 0"),
        (lambda m, o: (m.drop(columns="spend"), o), "no column spend"),
    ],
)  # fmt: skip
def test_one_sentence(
    spoil: Callable[[pd.DataFrame, pd.DataFrame], tuple[pd.DataFrame, pd.DataFrame]], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        history(*spoil(*tables()), SPEC)


def crowd(channels: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """So many channels that all spend."""
    media, outcome = tables()
    one = media[media["channel"] == "a"]
    return pd.concat([one.assign(channel=f"c{k:03d}") for k in range(channels)], ignore_index=True), outcome


def test_more_channels_than_can_be_told_apart_are_refused() -> None:
    assert len(history(*crowd(50), SPEC).channels) == 50
    with pytest.raises(DataError, match=r"media: 51 channels, as c000, c001 and c002; a model tells at most 50 apart"):
        history(*crowd(51), SPEC)
    assert len(history(*crowd(51), MixSpec(leave_out=["c000"])).channels) == 50


def test_twenty_weeks_are_too_few() -> None:
    with pytest.raises(DataError, match="20 weeks are too few"):
        history(*tables(20), SPEC)


def test_days_are_told_from_weeks() -> None:
    media = tables()[0]
    days = pd.date_range("2024-01-01", periods=300, freq="D")
    daily = pd.DataFrame({"week": days, "value": np.random.default_rng(1).uniform(9, 11, 300)})
    with pytest.raises(DataError, match="one row a week, where outcome has one a day"):
        history(media[media["week"] <= days[-1]], daily, SPEC)
    by_day = pd.DataFrame({"week": days, "channel": "a", "spend": 1.0})
    with pytest.raises(DataError, match="200 days are too few"):
        history(by_day[:200], daily[:200], SPEC)
    with pytest.raises(DataError, match="day 2024-01-05 is there with none"):
        history(by_day, daily.drop(index=5), SPEC)
    assert history(by_day, daily, SPEC).step == 1


def test_regions_must_match() -> None:
    media, outcome = tables()
    with pytest.raises(DataError, match="media: has a column region, outcome has none"):
        histories(media.assign(region="north"), outcome, SPEC)
    with pytest.raises(DataError, match="name them alike"):
        histories(media.assign(region="north"), outcome.assign(region="south"), SPEC)
    both = [pd.concat([frame.assign(region=name) for name in ("n", "s")]) for frame in (media, outcome)]
    lost = both[0][(both[0]["region"] == "n") | (both[0]["channel"] == "a")]
    with pytest.raises(DataError, match="no row for b in some region; write 0"):
        histories(lost, both[1], SPEC)
    assert [past.region for past in histories(*both, SPEC)] == ["n", "s"]


def test_counts_are_no_control_and_not_negative() -> None:
    media, outcome = tables()
    past = history(media, outcome.assign(orders=np.arange(60)), SPEC)
    assert past.customers == 59 * 30
    assert past.others.empty
    with pytest.raises(DataError, match="orders is -1 in some week"):
        history(media, outcome.assign(orders=-1.0), SPEC)


def test_missing_sentiment_is_left_out_and_said() -> None:
    outcome = tables()[1]
    weeks = outcome["week"].repeat(2).reset_index(drop=True)
    index = pd.DataFrame({"week": weeks, "comments": [30, 10] * 60, "positive": [0.6, 0.2] * 60, "negative": 0.1})
    known, told = with_sentiment(outcome, index)
    np.testing.assert_allclose(known[COLUMN], (30 * 0.5 + 10 * 0.1) / 40)
    assert "where media itself moves it" in told[0]
    known, told = with_sentiment(outcome, index[4:])
    assert COLUMN not in known
    assert "missing in 2 of 60 weeks, the first 2024-01-01" in told[0]


def test_one_channel_in_the_wrong_unit_is_named() -> None:
    """A thousandfold spend of one channel shows as a return a thousandth of the others'."""
    past = history(*tables(), SPEC)
    for roi, named in (([2.0, 1.5], ""), ([2.0, 0.0015], "b"), ([1500.0, 2000.0], "a, b"), ([0.001, 0.002], "a, b")):
        check = _units(past, np.tile(roi, (10, 1)), 1.0)
        assert check.passed == (not named)
        assert named in check.detail


def test_unknown_channel_in_the_parameters() -> None:
    with pytest.raises(ParamsError, match="channel_shares names c, not in media: a, b"):
        history(*tables(), MixSpec(channel_shares={"c": 0.1}))


def test_leave_out_names_what_there_is() -> None:
    media, outcome = tables()
    known = outcome.assign(price=np.linspace(1, 2, 60))
    told = r"leave_out names typo, neither a channel nor a further .*\. Channels: a, b; columns: price\."
    with pytest.raises(ParamsError, match=told):
        history(media, known, MixSpec(leave_out=["b", "typo", "price"]))
    with pytest.raises(ParamsError, match=r"leave_out names value.*columns: none"):
        history(media, outcome, MixSpec(leave_out=["value"]))
    past = history(media, known, MixSpec(leave_out=["b", "price", COLUMN]))
    assert past.channels == ("a",)
    assert past.others.empty
    both = [pd.concat([frame.assign(region=name) for name in ("n", "s")]) for frame in (media, known)]
    with pytest.raises(ParamsError, match="typo"):
        histories(*both, MixSpec(leave_out=["typo"]))


def test_a_channel_left_out_may_begin_after_an_earlier_week() -> None:
    """Looking back, a late channel is not there yet: nothing to leave out, and no mistake."""
    media, outcome = tables()
    late = pd.DataFrame({"week": media["week"][50:60], "channel": "late", "spend": 1.0})
    whole, spec = pd.concat([media, late]), MixSpec(leave_out=["late"])
    assert history(whole, outcome, spec).channels == ("a", "b")
    early = _before(whole, outcome["week"][45])
    assert history(early, _before(outcome, outcome["week"][45]), _known(spec, whole, early)).channels == ("a", "b")


def test_constant_column_is_said_to_be_left_out() -> None:
    media, outcome = tables()
    past = history(media, outcome.assign(holiday=0.0, price=np.linspace(1, 2, 60)), SPEC)
    assert list(past.others.columns) == ["price"]
    assert "holiday is 0 in every week" in past.notes[0]


def test_lift_tests_that_cannot_be_used_are_named() -> None:
    past = history(*tables(), SPEC)
    row = {"spend": 14.0, "lift": 9.0, "lift_se": 2.0, "start": date(2024, 3, 4), "end": date(2024, 3, 17)}
    rows = [row | {"channel": "a", "passed": True}, row | {"channel": "c", "passed": True},
            row | {"channel": "b", "passed": False}, row | {"channel": "b", "passed": True, "start": None}]  # fmt: skip
    read = lift_tests(pd.DataFrame(rows), past)
    assert read.lift.tolist() == [9.0]
    assert read.extra.tolist() == [7.0]
    assert read.window[0].sum() == pytest.approx(1)
    assert np.flatnonzero(read.window[0]).tolist() == [9, 10]
    assert [note.split(":")[0] for note in read.notes] == [f"lift test {k} was not used" for k in (2, 3, 4)]


def test_lift_test_without_an_error_is_refused() -> None:
    row = {"channel": "a", "spend": 9.0, "lift": 9.0, "lift_se": 0.0, "start": "2024-03-04", "end": "2024-03-17"}
    with pytest.raises(DataError, match="standard error above 0"):
        lift_tests(pd.DataFrame([row]), history(*tables(), SPEC))


def test_lift_test_in_more_than_the_market_is_refused() -> None:
    row = {"channel": "a", "spend": 9.0, "lift": 9.0, "lift_se": 1.0, "start": "2024-03-04", "end": "2024-03-17"}
    with pytest.raises(DataError, match=r"row 1: share is 1.2; write the part of the market"):
        lift_tests(pd.DataFrame([row | {"share": 1.2}]), history(*tables(), SPEC))
    assert lift_tests(pd.DataFrame([row]), history(*tables(), SPEC)).share.tolist() == [1.0]
