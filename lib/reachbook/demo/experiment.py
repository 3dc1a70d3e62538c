"""A/B/n test of two creatives, of which one works and the other does nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from reachbook.arrays import Flags, Floats, Ints
from reachbook.demo import columns, draws, segments
from reachbook.demo.calendar import Campaign
from reachbook.demo.effects import PlantedEffect, window
from reachbook.demo.media import steady_return

ARMS = ("control", "creative_a", "creative_b")
METRICS = ("visits", "converted", "revenue")
WINNER = "creative_a"

_CONVERSION = np.array([0.070, 0.022, 0.060, 0.040, 0.140])
"""Share that orders during the test without a creative, by segment."""
_LIFT = np.array([0.45, 0.10, 0.35, 0.0, 0.15])
"""Relative lift of that share in exposed people under the winning creative, by segment."""
_VISITS, _VISITS_LIFT = 1.6, 0.08
_TAIL, _TAIL_SHAPE = 0.02, 2.3


@dataclass(frozen=True)
class Trial:
    """Everybody's outcome under every arm.

    Attributes
    ----------
    segment, arm : int64 array (units,)
        Indices into `segments.NAMES` and ARMS.
    assigned, exposed : int64 array (units,)
        Seconds since 1970-01-01.
    reached : bool array (units,)
        Whether the person sees a creative if assigned one.
    outcomes : float64 array (arms, units) each
        Potential outcomes by metric.
    spend : float64 array (units,)
        Cost in yuan of showing the creative; zero for people who saw none.

    Notes
    -----
    People are assigned 1:1:1 and see their creative only if they visit, the more active the more likely; it is not
    recorded whether people of the control group would have visited. The winning creative makes exposed people visit and
    order more often, without larger baskets. Revenue is an order times a basket, log-normal with a Pareto tail. Each
    visitor costs about the same; the level is set so that the creatives together return what the channel's response
    curve in `media` says a further yuan returns.
    """

    segment: Ints
    arm: Ints
    assigned: Ints
    exposed: Ints
    reached: Flags
    outcomes: dict[str, Floats]
    spend: Floats

    def seen(self, metric: str) -> Floats:
        """Outcome under the assigned arm of each unit, float64 array (units,)."""
        return self.outcomes[metric][self.arm, np.arange(len(self.arm))]


def trial(units: int, plan: Campaign, seed: int) -> Trial:
    """Draw the people of the test and their outcomes under each arm, with the same random numbers in each."""
    rng = draws.stream(seed, "experiment")
    segment = draws.rows(rng, segments.SHARES[None], np.zeros(units, dtype=np.int64))
    arm = rng.integers(0, len(ARMS), units)
    activity = rng.lognormal(-0.125, 0.5, units)
    reached = rng.random(units) < 1 - np.exp(-1.35 * activity)
    day = rng.integers(0, max(plan.end - plan.start - 6, 1), units)
    assigned = (plan.start + day) * 86_400 + rng.integers(7 * 3_600, 86_400, units)
    wait = np.minimum(rng.exponential(86_400, units), (plan.end + 1) * 86_400 - 1 - assigned)
    outcomes = _outcomes(rng, segment, activity, reached)
    spend = _spend(outcomes["revenue"], arm, reached & (arm > 0), plan.channel, draws.stream(seed, "experiment.spend"))
    return Trial(segment, arm, assigned, assigned + wait.astype(np.int64), reached, outcomes, spend)


def _spend(revenue: Floats, arm: Ints, shown: Flags, channel: str, rng: np.random.Generator) -> Floats:
    """Cost of each person in yuan, rounded to cents, float64 array (units,).

    Parameters
    ----------
    revenue : float64 array (arms, units)
        Potential revenue.
    shown : bool array (units,)
        Whether the person saw a creative.
    """
    gain = (revenue - revenue[0]).mean(axis=1) @ np.bincount(arm, minlength=len(ARMS))
    each = gain / steady_return(channel) / max(int(shown.sum()), 1)
    return np.where(shown, np.round(each * rng.uniform(0.9, 1.1, len(arm)), 2), 0.0)


def _outcomes(rng: np.random.Generator, segment: Ints, activity: Floats, reached: Flags) -> dict[str, Floats]:
    units = len(segment)
    worked = np.array([arm == WINNER for arm in ARMS])[:, None] & reached
    visits = rng.poisson(_VISITS * activity) + worked * rng.poisson(_VISITS * _VISITS_LIFT * activity)
    chance = np.minimum(_CONVERSION[segment] * activity**0.5, 0.6)
    # One uniform a person for all arms: the difference between arms is the effect and nothing else.
    converted = rng.random(units) < chance * (1 + worked * _LIFT[segment])
    basket = segments.BASKET[segment] * rng.lognormal(0, 0.7, units)
    basket = np.round(basket * np.where(rng.random(units) < _TAIL, 2 + rng.pareto(_TAIL_SHAPE, units), 1.0), 2)
    return {"visits": visits.astype(float), "converted": converted.astype(float), "revenue": converted * basket}


def table(drawn: Trial) -> pa.Table:
    """One row for each person; without exposure exposed_at is empty and cost is zero."""
    shown = drawn.reached & (drawn.arm > 0)
    return columns.table(
        {
            "unit_id": columns.ids("x", len(drawn.arm)),
            "arm": columns.pick(ARMS, drawn.arm),
            "assigned_at": columns.times(drawn.assigned),
            "exposed_at": columns.times(drawn.exposed, shown),
            "segment": columns.pick(segments.NAMES, drawn.segment),
            "visits": columns.number(drawn.seen("visits")),
            "converted": pa.array(drawn.seen("converted") > 0),
            "revenue": columns.money(drawn.seen("revenue")),
            "cost": columns.money(drawn.spend),
        }
    )


def truth(drawn: Trial, plan: Campaign) -> Iterator[PlantedEffect]:
    """Yield the effect of each creative on each metric: on everybody assigned, on the exposed, and by segment."""
    everybody = np.ones(len(drawn.arm), dtype=bool)
    for arm in range(1, len(ARMS)):
        for metric in METRICS:
            yield _effect(drawn, plan, arm, metric, None, "assigned", everybody)
            yield _effect(drawn, plan, arm, metric, None, "exposed", drawn.reached)
            for index, name in enumerate(segments.NAMES):
                yield _effect(drawn, plan, arm, metric, name, "assigned", drawn.segment == index)


def _effect(
    drawn: Trial, plan: Campaign, arm: int, metric: str, segment: str | None, estimand: str, who: Flags
) -> PlantedEffect:
    """Mean effect over all units in `who`, whatever their arm; total and units refer to those in this arm."""
    without, given = drawn.outcomes[metric][0, who], drawn.outcomes[metric][arm, who]
    effect = float((given - without).mean()) if who.any() else 0.0
    base = float(without.mean()) if who.any() else 0.0
    units = int((who & (drawn.arm == arm)).sum())
    start, end = window(plan)
    return PlantedEffect(
        design="experiment",
        campaign_id="creative_test",
        channel=plan.channel,
        unit=ARMS[arm],
        segment=segment,
        metric=metric,
        estimand=estimand,
        start=start,
        end=end,
        parameter=0.0 if ARMS[arm] != WINNER else _parameter(metric, estimand),
        effect=effect,
        relative=effect / base if base else 0.0,
        total=effect * units,
        units=units,
        spend=float(drawn.spend[who & (drawn.arm == arm)].sum()),
    )


def _parameter(metric: str, estimand: str) -> float | None:
    return _VISITS_LIFT if metric == "visits" and estimand == "exposed" else None
