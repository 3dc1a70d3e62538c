"""Gains that are not flattered, frontiers, ranges, moves, prices of rules, scenarios."""

import numpy as np
import pytest

from helpers.response_curves import hill, s_curves
from reachbook.budget.advice.alternatives import ranges, rule_costs, smallest_move
from reachbook.budget.advice.frontier import by_caution, by_total
from reachbook.budget.advice.gain import evaluate
from reachbook.budget.optimize.curves import Curves, curves
from reachbook.budget.optimize.optimizer import optimize
from reachbook.budget.optimize.rules import Limits, Rules, Share
from reachbook.errors import DataError, ParamsError

NOW = [30.0, 30.0, 30.0]


def _curves(slope: float = 1.0, draws: int = 60, current: list[float] | None = NOW) -> Curves:
    response, grid = s_curves(9, 3, draws, 51, slope=slope)
    return curves(response, grid, current=current)


def test_a_gain_is_judged_by_draws_that_did_not_choose() -> None:
    """Curves alike in truth, draws pure noise: any move is worth nothing, yet the draws that chose promise a gain.

    Over 30 replications with fixed seeds the cross-fitted mean gain is within 3 standard errors of what it must be,
    no more than 0; the naive one is above 0 in each.
    """
    grid = np.linspace(0, 100, 26)
    honest, naive = [], []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        scale = 100 * np.exp(0.4 * rng.standard_normal((40, 4)))
        made = curves(hill(grid, 30.0, 1.0, scale[..., None]), grid, current=np.full(4, 25.0))
        gain = evaluate(made, 100, oracles=2)
        honest.append(gain.gain.mean())
        naive.append(gain.naive.mean())
    error = np.std(honest) / np.sqrt(len(honest))
    assert np.mean(honest) < 3 * error
    assert min(naive) >= 0
    assert np.mean(naive) > np.mean(honest) + 3 * error


def test_gain_tells_all_that_a_reader_needs() -> None:
    gain = evaluate(_curves(slope=3.0), 90)
    assert gain.probability == (gain.gain > 0).mean()
    assert gain.extra == pytest.approx(0, abs=1e-6)
    assert gain.regret is not None
    assert (gain.regret >= -1e-6).all()
    assert len(gain.regret) == 32


def test_shadow_price_is_the_slope_at_the_optimum() -> None:
    """d/dT sqrt(T sum a^2) = sqrt(sum a^2 / T) / 2."""
    grid, scale = np.linspace(0, 100, 1001), np.array([10.0, 20.0])
    made = curves(np.repeat((scale[:, None] * np.sqrt(grid))[None], 20, axis=0), grid, current=[50, 50])
    price = evaluate(made, 100, oracles=2).shadow
    assert price is not None
    assert np.median(price) == pytest.approx(np.sqrt(500 / 100) / 2, rel=0.02)


def test_gain_needs_now_and_draws() -> None:
    with pytest.raises(ParamsError, match="give current"):
        evaluate(_curves(current=None), 90)
    with pytest.raises(DataError, match="needs 20 or more"):
        evaluate(_curves(draws=10), 90)


def test_more_money_brings_more_and_less_so() -> None:
    found = by_total(_curves(), [30, 60, 90, 120, 900])
    assert found.at.tolist() == [30, 60, 90, 120]
    assert (np.diff(found.mean) > 0).all()
    assert (np.diff(found.marginal) < 0).all()
    assert (found.low <= found.mean).all()
    assert (found.mean <= found.high).all()
    assert found.left_out[0][0] == 900


def test_caution_costs_mean_and_buys_the_worst_cases() -> None:
    response, grid = s_curves(5, 3, 60, 51, slope=2.0, spread=0.6)
    found = by_caution(curves(response, grid), 90)
    assert (np.diff(found.mean) <= 1e-6).all()
    assert (np.diff(found.cvar) >= -1e-6).all()
    assert found.cvar[-1] > found.cvar[0]


def test_ranges_hold_plans_as_good() -> None:
    made = _curves()
    found = ranges(made, 90)
    assert (found.low <= found.plan.spend).all()
    assert (found.plan.spend <= found.high).all()
    assert (found.high - found.low > 1).all()
    for c in range(3):
        beyond = Rules(limits={made.channels[c]: Limits(low=float(found.high[c]) + 0.5)})
        assert optimize(made, 90, beyond).value < 0.99 * found.plan.value


def test_the_smallest_move_brings_its_part_of_the_gain() -> None:
    made = _curves()
    found = smallest_move(made, 90)
    assert found.share >= 0.8 - 1e-6
    everything = float(np.maximum(found.best.spend - np.array(NOW), 0).sum())
    assert found.moved < everything
    assert found.plan.spend.sum() == pytest.approx(90)


def test_rules_have_a_price() -> None:
    made = _curves()
    rules = Rules(limits={"channel_1": Limits(high=5)}, shares={"two": Share(channels=["channel_2"], high=0.9)})
    plan = optimize(made, 90, rules)
    costs = rule_costs(made, 90, rules, plan)
    assert list(costs) == ["channel_1 at most 5"]
    assert costs["channel_1 at most 5"] == pytest.approx(optimize(made, 90).value - plan.value, rel=1e-6)
