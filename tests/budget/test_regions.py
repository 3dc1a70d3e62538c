"""Many regions as one market: sums that are exact, tests that keep their meaning, and a page that says so."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers import known_mix
from helpers.planned_budget import compose
from reachbook.budget.model import mix
from reachbook.budget.model.gates import _convergence
from reachbook.budget.model.history import histories
from reachbook.budget.model.mix import posed
from reachbook.budget.model.outliers import slips_below
from reachbook.budget.model.regions import _APART
from reachbook.budget.model.spec import REGIONS, MixSpec
from reachbook.budget.spec import BudgetSpec
from reachbook.errors import DataError
from reachbook.stats.sampling import Convergence

SPEC = MixSpec(lags=3, season=1, saturation="michaelis_menten", calendar="none")
WEEK = pd.date_range("2024-01-01", periods=60, freq="7D")
TEST = {"channel": "a", "spend": 14.0, "lift": 10.0, "lift_se": 2.0, "start": "2024-03-04", "end": "2024-03-17"}


def tables(regions: int, returns: float = 30.0) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Two channels; regions of other sizes that share a holiday and half of their noise, with prices of their own.

    And the true return of channel a over all regions. Region r5, where there is one, spends nothing on b.
    """
    rng, media, outcome, brought, paid = np.random.default_rng(4), [], [], 0.0, 0.0
    common = rng.normal(0, 1, 60)
    for r in range(regions):
        size, spend = 1 + r / 3, rng.uniform(0, 20, (2, 60)) * (rng.random((2, 60)) < 0.7)
        spend = size * spend * np.array([[1.0], [float(r != 5)]])
        effect = size * returns * np.exp(rng.normal(0, 0.2)) * spend[0] / size / (10 + spend[0] / size)
        price, own = rng.uniform(9, 11, 60), {"region": f"r{r}", "week": WEEK}
        media += [
            pd.DataFrame(own | {"channel": name, "spend": spent}) for name, spent in zip("ab", spend, strict=True)
        ]
        noise = size * (common + rng.normal(0, 1, 60))
        value = size * (100 + 20 * (np.arange(60) % 13 == 0) - 3 * (price - 10)) + effect + noise
        more = {"value": value, "price": price, "holiday": (np.arange(60) % 13 == 0) + 0.0, "orders": size}
        outcome.append(pd.DataFrame(own | more))
        brought, paid = brought + effect.sum(), paid + spend[0].sum()
    return pd.concat(media, ignore_index=True), pd.concat(outcome, ignore_index=True), brought / paid


def test_regions_up_to_the_limit_stay_each() -> None:
    media, outcome, _ = tables(REGIONS)
    for spec in (SPEC, SPEC.model_copy(update={"regions": "each"})):
        made = posed(media, outcome, spec, None, None)
        assert [past.region for past in made.pasts] == [f"r{r}" for r in range(REGIONS)]
        assert made.summed_regions == ()
        assert not any("added up" in note or "weighted" in note for note in made.notes)


@pytest.mark.parametrize(("regions", "wish"), [(REGIONS + 2, "auto"), (2, "sum")])
def test_adding_up_is_exact(regions: int, wish: str) -> None:
    """The density of the regions is that of a national table of their sums, up to rounding."""
    media, outcome, _ = tables(regions)
    spec = SPEC.model_copy(update={"regions": wish})
    made = posed(media, outcome, spec, None, None)
    (whole,) = made.pasts
    weights = outcome.groupby("region")["value"].sum()
    price = outcome.pivot(index="week", columns="region", values="price")[list(weights.index)] @ weights / weights.sum()
    sums = outcome.groupby("week")[["value", "orders"]].sum()
    national = sums.assign(price=price, holiday=outcome["holiday"].iloc[:60].to_numpy()).reset_index()
    spent = media.groupby(["week", "channel"], as_index=False)["spend"].sum()
    one = posed(spent, national, SPEC, None, None)
    np.testing.assert_allclose(made.density(60).packed, one.density(60).packed, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(whole.value, one.pasts[0].value, rtol=1e-14)
    np.testing.assert_allclose(whole.spend, one.pasts[0].spend, rtol=1e-14)
    assert (whole.others["holiday"].to_numpy() == one.pasts[0].others["holiday"].to_numpy()).all()
    assert whole.customers == pytest.approx(one.pasts[0].customers)
    assert "price differs between regions and is its mean, weighted by each region's part of the outcome" in made.notes
    assert not any("holiday" in note for note in made.notes)


def test_each_may_be_asked_for_with_more() -> None:
    media, outcome, _ = tables(REGIONS + 2)
    made = posed(media, outcome, SPEC.model_copy(update={"regions": "each"}), None, None)
    assert len(made.pasts) == REGIONS + 2
    slow = Convergence(1.1, 100.0, 100.0, 0, 4000, "share")
    assert "Write `regions: sum`, so that the 6 regions are added up first" in _convergence(slow, 6).detail
    assert "regions" not in _convergence(slow, REGIONS).detail


def test_what_differs_only_between_regions_explains_no_week() -> None:
    media, outcome, _ = tables(REGIONS + 1)
    made = posed(media, outcome.assign(people=outcome["region"].str[1:].astype(float)), SPEC, None, None)
    assert list(made.pasts[0].others.columns) == ["price", "holiday"]
    assert "added up, people is the same in every week: left out" in made.notes


def test_a_region_without_outcome_matters_only_where_each_is_fitted() -> None:
    media, outcome, _ = tables(REGIONS + 1)
    outcome.loc[outcome["region"] == "r2", ["value", "orders"]] = 0.0
    assert len(posed(media, outcome, SPEC, None, None).pasts) == 1
    with pytest.raises(DataError, match="outcome of r2: mean of value is 0"):
        posed(media, outcome.drop(columns="orders"), SPEC.model_copy(update={"regions": "each"}), None, None)
    with pytest.raises(DataError, match="orders is 0 in some week"):
        posed(media, outcome.assign(orders=0.0), SPEC, None, None)


def test_a_test_in_one_region_means_the_same_in_the_sum() -> None:
    """Money on top in units of the region's own spend, and what the region is of the whole, are those of each region;
    its error is wider by what regions differ by."""
    media, outcome, _ = tables(4)
    rows = pd.DataFrame([TEST | {"region": "r2"}, TEST | {"region": "r1", "share": 0.4}, TEST])
    each, added = (
        posed(media, outcome, SPEC.model_copy(update={"regions": wish}), rows, None) for wish in ("each", "sum")
    )
    apart, whole = (made.density(60).evidence.tests for made in (each, added))
    for test, region in ((0, 2), (1, 1)):
        assert whole.extra[test, 0] == pytest.approx(apart.extra[test, region])
        assert whole.weight[test, 0] == pytest.approx(apart.weight[test, region])
    np.testing.assert_allclose(whole.lift, apart.lift)
    part = outcome.loc[outcome["region"] == "r2", "value"].sum() / outcome["value"].sum()
    assert (whole.error / apart.error)[0] == pytest.approx(np.sqrt(1 + (_APART * 5) ** 2 * (1 - part)))
    assert whole.error[2] == pytest.approx(apart.error[2])
    assert (whole.extra[2, 0], whole.weight[2, 0]) == (pytest.approx(7 / added.pasts[0].means[0]), 1.0)
    assert any(note.startswith("tests of single regions, 1 (r2) and 2 (r1), are read") for note in added.notes)


@pytest.mark.parametrize("wish", ["each", "sum"])
def test_tests_of_regions_that_cannot_be_read_are_named(wish: str) -> None:
    media, outcome, _ = tables(REGIONS + 2)
    rows = [TEST | {"region": "r5", "channel": "b"}, TEST | {"region": "north"}, TEST | {"region": "r1", "lift": None}]
    spec = SPEC.model_copy(update={"regions": wish})
    made = posed(media, outcome, spec, pd.DataFrame(rows), None)
    assert len(made.tests.lift) == 0
    told = " ".join(made.notes)
    assert "lift test 1 was not used: b spends nothing in r5 but for the test" in told
    assert "lift test 2 was not used: its region 'north' is not in media" in told
    assert "lift test 3 was not used: its lift is not told" in told
    with pytest.raises(DataError, match=r"row 1: share is 1.2"):
        posed(media, outcome, spec, pd.DataFrame([TEST | {"region": "r1", "share": 1.2}]), None)
    with pytest.raises(DataError, match=r"row 1: lift 10.0, lift_se 0.0"):
        posed(media, outcome, spec, pd.DataFrame([TEST | {"region": "r1", "lift_se": 0.0}]), None)


def test_a_slip_in_one_region_is_named_beneath_the_sum() -> None:
    media, outcome, _ = tables(REGIONS + 2)
    assert slips_below(histories(media, outcome, SPEC)) == []
    slip = media.index[(media["region"] == "r0") & (media["channel"] == "a") & (media["spend"] > 5)][0]
    media.loc[slip, "spend"] *= 100
    (found,) = slips_below(histories(media, outcome, SPEC))
    assert (found.id, found.passed, found.level) == ("spikes_by_region", False, "warn")
    assert "a in r0" in found.detail


def test_many_regions_give_one_return_that_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six regions that share half of their noise: the interval of 99.8 % holds the return of all money together."""
    monkeypatch.setattr(mix, "_ATTEMPTS", ((0.8, 1),))
    monkeypatch.setattr(mix, "_TUNE", 150)
    media, outcome, true = tables(REGIONS + 2)
    found = mix.fit(media, outcome, SPEC.model_copy(update={"level": 0.998, "draws": 100}), 1)
    assert found.regions is None
    assert found.added == tuple(sorted(f"r{r}" for r in range(REGIONS + 2)))
    low, high = np.quantile(found.roi[:, 0], [0.001, 0.999])
    assert low < true < high
    np.testing.assert_allclose(found.value, outcome.groupby("week")["value"].sum())


def test_the_page_says_what_was_added_up() -> None:
    made = replace(known_mix.mix(), added=tuple(f"r{k}" for k in range(20)))
    told = compose(made, BudgetSpec(), 1)
    assert "The 20 regions of the tables are added up, and one model is fitted to their sum." in told.described
    assert "There is no table by region: the 20 regions were added up before the fit" in told["channels"].note
    assert "To tell regions apart, bring them as 4 or fewer, or try `regions: each`." in told["channels"].note
