"""Plans against closed forms, enumeration, dense search and dynamic programming."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.response_curves import best_by_dynamic_programming, best_by_enumeration, hill, s_curves
from reachbook import budget
from reachbook.budget import Rules
from reachbook.budget.optimize.constraints import constraints
from reachbook.budget.optimize.curves import curves, interpolation_error
from reachbook.budget.optimize.infeasible import possible
from reachbook.budget.optimize.plan import Infeasible
from reachbook.budget.optimize.risk import Measure
from reachbook.budget.optimize.rules import Limits, Rebate, Share, Tier


def test_square_roots_get_money_by_the_square_of_their_scale() -> None:
    """max sum a sqrt(x) with sum x = T: x = T a^2 / sum a^2 (Lagrange)."""
    scale, grid = np.array([1.0, 2.0, 3.0]), np.linspace(0, 100, 2001)
    plan = budget.best_plan(scale[None, :, None] * np.sqrt(grid), grid, 100)
    assert plan.spend == pytest.approx(100 * scale**2 / (scale**2).sum(), abs=0.05)
    assert plan.value == pytest.approx(np.sqrt(100 * (scale**2).sum()), rel=1e-6)
    assert plan.gap <= 1e-6
    assert plan.binding == ("total of 100",)
    assert plan.unspent == 0


@pytest.mark.parametrize("seed", range(8))
def test_s_shapes_reach_the_best_of_all_plans(seed: int) -> None:
    response, grid = s_curves(seed, channels=3, draws=20, points=31)
    plan = budget.best_plan(response, grid, 75.5)
    best = best_by_enumeration(response.mean(axis=0), grid, 75.5)
    assert plan.value == pytest.approx(best, rel=1e-7)
    assert plan.bound >= best * (1 - 1e-9)
    assert plan.gap <= 1e-3
    assert plan.paid.sum() == pytest.approx(75.5, rel=1e-9)


def test_many_s_shapes_reach_dynamic_programming() -> None:
    response, grid = s_curves(3, channels=20, draws=1, points=101)
    plan = budget.best_plan(response, grid, 400)
    assert plan.value == pytest.approx(best_by_dynamic_programming(response[0], 400), rel=1e-7)


@pytest.mark.parametrize("slope", [1.0, 3.0])
@pytest.mark.parametrize("objective", ["cvar", "quantile"])
def test_caution_looks_at_the_portfolio(objective: str, slope: float) -> None:
    """Two channels, so that all plans can be looked at; half of the draws favour either."""
    response, grid = s_curves(5, channels=2, draws=20, points=41, slope=slope, spread=0.5)
    rules = Rules.model_validate({"objective": objective, "tail": 0.2})
    plan = budget.best_plan(response, grid, 60, rules)
    made, measure = curves(response, grid), Measure.of(rules)
    scanned = [measure.value(made.outcome([x, 60 - x]).sum(axis=1)) for x in np.linspace(0, 60, 6001)]
    assert plan.value >= max(scanned) * (1 - 1e-6)
    assert plan.bound >= max(scanned) * (1 - 1e-9)
    assert plan.gap <= 1e-3
    assert plan.value == pytest.approx(measure.value(plan.outcome), rel=1e-12)


def test_free_money_stops_where_the_next_yuan_returns_the_hurdle() -> None:
    """d/dx a sqrt(x) = h at x = (a / 2h)^2."""
    grid = np.linspace(0, 100, 4001)
    response = np.stack([8 * np.sqrt(grid), 12 * np.sqrt(grid)])[None]
    plan = budget.best_plan(response, grid, None, Rules(mode="free", hurdle=1.0))
    assert plan.spend == pytest.approx([16, 36], abs=0.05)
    capped = budget.best_plan(response, grid, 100, Rules(mode="free", hurdle=1.0))
    assert capped.spend == pytest.approx(plan.spend)
    assert capped.unspent == pytest.approx(48, abs=0.1)
    assert "stay unspent" in capped.notes[0]


def test_least_money_for_a_target() -> None:
    """a sqrt(x) with one channel: x = (target / a)^2; the bound is on money, from below."""
    grid = np.linspace(0, 100, 4001)
    response = (10 * np.sqrt(grid))[None, None]
    plan = budget.best_plan(response, grid, None, Rules(mode="target", target=50.0))
    assert plan.spend[0] == pytest.approx(25, rel=1e-4)
    assert plan.bound <= plan.paid.sum() * (1 + 1e-9)
    assert plan.value >= 50 * (1 - 1e-6)


@pytest.mark.parametrize("rules", [Rules(mode="at_most", roas=2.0), Rules(mode="at_most", cac=0.5)])
def test_efficiency_is_kept(rules: Rules) -> None:
    """10 sqrt(x) / x = 2 at x = 25."""
    grid = np.linspace(0, 100, 4001)
    plan = budget.best_plan((10 * np.sqrt(grid))[None, None], grid, 100, rules)
    assert plan.spend[0] == pytest.approx(25, rel=1e-3)
    assert plan.value / plan.paid.sum() >= 2 - 1e-9


def test_minimum_buys_packages_and_tiers_against_all_plans() -> None:
    response, grid = s_curves(11, channels=2, draws=5, points=101, slope=2.0)
    rules = Rules(
        mode="at_most",
        minimum={"channel_1": 30.0},
        packages={"channel_2": 8.0},
        rebates={"channel_1": Rebate(tiers=[Tier(above=40, rebate=0.1), Tier(above=70, rebate=0.25)])},
    )
    plan = budget.best_plan(response, grid, 90, rules)
    made, best = curves(response, grid), -np.inf
    for second in np.arange(0, 97, 8.0):
        for first in [0.0, *np.linspace(30, 100, 701)]:
            paid = first * (0.75 if first >= 70 else 0.9 if first >= 40 else 1)
            if paid + second <= 90 + 1e-9:
                best = max(best, float(made.outcome([first, second]).sum(axis=1).mean()))
    assert plan.value >= best * (1 - 1e-9)
    assert plan.value <= best * 1.002
    assert plan.paid.sum() <= 90 * (1 + 1e-9)
    assert plan.spend[1] / 8 == pytest.approx(round(plan.spend[1] / 8), abs=1e-6)


def test_rebate_above_a_threshold_counts_what_exceeds_it() -> None:
    grid = np.linspace(0, 100, 101)
    rules = Rules(rebates={"channel_1": Rebate(on="above", tiers=[Tier(above=40, rebate=0.5)])})
    plan = budget.best_plan(np.sqrt(grid)[None, None], grid, 60, rules)
    assert plan.spend[0] == pytest.approx(80)
    assert plan.paid[0] == pytest.approx(60)


def test_grid_of_its_own_for_each_channel() -> None:
    grids = np.stack([np.linspace(0, 50, 501), np.linspace(0, 200, 501)])
    plan = budget.best_plan(np.sqrt(grids)[None], grids, 80)
    assert plan.spend == pytest.approx([40, 40], abs=0.5)


def test_interpolation_error_bounds_what_a_coarse_grid_misses() -> None:
    coarse, fine = np.linspace(0, 100, 11), np.linspace(0, 100, 1001)
    half, scale = np.array([20.0, 40.0])[:, None], np.array([60.0, 90.0])[:, None]
    at = [curves(hill(grid, half, 2.0, scale)[None], grid) for grid in (coarse, fine)]
    plan = budget.best_plan(at[0].response, at[0].grid, 90)
    best = budget.best_plan(at[1].response, at[1].grid, 90)
    error = float(interpolation_error(*at).sum())
    assert 0 < abs(best.value - plan.value) <= error


@given(
    seed=st.integers(0, 10_000),
    factor=st.sampled_from([1e-3, 1e3, 1e6]),
    slope=st.sampled_from([1.0, 4.0]),
    objective=st.sampled_from(["expected", "cvar"]),
)
@settings(max_examples=12, deadline=None, derandomize=True)
def test_units_and_order_do_not_matter(seed: int, factor: float, slope: float, objective: str) -> None:
    response, grid = s_curves(seed, channels=4, draws=25, points=41, slope=slope)
    rules = Rules.model_validate({"objective": objective})
    plan = budget.best_plan(response, grid, 120, rules)
    money = budget.best_plan(response, grid * factor, 120 * factor, rules)
    outcome = budget.best_plan(response * factor, grid, 120, rules)
    order = np.random.default_rng(seed).permutation(4)
    turned = budget.best_plan(response[:, order], grid, 120, rules)
    assert money.spend / factor == pytest.approx(plan.spend, abs=1e-4)
    assert outcome.spend == pytest.approx(plan.spend, abs=1e-4)
    assert (turned.spend == plan.spend[order]).all()


def test_identical_channels_are_told_apart_by_name() -> None:
    response, grid = s_curves(2, channels=1, draws=5, points=51)
    both = np.repeat(response, 2, axis=1)
    one = budget.best_plan(both, grid, 60, channels=["douyin", "kuaishou"])
    other = budget.best_plan(both, grid, 60, channels=["kuaishou", "douyin"])
    assert dict(zip(one.channels, one.spend, strict=True)) == dict(zip(other.channels, other.spend, strict=True))


@given(
    seed=st.integers(0, 10_000),
    low=st.integers(0, 60).map(float),
    width=st.integers(0, 40).map(float),
    share=st.integers(0, 60).map(lambda part: part / 100),
    span=st.integers(0, 40).map(lambda part: part / 100),
    minimum=st.integers(0, 80).map(float),
    change=st.none() | st.integers(5, 200).map(lambda part: part / 100),
    total=st.integers(1, 350).map(float),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_plans_keep_all_rules_or_name_the_conflict(
    seed: int,
    low: float,
    width: float,
    share: float,
    span: float,
    minimum: float,
    change: float | None,
    total: float,
) -> None:
    response, grid = s_curves(seed, channels=4, draws=8, points=21)
    now = np.random.default_rng(seed).uniform(0, 80, 4)
    rules = Rules(
        limits={"channel_1": Limits(low=low, high=low + width)},
        shares={"video": Share(channels=["channel_2", "channel_3"], low=share, high=share + span)},
        minimum={"channel_4": minimum},
        change=change,
    )
    try:
        plan = budget.best_plan(response, grid, total, rules, current=now)
    except Infeasible as error:
        _smallest(error.conflict, response, grid, total, rules, now)
        return
    near = 1e-6 * max(total, 100)
    assert plan.paid.sum() == pytest.approx(total, abs=near)
    assert low - near <= plan.spend[0] <= low + width + near
    assert (share * total) - near <= plan.spend[1:3].sum() <= (share + span) * total + near
    assert plan.spend[3] <= near or plan.spend[3] >= minimum - near
    assert change is None or (np.abs(plan.spend - now) <= change * now + near).all()
    assert plan.gap <= 1e-3


def _smallest(
    conflict: tuple[str, ...],
    response: np.ndarray,
    grid: np.ndarray,
    total: float,
    rules: Rules,
    now: np.ndarray,
) -> None:
    """No plan keeps the set, and without any one of it there is a plan."""
    made = curves(response, grid, current=now)
    kept = [constraint for constraint in constraints(rules, made, total) if constraint.words in conflict]
    assert not possible(made, kept, rules)
    for constraint in kept:
        assert possible(made, [other for other in kept if other is not constraint], rules)


def test_quantile_of_many_draws_is_quick_and_bounded() -> None:
    """Beyond 60 draws: no worse than the exact search to 1 %, and its bound is above the exact optimum."""
    response, grid = s_curves(5, 3, 80, 21, slope=1.0)
    rules = Rules(objective="quantile")
    found = budget.best_plan(response, grid, 90, rules)
    best = max(
        float(np.sort(curves(response, grid).outcome([a, b, 90 - a - b]).sum(axis=1))[16])
        for a, b in itertools.product(np.arange(0, 91, 2.5), repeat=2)
        if a + b <= 90
    )
    assert found.value >= best * 0.99
    assert found.bound >= best * (1 - 1e-9)
    assert found.value == pytest.approx(float(np.sort(found.outcome)[16]))
    assert found.gap < 0.1


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (Rules(minimum={"channel_1": 50}), "channel_1 at least 50 if used and channel_1 at most 40 (observed)"),
        (Rules(packages={"channel_1": 50}), "channel_1 in packages of 50 and channel_1 at most 40 (observed)"),
        (Rules(minimum={"channel_1": 25}, packages={"channel_1": 24}),
         "channel_1 at least 25 if used, channel_1 in packages of 24 and channel_1 at most 40 (observed)"),
        (Rules(minimum={"channel_2": 70}), "channel_2 at least 70 if used and total of 60"),
    ],
)  # fmt: skip
def test_a_channel_that_cannot_take_its_least_is_said(rules: Rules, told: str) -> None:
    response, grid = s_curves(1, 3, 10, 21)
    plan = budget.best_plan(response, grid, 60, rules, observed=[40, 100, 100])
    name = told.split()[0]
    assert plan.spend[plan.channels.index(name)] == 0
    assert any(note.startswith(f"{name} gets nothing: it cannot keep {told} together") for note in plan.notes)
    assert not any("gets nothing" in note for note in budget.best_plan(response, grid, 120, rules).notes)


def test_no_channel_goes_below_what_was_seen() -> None:
    """The second channel is worthless, but was never without 20; what it has now may stay; to nothing only if asked."""
    grid = np.linspace(0, 100, 11)
    response = np.stack([2 * grid, 0.1 * grid])[None]
    least = {"least": [0, 20]}
    assert budget.best_plan(response, grid, 100, **least).spend == pytest.approx([80, 20])
    assert budget.best_plan(response, grid, 100, current=[95, 5], **least).spend == pytest.approx([95, 5])
    free = budget.best_plan(response, grid, 100, Rules(beyond=1.0), **least)
    assert free.spend == pytest.approx([100, 0])
    assert any("goes below its smallest observed spend" in note for note in free.notes)
    with pytest.raises(Infeasible, match="observed from 90 on"):
        budget.best_plan(response, grid, 60, least=[60, 30])
    with pytest.raises(Infeasible, match="set beyond to go where nothing was observed"):
        budget.best_plan(response, grid, 100, Rules(fixed={"channel_2": 0}), **least)
