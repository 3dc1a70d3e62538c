"""Figures on the channels: what is drawn is what the alternative text says, in the unit that was stated."""

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import known_mix
from helpers.drawn import legend, titles
from helpers.known_plan import spec, unpriced
from reachbook.budget.advice.gain_unit import GainUnit
from reachbook.budget.advice.observed_curves import planning
from reachbook.budget.model.mix import Mix
from reachbook.budget.sections.channel_figures import (
    WIDTH,
    compact_number,
    contributions,
    curves,
    forecast,
    money_axis,
    returns,
    subplots,
)

MONEY, ORDERS = GainUnit.of(spec()), GainUnit.of(unpriced())


@pytest.fixture(scope="module")
def mix() -> Mix:
    return known_mix.mix()


@pytest.mark.parametrize(
    ("value", "sign", "text"),
    [(0, "¥", "¥0"), (999, "", "999"), (999.6, "", "1k"), (1500, "¥", "¥1.5k"), (2e6, "", "2M"), (-3e9, "$", "−$3B")],
)
def test_a_tick_is_a_short_amount(value: float, sign: str, text: str) -> None:
    assert compact_number(value, sign) == text


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.floats(-1e12, 1e12))
def test_a_short_amount_is_the_amount_to_three_digits(value: float) -> None:
    text = compact_number(value).replace("−", "-")
    times = {"k": 1e3, "M": 1e6, "B": 1e9}.get(text[-1], 1.0)
    number = float(text.rstrip("kMB"))
    assert number * times == pytest.approx(value, rel=0.006, abs=1e-300)
    assert abs(number) < 1000 or abs(value) >= 1e12 * 0.999


def test_axes_come_row_by_row_at_the_width_of_the_page() -> None:
    figure, axes = subplots(4.0, columns=2, rows=3)
    assert (figure.get_figwidth(), figure.get_figheight(), len(axes)) == (WIDTH, 4.0, 6)
    assert axes[0].get_position().y0 == axes[1].get_position().y0 > axes[2].get_position().y0


@pytest.mark.parametrize(("currency", "tick"), [("CNY", "¥16k"), ("CHF", "CHF 16k"), ("", "16k")])
def test_amounts_that_are_no_money_have_no_sign(currency: str, tick: str) -> None:
    figure, (axis,) = subplots(2.0)
    axis.set_xlim(0, 40_000)
    money_axis(axis, "x", currency)
    figure.draw_without_rendering()
    assert tick in [label.get_text() for label in axis.get_xticklabels()]


def test_the_forecast_is_drawn_over_the_weeks_that_were_not_seen(mix: Mix) -> None:
    drawn = forecast(mix)
    assert "the last 8 weeks as it forecast them without having seen them." in drawn.alt
    assert drawn.alt.endswith("It was off by 1.0%, the better of two simple guesses by 3.0%.")
    assert legend(drawn.figure) == ["observed", "model", "forecast, unseen"]
    observed, model, ahead = drawn.figure.axes[0].lines
    np.testing.assert_array_equal(observed.get_ydata(), mix.value)
    np.testing.assert_allclose(
        np.asarray(model.get_ydata()), (mix.baseline + mix.contribution.sum(axis=1)).mean(axis=0)
    )
    assert list(ahead.get_xdata()) == list(mix.weeks[-8:])


def test_long_history_is_drawn_only_as_far_as_it_can_be_read(mix: Mix) -> None:
    twice = {name: np.concatenate([getattr(mix, name)] * 2, axis=-1) for name in ("value", "baseline", "contribution")}
    weeks = pd.date_range("2024-01-01", periods=120, freq="7D")
    drawn = forecast(replace(mix, weeks=weeks, **cast("dict[str, Any]", twice)))
    assert len(np.asarray(drawn.figure.axes[0].lines[0].get_xdata())) == 78


def test_contributions_are_stacked_with_the_largest_at_the_bottom(mix: Mix) -> None:
    drawn = contributions(mix, {"wechat": "微信"})
    mean = mix.contribution.mean(axis=0).sum(axis=1)
    order = [["douyin", "微信", "weibo"][c] for c in np.argsort(-mean)]
    assert legend(drawn.figure) == order
    shares = [f"{each / mix.value.sum():.1%}" for each in np.sort(mean)[::-1]]
    assert drawn.alt.endswith(", ".join(f"{name} {share}" for name, share in zip(order, shares, strict=True)) + ".")
    assert f"All media together brought {np.median(mix.media_share):.1%} of the outcome [" in drawn.alt


def test_days_are_summed_to_whole_weeks(mix: Mix) -> None:
    """Of sixty days the first four belong to no whole week."""
    days = pd.date_range("2026-01-01", periods=60)
    drawn = contributions(replace(mix, step=1, weeks=days), {})
    (outline,) = drawn.figure.axes[0].collections[0].get_paths()
    starts = np.unique(np.asarray(outline.vertices)[:, 0])
    assert [str(np.datetime64(int(each), "D")) for each in starts] == [f"{day:%Y-%m-%d}" for day in days[4::7]]


def test_more_channels_than_there_are_colours_share_one(mix: Mix) -> None:
    many = replace(
        mix, channels=tuple(f"c{k}" for k in range(15)), contribution=np.repeat(mix.contribution, 5, axis=1) / 5
    )
    assert legend(contributions(many, {}).figure)[-1] == "all others"
    assert len(legend(contributions(many, {}).figure)) == 13


def rows(planted: float = np.nan) -> pd.DataFrame:
    return pd.DataFrame(
        [("douyin", "roi", 1.0, 2.0, 3.0, 0.5, planted), ("douyin", "mroi", 0.5, 1.5, 2.5, 0.254, planted)],
        columns=["name", "kind", "low", "middle", "high", "pays", "planted"],
    )


def test_returns_are_held_against_break_even_where_money_is_stated() -> None:
    """Of each unit of outcome one half stays, so that two for a unit of money repay it."""
    drawn = returns(rows(), MONEY, 0.9)
    assert "The next unit: douyin 1.50 [0.500, 2.50], pays for itself with probability 25%." in drawn.alt
    assert legend(drawn.figure) == ["all money so far (ROI)", "the next unit (mROI)", "pays for itself (2)"]
    line = next(each for each in drawn.figure.axes[0].lines if each.get_label().startswith("pays"))
    assert set(np.asarray(line.get_xdata())) == {2.0}


def test_returns_without_money_have_nothing_to_be_held_against() -> None:
    drawn = returns(rows(planted=1.0), ORDERS, 0.9)
    assert "pays" not in drawn.alt
    assert drawn.alt.startswith("Returns, orders for each unit of money")
    assert legend(drawn.figure) == ["all money so far", "the next unit", "planted"]


def test_curves_show_now_the_plan_and_what_was_never_at_work(mix: Mix) -> None:
    on = planning(mix)
    plan = np.array([60.0, 30.0, 10.0])
    drawn = curves(on, MONEY, 0.9, {"weibo": "微博"}, plan, on.only(slice(0, 1)))
    assert titles(drawn.figure) == ["douyin", "wechat", "微博"]
    assert legend(drawn.figure) == ["expected", "planted", "now", "plan"]
    for c, axis in enumerate(drawn.figure.axes[:3]):
        marks = {str(line.get_label()): line for line in axis.lines}
        for label, spend in (("now", mix.current[c]), ("plan", plan[c])):
            at = np.interp(spend, on.grid[c], np.median(on.response[:, c], axis=0))
            assert list(marks[label].get_xdata()) == [spend]
            assert list(marks[label].get_ydata()) == pytest.approx([at])
        shaded = axis.patches[0].get_extents().transformed(axis.transData.inverted())
        assert (shaded.x0, shaded.x1) == pytest.approx((on.observed[c], on.grid[c, -1]))
    assert "outcome in money" in drawn.alt


def test_curves_without_a_plan_show_what_is_spent_now(mix: Mix) -> None:
    drawn = curves(planning(mix), ORDERS, 0.9, {})
    assert legend(drawn.figure) == ["expected", "now"]
    assert "at each spend a week that goes on, orders." in drawn.alt


@pytest.mark.parametrize("value", [1.0, 20.0])
def test_curves_are_in_money_where_a_unit_has_a_value(mix: Mix, value: float) -> None:
    on = planning(mix)
    line = curves(on, GainUnit.of(spec(value_per_unit=value)), 0.9, {}).figure.axes[0].lines[0]
    np.testing.assert_allclose(np.asarray(line.get_ydata()), value * np.median(on.response[:, 0], axis=0))
