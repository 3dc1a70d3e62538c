"""Cities and a series whose sales without the campaign are known: regressions find the effect, its truth adds up."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.demo_brand import planted
from reachbook.demo.calendar import Campaign
from reachbook.demo.columns import day_number
from reachbook.demo.media import steady_return
from reachbook.demo.panel import LIFTS, SERIES_LIFT, Panel, counterfactual, panel, series, series_table, table, truth
from reachbook.demo.spec import DemoSpec

END = day_number(date(2026, 9, 30))
PUSH, SEEDING = Campaign("douyin", END - 41, END), Campaign("xiaohongshu", END - 48, END - 14)


@pytest.fixture(scope="module")
def drawn() -> Panel:
    """Eight cities, of which three start a week apart."""
    return panel(DemoSpec(cities=8, treated_cities=3, stagger_days=7), PUSH, END, seed=2)


def test_panel_truth_is_outcome_minus_counterfactual(frames: dict[str, pd.DataFrame]) -> None:
    told = frames["truth_counterfactual"].merge(frames["panel"], on=["unit", "date"], suffixes=("", "_seen"))
    assert (told.outcome == told.outcome_seen).all()
    gain = told.outcome - told.counterfactual
    assert (gain[~told.treated] == 0).all()
    everyone = planted(frames, design="panel", unit="all")
    assert gain[told.treated].sum() == pytest.approx(everyone.total)
    assert gain[told.treated].mean() == pytest.approx(everyone.effect)
    assert told[told.treated].spend.sum() == pytest.approx(everyone.spend)


def test_log_regression_on_controls_with_a_trend_finds_each_city(frames: dict[str, pd.DataFrame]) -> None:
    wide = np.log(frames["panel"].pivot(index="date", columns="unit", values="outcome"))
    cities = frames["truth_campaigns"].query("design == 'panel' and unit != 'all'").set_index("unit")
    controls = wide.drop(columns=cities.index).mean(axis=1)
    for name, city in cities.iterrows():
        on = wide.index >= city.start
        design = np.column_stack([np.ones(len(wide)), np.linspace(0, 1, len(wide)), controls, on])
        found = np.linalg.lstsq(design, wide[name].to_numpy(), rcond=None)[0][-1]
        # The noise of .035 with autocorrelation .5, beside a fitted trend, makes a standard error of about .018.
        assert found == pytest.approx(np.log1p(city.relative), abs=0.055)


def test_one_treated_city_is_larger_than_any_control(frames: dict[str, pd.DataFrame]) -> None:
    panel = frames["panel"]
    level = panel.groupby("unit").outcome.mean()
    treated = panel[panel.treated].unit.unique()
    assert len(treated) == 3
    assert level[treated].max() > 1.8 * level.drop(treated).max()
    assert (panel.spend[~panel.treated] == 0).all()
    assert (panel.groupby("unit").treated.sum()[treated] == 42).all()
    assert (panel[~panel.treated].groupby("unit").size() >= 90).all()


def test_regression_on_controls_finds_the_series_effect(frames: dict[str, pd.DataFrame]) -> None:
    series = frames["series"].set_index("date")
    fit = series.index < series.index[series.treated][0]
    days = pd.to_datetime(pd.Series(series.index)).dt.day_of_week.to_numpy()
    design = np.column_stack(
        [np.eye(7)[days], np.log(series[["search_index", "category_sales"]]), np.arange(len(series))]
    )
    # The last months only, since the level of the series wanders.
    recent = np.flatnonzero(fit)[-90:]
    beta = np.linalg.lstsq(design[recent], np.log(series.outcome.to_numpy()[recent]), rcond=None)[0]
    gap = (np.log(series.outcome) - design @ beta)[series.treated].mean()
    assert gap == pytest.approx(np.log1p(planted(frames, design="series").relative), abs=0.06)


def test_series_has_gaps_before_the_campaign_and_a_fading_effect_after(frames: dict[str, pd.DataFrame]) -> None:
    series = frames["series"]
    start = series.date[series.treated].min()
    every = pd.date_range(series.date.min(), series.date.max())
    gone = every.difference(pd.to_datetime(series.date))
    assert 3 <= len(gone) <= 5
    assert gone.max() < pd.Timestamp(start)
    told = frames["truth_counterfactual"].query("design == 'series'")
    gain = (told.outcome / told.counterfactual - 1).to_numpy()
    assert gain[-15] == pytest.approx(0.12, abs=0.001)
    assert gain[-1] == pytest.approx(0.12 * 0.8**14, abs=0.001)
    assert series[["treated", "spend"]].query("not treated").spend.eq(0).all()


def test_the_campaign_multiplies_sales_by_its_lift_from_the_third_day_on(drawn: Panel) -> None:
    lifts = drawn.outcome / drawn.without - 1
    treated = np.flatnonzero(drawn.treated.any(axis=1))
    assert sorted(drawn.parameter[treated]) == sorted(LIFTS)
    for city in treated:
        first = int(drawn.treated[city].argmax())
        whole = drawn.parameter[city]
        np.testing.assert_allclose(lifts[city, :first], 0.0)
        np.testing.assert_allclose(lifts[city, first + 2 :], whole, atol=1e-5)
        rise = [(1 + whole) ** (part / 3) - 1 for part in (1, 2)]
        np.testing.assert_allclose(lifts[city, first : first + 2], rise, atol=1e-5)
    assert (drawn.outcome == drawn.without)[~drawn.treated].all()


def test_cities_start_one_after_the_other(drawn: Panel) -> None:
    starts = drawn.treated[drawn.treated.any(axis=1)].argmax(axis=1) + drawn.first
    assert sorted(starts) == [PUSH.start, PUSH.start + 7, PUSH.start + 14]
    assert drawn.dates[-1] == END


def test_spend_returns_in_the_mean_what_the_channel_s_curve_says(drawn: Panel) -> None:
    """Lift times level over the return, a tenth more or less day by day."""
    treated = drawn.spend > 0
    np.testing.assert_array_equal(treated, drawn.treated)
    for city in np.flatnonzero(treated.any(axis=1)):
        days = drawn.spend[city][treated[city]]
        assert np.ptp(days) <= 0.21 * days.mean()
    level = drawn.without[treated.any(axis=1)].mean(axis=1)
    cost = np.array([row[row > 0].mean() for row in drawn.spend[treated.any(axis=1)]])
    ratio = drawn.parameter[treated.any(axis=1)] * level / cost
    # Trend, weekdays and festivals move a city's mean sales away from its level.
    np.testing.assert_allclose(ratio, steady_return("douyin"), rtol=0.3)


def test_the_truth_of_cities_adds_up_to_that_of_all(drawn: Panel) -> None:
    whole, *cities = truth("panel", "push", drawn, PUSH)
    assert (whole.unit, whole.parameter) == ("all", None)
    assert whole.total == pytest.approx(sum(each.total for each in cities))
    assert whole.units == sum(each.units for each in cities) == drawn.treated.sum()
    assert whole.total == pytest.approx((drawn.outcome - drawn.without).sum())
    for each in cities:
        row = drawn.names.index(each.unit)
        here = drawn.treated[row]
        assert each.relative == pytest.approx(drawn.outcome[row, here].sum() / drawn.without[row, here].sum() - 1)


def test_tables_have_a_row_for_each_cell_and_the_truth_for_treated_units_alone(drawn: Panel) -> None:
    frame = table(drawn).to_pandas()
    assert len(frame) == drawn.outcome.size
    np.testing.assert_array_equal(frame["outcome"].to_numpy().reshape(drawn.outcome.shape), drawn.outcome)
    known = counterfactual("panel", drawn).to_pandas()
    assert known["unit"].nunique() == 3
    np.testing.assert_array_equal(
        known["counterfactual"].to_numpy().reshape(3, -1), drawn.without[drawn.treated.any(axis=1)]
    )


def test_the_series_effect_rises_over_five_days_and_fades_by_a_fifth_a_day() -> None:
    brand, controls = series(200, SEEDING, END, seed=2)
    assert controls.shape == (3, 200)
    logs = np.log(brand.outcome[0] / brand.without[0]) / np.log1p(SERIES_LIFT)
    start, end = (day - brand.first for day in (SEEDING.start, SEEDING.end))
    np.testing.assert_allclose(logs[:start], 0.0, atol=1e-4)
    np.testing.assert_allclose(logs[start : start + 5], [0.2, 0.4, 0.6, 0.8, 1.0], atol=1e-3)
    np.testing.assert_allclose(logs[end:], 0.8 ** np.arange(len(logs) - end), atol=1e-3)
    assert brand.treated[0].sum() == end - start + 1


def test_two_controls_move_with_the_sales_and_none_with_the_campaign() -> None:
    """Of the third, a correlation by chance: autocorrelated days are worth some forty independent ones."""
    brand, controls = series(365, SEEDING, END, seed=2)
    other = series(365, Campaign("xiaohongshu", END - 90, END - 60), END, seed=2)[1]
    np.testing.assert_array_equal(controls, other)
    found = [np.corrcoef(np.log(brand.without[0]), np.log(each))[0, 1] for each in controls[:2]]
    assert min(found) > 0.4
    assert abs(np.corrcoef(np.log(brand.without[0]), controls[2])[0, 1]) < 0.4


def test_days_that_were_not_recorded_lie_before_the_campaign() -> None:
    brand, controls = series(200, SEEDING, END, seed=2)
    frame = series_table(brand, controls, seed=2).to_pandas()
    gone = set(range(200)) - {(day - date(1970, 1, 1)).days - brand.first for day in frame["date"]}
    assert 3 <= len(gone) <= 5
    assert max(gone) < brand.treated[0].argmax() - 10 + 3
    assert frame["treated"].sum() == brand.treated.sum()
    assert {"search_index", "category_sales", "temperature"} <= set(frame)
