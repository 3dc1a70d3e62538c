"""The media tables follow from the planted response curves, which a regression finds again."""

from datetime import date

import numpy as np
import pytest

from reachbook.demo.calendar import festivals
from reachbook.demo.columns import day_number
from reachbook.demo.media import CHANNELS, steady_return

PARTS = ["base", "season", "festival", "price", "promotion", "media", "noise"]


def test_parts_sum_to_the_value(frames):
    assert np.allclose(frames["truth_outcome"][PARTS].sum(axis=1), frames["outcome"].value)
    media = frames["truth_response"].groupby("week").contribution.sum()
    assert np.allclose(media, frames["truth_outcome"].media)


def test_contribution_follows_from_spend_by_the_published_formula(frames):
    for _, rows in frames["truth_response"].groupby("channel"):
        retention, half, slope, scale = rows[["retention", "half", "slope", "scale"]].iloc[0]
        carried = (1 - retention) * rows.spend.to_numpy()[1:] + retention * rows.adstock.to_numpy()[:-1]
        assert np.allclose(carried, rows.adstock[1:])
        assert np.allclose(rows.contribution, scale * rows.adstock**slope / (half**slope + rows.adstock**slope))


def test_spend_is_the_same_in_both_tables(frames):
    both = frames["media"].merge(frames["truth_response"], on=["week", "channel"], suffixes=("", "_truth"))
    assert len(both) == len(frames["media"])
    assert np.allclose(both.spend, both.spend_truth)
    assert (both.impressions[both.spend == 0] == 0).all()


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
def test_marginal_return_is_the_slope_of_the_curve(channel):
    spend = np.array([0.3, 1.0, 2.0]) * channel.typical
    slope = (channel.response(spend + 1) - channel.response(spend - 1)) / 2
    assert np.allclose(channel.marginal(spend), slope, rtol=1e-5)
    assert steady_return(channel.name) == pytest.approx(slope[1], rel=1e-5)


def test_regression_on_the_true_curves_finds_them_at_full_strength(frames):
    """Coefficients of one, within 4 standard errors, where the shape of every curve is known."""
    curves = frames["truth_response"].pivot(index="week", columns="channel", values="contribution").to_numpy()
    known = frames["truth_outcome"][["base", "season", "festival", "price", "promotion"]].sum(axis=1).to_numpy()
    target = frames["outcome"].value.to_numpy() - known
    beta, residual, *_ = np.linalg.lstsq(curves, target, rcond=None)
    error = np.sqrt(np.diag(np.linalg.inv(curves.T @ curves)) * residual[0] / (len(target) - 6))
    # Noise is autocorrelated (.3), which widens the error by about a third.
    assert (np.abs(beta - 1) < 4 * 1.36 * error).all()


def test_shares_are_believable(frames):
    value = frames["outcome"].value.sum()
    assert 0.2 < frames["truth_outcome"].media.sum() / value < 0.4
    spend = frames["media"].pivot(index="week", columns="channel", values="spend")
    assert spend.corr().where(~np.eye(6, dtype=bool)).abs().max(axis=None) < 0.7
    assert (spend == 0).any().sum() == 3


def test_festivals():
    first = day_number(date(2026, 2, 17))
    assert festivals(first, 1).tolist() == [[0, 0, 1]]
    june, november = day_number(date(2026, 6, 18)), day_number(date(2026, 11, 12))
    assert festivals(june, 2)[:, 0].tolist() == [1, 0]
    assert festivals(november, 1)[0, 0] == 0
    assert festivals(day_number(date(2025, 1, 29)) - 60, 400)[:, 1].sum() == 7
