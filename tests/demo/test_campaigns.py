"""Planted campaign effects: simple estimators find them within their error, and the truth adds up."""

import numpy as np
import pandas as pd
import pytest

from reachbook.demo.media import steady_return


def truth(frames, **wanted):
    rows = frames["truth_campaigns"]
    for name, value in wanted.items():
        rows = rows[rows[name].isna()] if value is None else rows[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize("arm", ["creative_a", "creative_b"])
@pytest.mark.parametrize("metric", ["visits", "converted", "revenue"])
def test_difference_in_means_finds_the_effect(frames, arm, metric):
    """Within 4 standard errors: one false alarm in 15,000 for each of the six."""
    groups = frames["experiment"].groupby("arm")[metric]
    difference = groups.mean()[arm] - groups.mean()["control"]
    error = np.sqrt(sum(groups.var()[name] / groups.size()[name] for name in (arm, "control")))
    assert (
        abs(difference - truth(frames, unit=arm, metric=metric, estimand="assigned", segment=None).effect) < 4 * error
    )


def test_one_winner_and_one_null_arm(frames):
    rows = frames["truth_campaigns"].query("design == 'experiment'").set_index("unit")
    assert (rows.loc["creative_b", ["effect", "relative", "total"]] == 0).all(axis=None)
    everybody = rows[rows.segment.isna()]
    assert (everybody.loc["creative_a", "effect"] > 0).all()


def test_exposure_is_recorded_where_it_can_be(frames):
    experiment = frames["experiment"]
    assert experiment[experiment.arm == "control"].exposed_at.isna().all()
    shown = experiment[experiment.exposed_at.notna()]
    assert (shown.exposed_at >= shown.assigned_at).all()
    assert 0.55 < len(shown) / (experiment.arm != "control").sum() < 0.8
    whole = truth(frames, unit="creative_a", metric="converted", estimand="assigned", segment=None)
    reached = truth(frames, unit="creative_a", metric="converted", estimand="exposed", segment=None)
    assert reached.effect == pytest.approx(whole.effect / (len(shown) / (experiment.arm != "control").sum()), rel=0.05)


def test_the_test_cost_what_the_channel_s_curve_makes_it_worth(frames):
    experiment = frames["experiment"]
    assert (experiment.cost[experiment.exposed_at.isna()] == 0).all()
    assert (experiment.cost[experiment.exposed_at.notna()] > 0).all()
    arms = frames["truth_campaigns"].query("design == 'experiment' and metric == 'revenue' and segment.isna()")
    whole = arms[arms.estimand == "assigned"]
    assert whole.spend.sum() == pytest.approx(experiment.cost.sum())
    assert whole.total.sum() / whole.spend.sum() == pytest.approx(steady_return("wechat"), rel=0.03)


def test_exposed_people_would_have_bought_more_anyway(frames):
    """The trap of comparing exposed with control: the null arm seems to work."""
    experiment = frames["experiment"]
    null = experiment[(experiment.arm == "creative_b") & experiment.exposed_at.notna()]
    assert null.visits.mean() > 1.04 * experiment[experiment.arm == "control"].visits.mean()


def test_panel_truth_is_outcome_minus_counterfactual(frames):
    told = frames["truth_counterfactual"].merge(frames["panel"], on=["unit", "date"], suffixes=("", "_seen"))
    assert (told.outcome == told.outcome_seen).all()
    gain = told.outcome - told.counterfactual
    assert (gain[~told.treated] == 0).all()
    everyone = truth(frames, design="panel", unit="all")
    assert gain[told.treated].sum() == pytest.approx(everyone.total)
    assert gain[told.treated].mean() == pytest.approx(everyone.effect)
    assert told[told.treated].spend.sum() == pytest.approx(everyone.spend)


def test_log_regression_on_controls_with_a_trend_finds_each_city(frames):
    wide = np.log(frames["panel"].pivot(index="date", columns="unit", values="outcome"))
    cities = frames["truth_campaigns"].query("design == 'panel' and unit != 'all'").set_index("unit")
    controls = wide.drop(columns=cities.index).mean(axis=1)
    for name, city in cities.iterrows():
        on = wide.index >= city.start
        design = np.column_stack([np.ones(len(wide)), np.linspace(0, 1, len(wide)), controls, on])
        found = np.linalg.lstsq(design, wide[name].to_numpy(), rcond=None)[0][-1]
        # The noise of .035 with autocorrelation .5, beside a fitted trend, makes a standard error of about .018.
        assert found == pytest.approx(np.log1p(city.relative), abs=0.055)


def test_one_treated_city_is_larger_than_any_control(frames):
    panel = frames["panel"]
    level = panel.groupby("unit").outcome.mean()
    treated = panel[panel.treated].unit.unique()
    assert len(treated) == 3
    assert level[treated].max() > 1.8 * level.drop(treated).max()
    assert (panel.spend[~panel.treated] == 0).all()
    assert (panel.groupby("unit").treated.sum()[treated] == 42).all()
    assert (panel[~panel.treated].groupby("unit").size() >= 90).all()


def test_regression_on_controls_finds_the_series_effect(frames):
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
    assert gap == pytest.approx(np.log1p(truth(frames, design="series").relative), abs=0.06)


def test_series_has_gaps_before_the_campaign_and_a_fading_effect_after(frames):
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
