"""The mixed-integer program of a plan: its columns, its relaxation, and its rules against sums written out."""

import itertools

import numpy as np
import pytest

from helpers.response_curves import best_by_enumeration, hill, s_curves
from reachbook.budget.optimize.constraints import constraints
from reachbook.budget.optimize.curves import Curves, curves, envelope
from reachbook.budget.optimize.formulation import Formulation, Objective, formulation
from reachbook.budget.optimize.risk import Measure
from reachbook.budget.optimize.rules import Limits, Rebate, Rules, Share, Tier

GRID = np.linspace(0, 100, 21)
NODES = 10_000


def built(on: Curves, total: float | None, rules: Rules | None = None) -> Formulation:
    asked = rules or Rules()
    made = formulation(on, constraints(asked, on, total), Measure.of(asked), asked.rebates, NODES)
    assert made is not None
    return made


def even(on: Curves) -> list[np.ndarray]:
    """The one cutting plane of an expected outcome."""
    return [np.full(on.draws, 1 / on.draws)]


def outcome(channels: int) -> Objective:
    return Objective(np.zeros(channels))


def s_shaped(channels: int = 1) -> Curves:
    return curves(*s_curves(4, channels, 6, 21))


def test_a_column_stands_for_each_point_of_each_piece() -> None:
    on = s_shaped(2)
    made = built(on, 50)
    count = sum(piece.last - piece.first + 1 for row in made.lines for piece in row.pieces)
    assert len(made.channel) == len(made.piece) == len(made.point) == len(made.spend) == count
    for at in range(count):
        assert made.spend[at] == made.lines[made.channel[at]].spend[made.point[at]]


def test_convex_weights_mix_spends_and_outcomes() -> None:
    """A quarter of one point and three quarters of another, in each of two channels."""
    on = s_shaped(2)
    made = built(on, 50)
    shares = np.zeros(len(made.spend))
    spend, mixed = np.zeros(2), np.zeros(on.draws)
    for c in (0, 1):
        first, second = np.flatnonzero(made.channel == c)[[1, 3]]
        shares[[first, second]] = 0.25, 0.75
        for part, at in ((0.25, first), (0.75, second)):
            spend[c] += part * made.spend[at]
            mixed += part * made.lines[c].outcome[:, made.point[at]]
    np.testing.assert_allclose(made.planned(shares), spend)
    np.testing.assert_allclose(made.mixed(shares), mixed)
    weights = np.arange(1.0, on.draws + 1)
    assert made.weighed(weights) @ shares == pytest.approx(weights @ mixed)


@pytest.mark.parametrize("total", [10.0, 33.0, 80.0])
def test_the_relaxation_of_one_channel_is_its_concave_envelope(total: float) -> None:
    """Vielma (2015); in whole pieces it is the curve or what one piece of it promises, which is between the two."""
    on = s_shaped()
    made = built(on, total)
    relaxed = made.solve(outcome(1), even(on), whole=False)
    whole = made.solve(outcome(1), even(on))
    assert relaxed is not None
    assert whole is not None
    mean = Curves(on.response.mean(axis=0)[None], on.grid, on.channels, None, on.observed)
    assert relaxed.figure == pytest.approx(float(envelope(mean).outcome([total])[0, 0]), rel=1e-6)
    assert float(on.outcome([total]).mean()) <= whole.figure * (1 + 1e-9)
    assert whole.figure <= relaxed.figure * (1 + 1e-9)


def test_concave_channels_need_one_program_alone() -> None:
    half, scale = np.array([20.0, 60.0, 40.0])[:, None], np.array([60.0, 90.0, 30.0])[:, None]
    on = curves(hill(GRID, half, 1.0, scale)[None], GRID)
    made = built(on, 75)
    found = made.solve(outcome(3), even(on))
    assert found is not None
    assert all(len(row.pieces) == 1 for row in made.lines)
    assert found.figure == pytest.approx(best_by_enumeration(on.response[0], GRID, 75), rel=1e-7)
    assert found.bound == pytest.approx(found.figure, rel=1e-6)
    np.testing.assert_allclose(made.planned(found.shares).sum(), 75)


def test_an_objective_weighs_outcome_money_paid_spend_and_moves() -> None:
    """Two straight channels of 2 and 3 a unit, of which the better one is charged in three different ways."""
    on = curves(np.stack([2 * GRID, 3 * GRID])[None], GRID, current=[50, 0])
    nothing = np.zeros(2)
    for goal, spend in (
        (Objective(nothing), [0, 50]),
        (Objective(np.array([0.0, -1.5])), [50, 0]),
        (Objective(nothing, moved=0.6), [50, 0]),
        (Objective(nothing, moved=0.4), [0, 50]),
    ):
        made = built(on, 50)
        found = made.solve(goal, even(on))
        assert found is not None
        np.testing.assert_allclose(made.planned(found.shares), spend, atol=1e-6)
    free = built(on, 50, Rules(mode="at_most"))
    found = free.solve(Objective(nothing, paid=2.5), even(on))
    assert found is not None
    assert found.bound == pytest.approx(0.5 * 50)
    np.testing.assert_allclose(free.planned(found.shares), [0, 50], atol=1e-6)


def test_money_moved_is_counted_from_a_point_at_today_s_spend() -> None:
    on = curves((2 * GRID)[None, None], GRID, current=[33.0])
    made = built(on, 33)
    assert 33.0 in made.lines[0].spend
    np.testing.assert_allclose(made.moved, np.abs(made.spend - 33))


def test_a_rebate_is_paid_on_the_whole_from_its_threshold_on() -> None:
    on = curves((2 * GRID)[None, None], GRID)
    rules = Rules(mode="at_most", rebates={"channel_1": Rebate(tiers=[Tier(above=40, rebate=0.25)])})
    made = built(on, 60, rules)
    found = made.solve(outcome(1), even(on))
    assert found is not None
    assert float(found.shares @ made.paid) == pytest.approx(60)
    assert made.planned(found.shares)[0] == pytest.approx(80)


@pytest.mark.parametrize(
    ("rules", "total"),
    [
        (Rules(minimum={"channel_1": 45.0}), 60.0),
        (Rules(packages={"channel_1": 35.0, "channel_2": 25.0}, mode="at_most"), 60.0),
        (Rules(shares={"first": Share(channels=["channel_1"], low=0.5, high=0.75)}), 60.0),
        (Rules(fixed={"channel_2": 20.0}), 60.0),
    ],
)
def test_rules_are_kept_as_enumeration_keeps_them(rules: Rules, total: float) -> None:
    """Concave curves on a grid of fives, on which every best plan of these rules lies."""
    half, scale = np.array([60.0, 20.0])[:, None], np.array([60.0, 90.0])[:, None]
    on = curves(hill(GRID, half, 1.0, scale)[None], GRID)
    made = built(on, total, rules)
    found = made.solve(outcome(2), even(on))

    def kept(first: float, second: float) -> bool:
        least = rules.minimum.get("channel_1", 0.0)
        whole = all(
            each % rules.packages.get(name, 5.0) == 0 for name, each in (("channel_1", first), ("channel_2", second))
        )
        spent = first + second <= total if rules.mode == "at_most" else first + second == total
        share = not rules.shares or 0.5 * total <= first <= 0.75 * total
        return (
            spent
            and whole
            and share
            and (first == 0 or first >= least)
            and second == rules.fixed.get("channel_2", second)
        )

    best = max(float(on.outcome([a, b]).sum()) for a, b in itertools.product(GRID, GRID) if kept(float(a), float(b)))
    assert found is not None
    assert found.figure == pytest.approx(best, rel=1e-6)


def test_bounds_of_a_channel_that_are_empty_leave_no_program() -> None:
    on = curves((2 * GRID)[None, None], GRID, observed=[40])
    rules = Rules(limits={"channel_1": Limits(low=50.0)})
    assert formulation(on, constraints(rules, on, 50), Measure.of(rules), {}, NODES) is None


def test_a_channel_that_cannot_take_its_least_stays_at_nothing() -> None:
    on = curves((2 * GRID)[None, None], GRID, observed=[40])
    made = built(on, None, Rules(mode="free", minimum={"channel_1": 50.0}))
    assert made.spend.tolist() == [0.0]


def test_rules_that_contradict_each_other_have_no_solution() -> None:
    on = s_shaped(2)
    assert built(on, 500).solve(outcome(2), even(on)) is None


def test_pieces_of_a_solution_can_be_kept_while_its_weights_move() -> None:
    """With the pieces fixed, what is left is a linear program whose value cannot exceed that of all pieces."""
    on = s_shaped(3)
    made = built(on, 75)
    found = made.solve(outcome(3), even(on))
    assert found is not None
    again = made.solve(outcome(3), even(on), fixed=found.shares)
    assert again is not None
    assert again.figure == pytest.approx(found.figure, rel=1e-6)
    other = made.solve(Objective(np.array([1e3, 0.0, 0.0])), even(on))
    assert other is not None
    moved = made.solve(outcome(3), even(on), fixed=other.shares)
    assert moved is not None
    assert moved.figure <= found.figure * (1 + 1e-9)


def test_a_quantile_spares_the_draws_that_may_miss_it() -> None:
    """Two straight channels, of which the second fails in a tenth of the draws: that tenth may be spared, no more."""
    slope = np.ones((10, 2))
    slope[:, 1] = 2.0
    slope[0, 1] = 0.0
    on = curves(slope[:, :, None] * GRID, GRID)
    for tail, spend in ((0.1, [0, 50]), (0.05, [50, 0])):
        rules = Rules(objective="quantile", tail=tail)
        made = built(on, 50, rules)
        found = made.solve(outcome(2), [])
        assert found is not None
        np.testing.assert_allclose(made.planned(found.shares), spend, atol=1e-5)
        assert found.figure == pytest.approx(2 * 50 if tail == 0.1 else 50, rel=1e-6)
