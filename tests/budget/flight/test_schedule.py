"""Plans by week against closed forms and dense search."""

import itertools

import numpy as np
import pytest

from helpers.response_curves import hill, s_curves
from reachbook import budget
from reachbook.budget.flight.carryover import carry
from reachbook.budget.flight.rules import FlightRules
from reachbook.budget.flight.schedule import Flight, schedule
from reachbook.budget.optimize.curves import curves
from reachbook.budget.optimize.plan import Infeasible
from reachbook.budget.optimize.rules import Limits, Share
from reachbook.errors import DataError, ParamsError

GRID = np.linspace(0, 100, 101)
WEEKS = ["w1", "w2", "w3", "w4", "w5", "w6"]


def _concave(draws: int = 10, channels: int = 2) -> np.ndarray:
    return s_curves(4, channels, draws, 101, slope=1.0)[0]


def _plan(
    total: float = 240, retention: object = (0.5, 0.3), rules: FlightRules | None = None, **more: object
) -> Flight:
    return budget.schedule(_concave(), GRID, retention, total, WEEKS, rules, **more)  # type: ignore[arg-type]


def test_without_adstock_weeks_are_alike() -> None:
    """Concave and no carry-over: equal weeks are best, and the total is over all of them."""
    found = _plan(retention=[0.0, 0.0], total=6 * 40)
    assert found.spend.sum() == pytest.approx(240)
    single = budget.best_plan(_concave(), GRID, 40)
    assert found.value == pytest.approx(6 * single.value, rel=1e-6)
    assert found.gap <= 1e-6


def test_stock_is_a_sum_of_what_was_spent() -> None:
    """s[t] = (1 - r) sum r^k x[t - k] + r^(t + 1) s0."""
    made = curves(_concave(1, 1), GRID)
    lasting = carry(made, [0.6], np.ones(3), np.array([[50.0, 20.0]]), 2)
    before = 0.4 * 20 + 0.6 * 50
    spend = np.array([[10.0, 0.0, 30.0]])
    third = 0.4 * (30 + 0.36 * 10) + 0.6**3 * before
    assert lasting.stock(spend)[0, 0, 2:] == pytest.approx([third, 0.6 * third, 0.36 * third])


@pytest.mark.parametrize("slope", [1.0, 3.0])
def test_no_plan_on_a_grid_is_better(slope: float) -> None:
    """Three weeks of one channel, all splits of the money in steps of 2."""
    response = hill(GRID, 30.0, slope, 100.0)[None, None]
    made = curves(response, GRID)
    past = np.array([[40.0, 10.0]])
    found = schedule(made, [0.5], 120, ["a", "b", "c"], FlightRules(peaks={"b": 1.5}), past=past, tail=4)
    lasting = carry(made, [0.5], np.array([1, 1.5, 1]), past, 4)
    best = max(
        float(lasting.value(made, np.array([[first, second, 120 - first - second]])).sum())
        for first, second in itertools.product(np.arange(0, 101, 2.0), repeat=2)
        if 0 <= 120 - first - second <= 100
    )
    assert found.value >= best * (1 - 1e-3)
    assert found.bound >= best * (1 - 1e-9)
    assert found.gap <= 3e-3
    assert found.value == pytest.approx(float(lasting.value(made, found.spend).sum()))


def test_past_and_tail_count() -> None:
    without, after = _plan(), _plan(past=np.full((2, 8), 60.0))
    assert without.baseline == 0
    assert after.baseline > 0
    assert after.value > without.value
    assert after.spend[:, 0].sum() < without.spend[:, 0].sum()
    short = _plan(tail=0)
    assert short.tail == 0
    assert without.tail > 0
    assert short.spend[:, -1].sum() < without.spend[:, -1].sum()


def test_spend_that_goes_on_keeps_the_last_weeks_as_the_others() -> None:
    """Where media go on as planned, a plan that is as even as the past has no reason to end on a peak or a dip."""
    level = np.array([25.0, 15.0])
    rules = FlightRules(limits={f"channel_{c + 1}": Limits(low=6 * x, high=6 * x) for c, x in enumerate(level)})
    past = np.repeat(level[:, None], 40, axis=1)
    on = _plan(retention=[0.6, 0.6], rules=rules, past=past, after=level)
    assert on.spend == pytest.approx(np.repeat(level[:, None], 6, axis=1), rel=0.02)
    assert on.gap <= 1e-3
    stop = _plan(retention=[0.6, 0.6], rules=rules, past=past)
    assert stop.spend[:, -1].sum() != pytest.approx(40, rel=0.02)


@pytest.mark.parametrize("slope", [1.0, 3.0])
def test_no_plan_on_a_grid_is_better_while_spend_goes_on(slope: float) -> None:
    """As above; the tail counts what comes on top of what the spend afterwards brings by itself."""
    made = curves(hill(GRID, 30.0, slope, 100.0)[None, None], GRID)
    past, after = np.array([[40.0, 10.0]]), [35.0]
    found = schedule(made, [0.5], 120, ["a", "b", "c"], past=past, tail=6, after=after)
    lasting = carry(made, [0.5], np.ones(3), past, 6, after)
    alone = carry(made, [0.5], np.ones(6), None, 0).value(made, np.full((1, 6), 35.0)).sum()
    long = carry(made, [0.5], np.ones(9), past, 0)

    def value(spend: tuple[float, float, float]) -> float:
        return float(long.value(made, np.array([[*spend, *[35.0] * 6]])).sum() - alone)

    splits = itertools.product(np.arange(0, 101, 2.0), repeat=2)
    best = max(value((a, b, 120 - a - b)) for a, b in splits if 0 <= 120 - a - b <= 100)
    assert value(tuple(found.spend[0])) == pytest.approx(found.value)
    assert found.value == pytest.approx(float(lasting.value(made, found.spend).sum()))
    assert found.value >= best * (1 - 1e-3)
    assert found.bound >= best * (1 - 1e-9)
    assert found.gap <= 3e-3


def test_weeks_that_might_as_well_be_even_are() -> None:
    """Straight curves: all splits bring the same, and corners would look like a pattern."""
    rate = (2.0 * GRID)[None, None]
    found = schedule(curves(rate, GRID), [0.3], 150, WEEKS, FlightRules(blackout={"all": ["w3"]}), tail=30)
    assert found.spend[0, [0, 1, 3, 4, 5]] == pytest.approx(30, rel=1e-3)
    assert found.spend[0, 2] == pytest.approx(0, abs=1e-9)


def test_weeks_keep_their_rules() -> None:
    rules = FlightRules(
        blackout={"channel_1": ["w2"], "all": ["w5"]},
        peaks={"w4": 2.0},
        pace=0.25,
        weekly={"channel_2": Limits(low=5, high=45)},
        shares={"one": Share(channels=["channel_1"], low=0.4, high=0.5)},
    )
    found = _plan(rules=rules)
    spend, near = found.spend, 1e-5
    assert spend[0, [1, 4]] == pytest.approx(0, abs=near)
    assert spend[1, 4] == pytest.approx(0, abs=near)
    assert (spend[1, [0, 1, 2, 3, 5]] >= 5 - near).all()
    assert (spend[1] <= 45 + near).all()
    assert 0.4 * 240 - near <= spend[0].sum() <= 0.5 * 240 + near
    assert np.abs(np.diff(spend[1, :4])).max() <= 0.25 * spend[1].sum() / 5 + near
    assert spend[:, 3].sum() == pytest.approx(spend.sum(axis=0).max())
    assert "channel_1 without spend in its blackout weeks" in found.binding


def test_a_week_is_used_properly_or_not_at_all() -> None:
    found = _plan(total=60, rules=FlightRules(minimum={"channel_1": 20, "channel_2": 20}))
    used = found.spend[found.spend > 1e-6]
    assert (used >= 20 - 1e-5).all()
    assert found.spend.sum() == pytest.approx(60)


def test_packages_are_whole_in_each_week_and_come_evenly() -> None:
    rules = FlightRules(packages={"channel_1": 8}, weekly={"channel_1": Limits(high=24)}, blackout={"all": ["w5"]})
    found, free = _plan(rules=rules), _plan(rules=rules.model_copy(update={"packages": {}}))
    bought = found.spend[0] / 8
    assert bought == pytest.approx(np.round(bought), abs=1e-9)
    assert np.ptp(bought[[0, 1, 2, 3, 5]]) <= 1
    assert bought.max() <= 3
    assert found.spend[:, 4] == pytest.approx(0, abs=1e-6)
    assert found.spend.sum() == pytest.approx(240)
    assert found.spend[0].sum() == pytest.approx(free.spend[0].sum(), abs=8)
    assert found.gap == pytest.approx(found.bound / found.value - 1)
    assert "the proof takes packages for divisible" in found.notes


def test_packages_that_no_week_can_take_are_said_to_be_money_only() -> None:
    rules = FlightRules(packages={"channel_1": 30}, weekly={"channel_1": Limits(low=5, high=20)})
    found = _plan(rules=rules)
    assert any(note.startswith("no whole packages of channel_1 were found that keep the rules") for note in found.notes)
    assert found.spend[0].min() >= 5 - 1e-6


@pytest.mark.parametrize(
    ("rules", "asked"),
    [
        (FlightRules(minimum={"channel_1": 50}), "channel_1 at least 50 in a week if used"),
        (FlightRules(packages={"channel_1": 50}), "channel_1 in packages of 50"),
    ],
)
def test_a_week_that_cannot_take_the_least_is_said(rules: FlightRules, asked: str) -> None:
    found = _plan(rules=rules, observed=[40, 90])
    assert found.spend[0] == pytest.approx(0, abs=1e-6)
    told = f"channel_1 gets nothing: it cannot keep {asked} and channel_1 at most 40 a week (observed) together"
    assert any(note.startswith(told) for note in found.notes)
    assert not any("gets nothing" in note for note in _plan(rules=rules).notes)


@pytest.mark.parametrize("retention", [[0.3, 0.3], [0.0, 0.0], np.linspace(0.1, 0.5, 20).reshape(10, 2)])
@pytest.mark.parametrize("bend", [0.5, 1.0, 2.0])
def test_money_that_only_harms_is_not_spent(retention: object, bend: float) -> None:
    """Every response falls: no plan that may stop below the total spends anything, and none is better."""
    response = -np.broadcast_to(GRID**bend, (10, 2, 101))
    found = budget.schedule(response, GRID, retention, 120, WEEKS[:3], FlightRules(mode="at_most"))  # type: ignore[arg-type]
    assert found.spend == pytest.approx(np.zeros((2, 3)))
    assert found.value == pytest.approx(0)
    assert found.bound == pytest.approx(0, abs=1e-9)
    assert any(note.startswith("120 of 120 stay unspent") for note in found.notes)
    exact = budget.schedule(response, GRID, retention, 120, WEEKS[:3])  # type: ignore[arg-type]
    assert exact.spend.sum() == pytest.approx(120)
    assert exact.bound >= exact.value
    assert exact.gap <= 0.01 or np.ndim(retention) == 2


@pytest.mark.parametrize("past", [None, np.full((2, 4), 250.0)])
def test_a_response_that_falls_off_is_bounded(past: np.ndarray | None) -> None:
    """It rises and then falls, and the past may carry in more than curves know: no plan exceeds the bound."""
    made = curves(np.broadcast_to(100 * np.sin(GRID / 25) + GRID, (1, 2, 101)), GRID)
    found = schedule(made, [0.3, 0.6], 400, WEEKS[:3], past=past, tail=4)
    lasting, rng = carry(made, [0.3, 0.6], np.ones(3), past, 4), np.random.default_rng(3)
    plans = (rng.dirichlet(np.full(6, 5.0)).reshape(2, 3) * 400 for _ in range(4000))
    values = [lasting.value(made, plan).sum() for plan in plans if (plan <= 100).all()]
    assert len(values) > 20
    assert max(values) <= found.bound + 1e-6
    assert found.gap <= (0.01 if past is None else 0.06)


def test_no_money_for_s_shapes_of_many_retentions() -> None:
    response = s_curves(1, 2, 10, 101)[0]
    found = budget.schedule(response, GRID, np.linspace(0.1, 0.5, 20).reshape(10, 2), 0, WEEKS)
    assert (found.spend == 0).all()
    assert found.value == 0


def test_rules_by_week_that_conflict() -> None:
    rules = FlightRules(weekly={"channel_1": Limits(high=10)}, limits={"channel_1": Limits(low=70)}, pace=0.5)
    with pytest.raises(Infeasible) as caught:
        _plan(rules=rules)
    assert caught.value.conflict == ("channel_1 a week at most 10", "channel_1 over all weeks at least 70")


def test_every_draw_has_its_own_retention() -> None:
    kept = np.clip(0.5 + 0.1 * np.random.default_rng(1).standard_normal((10, 2)), 0.1, 0.9)
    found = _plan(retention=kept, past=np.full((2, 8), 30.0))
    assert found.value == pytest.approx(found.outcome.mean())
    assert 0 <= found.gap <= 1e-3
    rng = np.random.default_rng(2)
    made = curves(_concave(), GRID)
    lasting = carry(made, kept, np.ones(6), np.full((2, 8), 30.0), 13)
    for _ in range(200):
        other = rng.dirichlet(np.ones(12)).reshape(2, 6) * 240
        if (other <= 100).all():
            assert lasting.value(made, other).sum(axis=(1, 2)).mean() <= found.bound


def test_units_do_not_matter() -> None:
    plain = _plan()
    money = budget.schedule(_concave(), GRID * 1000, [0.5, 0.3], 240_000, WEEKS)
    outcome = budget.schedule(_concave() * 1000, GRID, [0.5, 0.3], 240, WEEKS)
    assert money.value == pytest.approx(plain.value, rel=1e-6)
    assert outcome.value == pytest.approx(1000 * plain.value, rel=1e-6)


def test_sentences_for_what_cannot_be() -> None:
    with pytest.raises(ParamsError, match="no week w9 in the plan"):
        _plan(rules=FlightRules(blackout={"all": ["w9"]}))
    with pytest.raises(ParamsError, match="packages names nobody, which has no curve"):
        _plan(rules=FlightRules(packages={"nobody": 5}))
    with pytest.raises(DataError, match="each 0 or more and below 1"):
        _plan(retention=[1.0, 0.3])
    for tail in (-1, 1.5, None):
        with pytest.raises(ParamsError, match="give a whole number of weeks after the plan"):
            _plan(tail=tail)
    with pytest.raises(DataError, match="none missing"):
        _plan(past=np.full((2, 3), np.nan))
    with pytest.raises(Infeasible, match="total of 60,000 over all weeks"):
        _plan(total=60_000)


@pytest.mark.parametrize("slope", [1.0, 3.0])
def test_proof_over_draws_with_their_own_retention(slope: float) -> None:
    """Concave curves are proven within 0.1 %; with S-shapes the bound is wider but holds for random plans."""
    response = s_curves(4, 2, 40, 101, slope=slope)[0]
    kept = np.clip(0.4 + 0.1 * np.random.default_rng(1).standard_normal((40, 2)), 0.1, 0.9)
    found = budget.schedule(response, GRID, kept, 300, WEEKS, past=np.full((2, 8), 30.0))
    assert 0 <= found.gap <= (1e-3 if slope == 1 else 0.3)
    assert any("wider than the truth" in note for note in found.notes) == (slope > 1)
    made, rng = curves(response, GRID), np.random.default_rng(2)
    lasting = carry(made, kept, np.ones(6), np.full((2, 8), 30.0), 13)
    for _ in range(300):
        other = rng.dirichlet(np.full(12, 0.5)).reshape(2, 6) * 300
        if (other <= 100).all():
            assert lasting.value(made, other).sum(axis=(1, 2)).mean() <= found.value * (1 + 1e-6)


def test_s_shapes_by_week_are_proven() -> None:
    """Five channels, 8 weeks, slope 3, by a price for money; it leaves open what one channel's jump at it is worth."""
    response = s_curves(1, 5, 20, 101, slope=3.0)[0]
    weeks = [str(week) for week in range(8)]
    found = budget.schedule(response, GRID, [0.3, 0.5, 0.4, 0.6, 0.2], 1000, weeks, past=np.full((5, 8), 20.0))
    assert found.gap <= 1e-3
    assert found.spend.sum() == pytest.approx(1000)


def test_prices_bound_every_plan_under_weekly_rules() -> None:
    """One channel of three weeks, used with 30 or more or not at all: all plans in steps of 2 stay below the bound."""
    made = curves(hill(GRID, 40.0, 4.0, 100.0)[None, None], GRID)
    rules = FlightRules(minimum={"channel_1": 30}, blackout={"all": ["c"]})
    found = schedule(made, [0.4], 90, ["a", "b", "c", "d"], rules, tail=3)
    lasting = carry(made, [0.4], np.ones(4), None, 3)
    amounts = [0.0, *np.arange(30, 91, 2.0)]
    best = max(
        float(lasting.value(made, np.array([[a, b, 0.0, 90 - a - b]])).sum())
        for a, b in itertools.product(amounts, repeat=2)
        if 90 - a - b == 0 or 90 - a - b >= 30
    )
    assert found.bound >= best * (1 - 1e-9)
    assert found.value >= best * (1 - 1e-3)
    assert found.spend[0, 2] == pytest.approx(0, abs=1e-6)
