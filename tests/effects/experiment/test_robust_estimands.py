"""What can be told of amounts whatever their tail."""

import numpy as np
import pytest

from helpers.experiment_tables import table
from reachbook.effects.experiment.robust_estimands import RobustEstimand, robust_estimands
from reachbook.effects.experiment.units import Units, read
from reachbook.effects.spec import EffectSpec


def units(largest: float = 50.0) -> Units:
    """1000 units an arm, of which a tenth and a fifth have amounts of 1, 2, 3 ...; one of them is `largest`."""
    control, treated = np.zeros(1000), np.zeros(1000)
    control[:100], treated[:200] = np.arange(100) % 40 + 1, np.arange(200) % 40 + 1
    treated[0] = largest
    return read(table({"control": control, "a": treated}), EffectSpec())


def by_name(made: Units) -> dict[str, RobustEstimand]:
    return {each.what: each for each in robust_estimands(made, 0.95, 1)}


def test_the_share_above_zero_has_its_textbook_interval() -> None:
    """Difference of two shares, 0.2 - 0.1, by the normal approximation; 4000 draws move its ends by about 0.001."""
    share = by_name(units())["share"]
    half = 1.96 * np.sqrt(0.1 * 0.9 / 1000 + 0.2 * 0.8 / 1000)
    assert (share.control, share.observed) == (0.1, 0.2)
    assert (share.low, share.high) == pytest.approx((0.1 - half, 0.1 + half), abs=0.003)


def test_one_amount_of_a_million_moves_none_of_them() -> None:
    usual, wild = by_name(units()), by_name(units(1e6))
    for name in ("share", "median", "capped"):
        assert (wild[name].low, wild[name].high) == pytest.approx((usual[name].low, usual[name].high), rel=0.05)


def test_the_cap_is_what_one_amount_in_a_hundred_exceeds() -> None:
    capped = by_name(units())["capped"]
    amounts = units().outcome[units().outcome > 0]
    assert capped.beyond == pytest.approx((amounts > capped.cap).mean())
    assert 0 < capped.beyond <= 0.02


def test_conversions_and_losses_are_told_as_what_they_are() -> None:
    few = read(table({"control": np.tile([0.0, 1.0], 50), "a": np.tile([0.0, 1.0], 50)}), EffectSpec())
    losses = read(table({"control": np.arange(50.0) - 1, "a": np.arange(50.0)}), EffectSpec())
    assert robust_estimands(few, 0.95, 1) == robust_estimands(losses, 0.95, 1) == ()
