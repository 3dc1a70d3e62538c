"""An A/B/n test whose truth is both outcomes of everybody: what simple estimators find, and what the parts promise."""

import numpy as np
import pandas as pd
import pytest

from helpers.demo_brand import planted
from reachbook.demo import segments
from reachbook.demo.calendar import Campaign
from reachbook.demo.experiment import ARMS, METRICS, WINNER, Trial, table, trial, truth
from reachbook.demo.media import steady_return

PLAN = Campaign("wechat", 20_600, 20_627)


@pytest.fixture(scope="module")
def drawn() -> Trial:
    return trial(6000, PLAN, seed=3)


@pytest.mark.parametrize("arm", ["creative_a", "creative_b"])
@pytest.mark.parametrize("metric", ["visits", "converted", "revenue"])
def test_difference_in_means_finds_the_effect(frames: dict[str, pd.DataFrame], arm: str, metric: str) -> None:
    """Within 4 standard errors: one false alarm in 15,000 for each of the six."""
    groups = frames["experiment"].groupby("arm")[metric]
    difference = groups.mean()[arm] - groups.mean()["control"]
    error = np.sqrt(sum(groups.var()[name] / groups.size()[name] for name in (arm, "control")))
    assert (
        abs(difference - planted(frames, unit=arm, metric=metric, estimand="assigned", segment=None).effect) < 4 * error
    )


def test_one_winner_and_one_null_arm(frames: dict[str, pd.DataFrame]) -> None:
    rows = frames["truth_campaigns"].query("design == 'experiment'").set_index("unit")
    assert (rows.loc["creative_b", ["effect", "relative", "total"]] == 0).all(axis=None)
    everybody = rows[rows.segment.isna()]
    assert (everybody.loc["creative_a", "effect"] > 0).all()


def test_exposure_is_recorded_where_it_can_be(frames: dict[str, pd.DataFrame]) -> None:
    experiment = frames["experiment"]
    assert experiment[experiment.arm == "control"].exposed_at.isna().all()
    shown = experiment[experiment.exposed_at.notna()]
    assert (shown.exposed_at >= shown.assigned_at).all()
    assert 0.55 < len(shown) / (experiment.arm != "control").sum() < 0.8
    whole = planted(frames, unit="creative_a", metric="converted", estimand="assigned", segment=None)
    reached = planted(frames, unit="creative_a", metric="converted", estimand="exposed", segment=None)
    assert reached.effect == pytest.approx(whole.effect / (len(shown) / (experiment.arm != "control").sum()), rel=0.05)


def test_the_test_cost_what_the_channel_s_curve_makes_it_worth(frames: dict[str, pd.DataFrame]) -> None:
    experiment = frames["experiment"]
    assert (experiment.cost[experiment.exposed_at.isna()] == 0).all()
    assert (experiment.cost[experiment.exposed_at.notna()] > 0).all()
    arms = frames["truth_campaigns"].query("design == 'experiment' and metric == 'revenue' and segment.isna()")
    whole = arms[arms.estimand == "assigned"]
    assert whole.spend.sum() == pytest.approx(experiment.cost.sum())
    assert whole.total.sum() / whole.spend.sum() == pytest.approx(steady_return("wechat"), rel=0.03)


def test_exposed_people_would_have_bought_more_anyway(frames: dict[str, pd.DataFrame]) -> None:
    """The trap of comparing exposed with control: the null arm seems to work."""
    experiment = frames["experiment"]
    null = experiment[(experiment.arm == "creative_b") & experiment.exposed_at.notna()]
    assert null.visits.mean() > 1.04 * experiment[experiment.arm == "control"].visits.mean()


def test_both_outcomes_of_a_person_differ_by_the_creative_alone(drawn: Trial) -> None:
    """Who sees nothing, or what does nothing, has the outcome of the control, and nobody loses by the winner."""
    without, winner = 0, ARMS.index(WINNER)
    for metric in METRICS:
        outcome = drawn.outcomes[metric]
        assert outcome.shape == (3, 6000)
        assert (outcome[winner][~drawn.reached] == outcome[without][~drawn.reached]).all()
        assert (outcome[ARMS.index("creative_b")] == outcome[without]).all()
        assert (outcome[winner] >= outcome[without]).all()
        np.testing.assert_array_equal(drawn.seen(metric), [outcome[arm, k] for k, arm in enumerate(drawn.arm)])


def test_revenue_is_an_order_times_a_basket_that_no_creative_changes(drawn: Trial) -> None:
    revenue, converted = drawn.outcomes["revenue"], drawn.outcomes["converted"]
    assert ((revenue > 0) == (converted > 0)).all()
    both = (converted[0] > 0) & (converted[1] > 0)
    assert (revenue[0][both] == revenue[1][both]).all()


def test_people_are_assigned_by_chance_and_see_their_creative_within_the_campaign(drawn: Trial) -> None:
    """Thirds within 4 standard errors of .006, whatever the segment's size."""
    np.testing.assert_allclose(np.bincount(drawn.arm) / 6000, 1 / 3, atol=0.025)
    np.testing.assert_allclose(np.bincount(drawn.segment) / 6000, segments.SHARES, atol=0.025)
    assert (drawn.assigned >= PLAN.start * 86_400).all()
    assert (drawn.exposed >= drawn.assigned).all()
    assert (drawn.exposed < (PLAN.end + 1) * 86_400).all()


def test_the_truth_of_each_effect_is_the_mean_of_everybody_s_difference(drawn: Trial) -> None:
    told = list(truth(drawn, PLAN))
    assert len(told) == 2 * len(METRICS) * (2 + len(segments.NAMES))
    for each in told:
        who = np.ones(6000, dtype=bool) if each.estimand == "assigned" else drawn.reached
        if each.segment is not None:
            who = drawn.segment == segments.NAMES.index(each.segment)
        arm = ARMS.index(each.unit)
        change = (drawn.outcomes[each.metric][arm] - drawn.outcomes[each.metric][0])[who]
        assert each.effect == pytest.approx(change.mean())
        assert each.units == (who & (drawn.arm == arm)).sum()
        assert each.total == pytest.approx(each.effect * each.units)
        assert each.spend == pytest.approx(drawn.spend[who & (drawn.arm == arm)].sum())
    assert (told[0].start.isoformat(), told[0].end.isoformat()) == ("2026-05-27", "2026-06-23")


def test_the_table_shows_one_outcome_and_hides_who_would_have_been_reached(drawn: Trial) -> None:
    frame = table(drawn).to_pandas()
    assert frame["unit_id"].is_unique
    shown = drawn.reached & (drawn.arm > 0)
    np.testing.assert_array_equal(frame["exposed_at"].notna(), shown)
    np.testing.assert_array_equal(frame["revenue"].astype(float), drawn.seen("revenue"))
    np.testing.assert_array_equal(frame["converted"], drawn.seen("converted") > 0)
    assert frame["arm"].tolist() == [ARMS[k] for k in drawn.arm]
