"""Sections on the channels: what they brought, what the next unit brings, and whether that is data or belief."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers import known_mix
from helpers.known_plan import spec, unpriced
from reachbook.budget.advice.observed_curves import planning
from reachbook.budget.model.mix import Mix
from reachbook.budget.sections.channels import channels, contribution, curves, fit
from reachbook.budget.spec import BudgetSpec
from reachbook.presentation.section import Section

UNKNOWN = pd.DataFrame(columns=["channel", "roi", "mroi"])


@pytest.fixture(scope="module")
def mix() -> Mix:
    return known_mix.mix()


def told(mix: Mix, asked: BudgetSpec, believed: tuple[str, ...] = (), known: pd.DataFrame = UNKNOWN) -> Section:
    return channels(mix, asked, known, "CNY", {"douyin": "抖音"}, believed)


def test_the_fit_says_how_well_the_model_and_each_channel_are_known(mix: Mix) -> None:
    found = fit(mix, {"douyin": "抖音"})
    assert found.note == "The model explains 95.0% of how the outcome varies from week to week."
    frame = found.tables[0].frame
    assert list(frame["name"]) == ["抖音", "wechat", "weibo"]
    assert list(frame["share_by_prior"]) == [0.4, 0.5, 0.3]
    assert [each.id for each in found.figures] == ["forecast"]


def test_contributions_and_baseline_add_up_to_what_was_expected(mix: Mix) -> None:
    found = contribution(mix, {})
    low, middle, high = np.quantile(mix.media_share, [0.05, 0.5, 0.95])
    assert found.note == (
        f"Of the outcome, media brought {middle:.1%} [{low:.1%}, {high:.1%}]; the rest would have come without."
    )
    frame = found.tables[0].frame
    assert frame["week"].iloc[0] == "2025-01-06"
    whole = frame[[*mix.channels, "without_media"]].sum(axis=1)
    np.testing.assert_allclose(whole, (mix.baseline + mix.contribution.sum(axis=1)).mean(axis=0))


def test_returns_are_those_of_the_draws_in_money(mix: Mix) -> None:
    found = told(mix, spec(value_per_unit=2.0))
    frame = found.tables[0].frame.set_index("channel")
    np.testing.assert_allclose(frame["roi"], 2 * np.median(mix.roi, axis=0))
    np.testing.assert_allclose(frame["mroi_low"], 2 * np.quantile(mix.mroi, 0.05, axis=0))
    np.testing.assert_allclose(frame["pays"], (2 * mix.mroi > 2).mean(axis=0))
    assert frame.loc["douyin", "rests on"] == "data"
    assert "of outcome in money, of which a margin of 50.0% stays" in found.note


def test_where_the_next_unit_pays_and_where_it_hardly_can(mix: Mix) -> None:
    """A unit brings 3 at douyin, 2 at wechat and 1 at weibo, give or take little; 2 are needed."""
    sure = replace(mix, mroi=np.array([3.0, 2.0, 1.0]) + np.linspace(-0.1, 0.1, len(mix.mroi))[:, None])
    note = told(sure, spec()).note
    assert "A unit of money pays for itself where it brings 2 of outcome in money" in note
    assert "More money pays for itself at 抖音 (more than 99%), with the probability in brackets." in note
    assert "The next unit of money is not likely to come back at weibo (less than 1%)" in note
    assert "wechat" not in note


def test_without_a_margin_nothing_pays(mix: Mix) -> None:
    found = told(mix, unpriced())
    assert found.note.startswith("Returns are orders for each ¥1.00 of spend.")
    assert "pays for itself" not in found.note
    frame = found.tables[0].frame
    assert "pays" not in frame
    assert "pays for itself" not in frame
    assert "spend for one" in frame
    assert found.tables[0].caption.endswith("spend for one: money for each of orders.")
    assert "for each so far" in frame
    shown = found.tables[0].shown
    assert shown is not None
    assert "for one more" in shown


def test_the_price_of_a_unit_is_told_where_a_unit_is_no_money(mix: Mix) -> None:
    money, orders = (told(mix, spec(value_per_unit=each)).tables[0].shown for each in (1.0, 20.0))
    assert money is not None
    assert orders is not None
    assert "spend for one" not in money, "the price of a yuan in yuan is one over the return"
    assert "spend for one" in orders


def test_customers_have_their_cost_from_the_model(mix: Mix) -> None:
    cac = np.full((known_mix.DRAWS, 3), 40.0)
    frame = told(replace(mix, cac=cac), spec()).tables[0].frame
    assert frame["spend for a customer (CAC)"].tolist() == ["¥40.00 [¥40.00, ¥40.00]"] * 3


def test_belief_is_told_as_belief(mix: Mix) -> None:
    found = told(mix, spec(), ("douyin", "weibo"))
    assert "For 抖音 and weibo what is told is what was believed before the data." in found.note
    assert found.tables[0].frame["rests on"].tolist() == ["belief", "data", "belief"]


def test_a_planted_return_is_drawn_at_the_same_price(mix: Mix) -> None:
    known = pd.DataFrame({"channel": ["weibo"], "roi": [0.5], "mroi": [0.25]})
    axis = told(mix, spec(value_per_unit=4.0), known=known).figures[0].figure.axes[0]
    planted = [line for line in axis.lines if line.get_marker() == "D"]
    assert [np.asarray(line.get_xdata())[2] for line in planted] == [2.0, 1.0]


def test_regions_have_a_table_of_their_own_or_a_reason_for_none(mix: Mix) -> None:
    regions = pd.DataFrame(
        {"channel": ["douyin"], "region": ["north"], "spend": [9.0], "share": [0.2], "share_low": [0.1],
         "share_high": [0.3], "roi_low": [1.0], "roi": [2.0], "roi_high": [3.0]}
    )  # fmt: skip
    found = told(replace(mix, regions=regions), spec(value_per_unit=2.0))
    sheet = found.tables[1]
    assert sheet.frame[["roi_low", "roi", "roi_high"]].to_numpy().tolist() == [[2.0, 4.0, 6.0]]
    assert sheet.frame["name"].tolist() == ["抖音"]
    assert "return (roi)" in sheet.caption
    assert regions["roi"].tolist() == [2.0], "the mix keeps its own"
    added = told(replace(mix, added=("north", "south")), spec())
    assert len(added.tables) == 1
    assert "There is no table by region: the 2 regions were added up before the fit" in added.note


def test_channels_far_from_full_are_named(mix: Mix) -> None:
    far = replace(mix, saturated=np.tile([0.2, 0.4, 0.6], (known_mix.DRAWS, 1)))
    asked = spec()
    note = curves(far, planning(far), asked, "CNY", {"douyin": "抖音"}, None, None).note
    assert note.endswith("Least saturated: 抖音, with less than a third of the most they could bring.")
    full = replace(mix, saturated=np.full((known_mix.DRAWS, 3), 0.5))
    assert "Least saturated" not in curves(full, planning(full), asked, "CNY", {}, None, None).note
