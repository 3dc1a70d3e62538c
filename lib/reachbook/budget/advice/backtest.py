"""Backtest at earlier weeks: forecasts against outcomes, and plans made then against today's curves."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reachbook.budget.advice.gain import Gain, corrected, evaluate
from reachbook.budget.advice.observed_curves import planning
from reachbook.budget.model import mix
from reachbook.budget.model.history import LEAST
from reachbook.budget.model.mix import Mix
from reachbook.budget.model.spec import MixSpec
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.plan import Infeasible
from reachbook.budget.optimize.rules import Rules
from reachbook.errors import DataError
from reachbook.presentation.numbers import number
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import sentences, tr


@dataclass(frozen=True)
class Backtest:
    """Results of a backtest.

    Attributes
    ----------
    frame : DataFrame
        One row an origin, the latest first: origin (first held-out week), weeks; actual, forecast, low, high (outcome
        of those weeks together; the interval sums weekly intervals as if errors were perfectly correlated, so it is too
        wide rather than too narrow); inside (share of weeks inside their own interval); error, naive (mean absolute
        error by week, as ratios of the outcome); passed (whether the gates allowed a plan then); promised,
        promised_low, promised_high (gain a week of the plan over the spend of that time, judged by draws that did not
        choose it); hindsight, hindsight_low, hindsight_high, probability (the same gain by the curves of all weeks, and
        the probability that it is positive); moved (money a week that changes its channel). Values are missing where
        the rules allowed no plan.
    level : float
        Probability of the intervals.
    """

    frame: pd.DataFrame
    level: float

    @property
    def inside(self) -> float:
        """Share of all forecast weeks inside their interval."""
        return float(np.average(self.frame["inside"], weights=self.frame["weeks"]))

    @property
    def realised_ratio(self) -> float:
        """Hindsight gain as a ratio of the promised gain; NaN if nothing was promised."""
        made = self.frame.dropna(subset=["promised"])
        promised = float(made["promised"].sum())
        return float(made["hindsight"].sum()) / promised if promised > 0 else float("nan")

    def describe(self) -> str:
        """What history says about forecasts and plans, and what it cannot say."""
        rows, plans = self.frame, self.frame.dropna(subset=["promised"])
        held = int(((rows["actual"] >= rows["low"]) & (rows["actual"] <= rows["high"])).sum())
        past = tr(
            "At {n} earlier weeks the model was fitted to the past alone. Of the {weeks} weeks that followed, "
            "{inside} lay inside their {level} interval; forecasts were off by {error} a week, naive ones by "
            "{naive}, and {held} of {n} totals lay inside their range.",
            n=len(rows), weeks=rows["weeks"].iloc[0], inside=number(self.inside, "ratio"),
            level=number(self.level, "ratio"), error=number(float(rows["error"].mean()), "ratio"),
            naive=number(float(rows["naive"].mean()), "ratio"), held=held,
        )  # fmt: skip
        made = "" if not len(plans) else tr(
            "The plans made then promised {promised} of outcome a week on the average; curves that know all weeks "
            "since give them {hindsight}.",
            promised=number(float(plans["promised"].mean())), hindsight=number(float(plans["hindsight"].mean())),
        )  # fmt: skip
        limit = tr(
            "Nobody spent by these plans, and the judge shares its assumptions with the planner: history can show "
            "that a promise did not last, not that it was kept."
        )
        return sentences(past, made, limit)


def rolling(
    media: pd.DataFrame,
    outcome: pd.DataFrame,
    found: Mix,
    spec: MixSpec,
    rules: Rules | None = None,
    *,
    seed: int = 0,
    lift_tests: pd.DataFrame | None = None,
    sentiment: pd.DataFrame | None = None,
    origins: int = 3,
) -> Backtest:
    """Refit at up to `origins` earlier weeks, spaced by the holdout of `found`.

    Parameters
    ----------
    media, outcome, lift_tests, sentiment : DataFrame
        As for `mix.fit`; lift tests count once they have ended.
    found : Mix
        Fit to all weeks.
    spec : MixSpec
        Parameters of the model.
    rules : Rules, optional
        Rules of each plan, for the weekly spend of that time.
    seed : int
        Seed of the fits.
    origins : int
        Number of origins; fewer if history is short.

    Returns
    -------
    Backtest
        Results by origin.

    Raises
    ------
    DataError
        If history is too short for a single origin.

    Notes
    -----
    Two things can be learned from history: how the spend that followed performed against the forecast (rolling origin),
    and whether a plan made then still looks good to a model that has seen all weeks since. What the plan would have
    brought cannot be learned, as nobody spent by it; only a simulator or a field test shows that.

    References
    ----------
    Tashman (2000), "Out-of-sample tests of forecasting accuracy".
    """
    each, step = 7 // found.step, len(found.holdout.actual)
    weeks, apart = len(found.weeks) // each, step // each
    most = (weeks - LEAST) // apart
    if most < 1:
        raise DataError(
            tr(
                "outcome: {weeks} weeks are too few to look back; bring {least} or more.",
                weeks=weeks,
                least=LEAST + apart,
            )
        )
    fits = [found]
    for back in range(1, min(origins, most) + 1):
        cut = found.weeks[-back * step]
        known = None if lift_tests is None else lift_tests.loc[pd.to_datetime(lift_tests["end"]) < cut]
        early = _before(media, cut)
        fits.append(mix.fit(early, _before(outcome, cut), _known(spec, media, early), seed, known, sentiment))
    judge = planning(found)
    rows = [
        _forecast(fits[back - 1], each) | _plan(fits[back], judge, rules, found.level) for back in range(1, len(fits))
    ]
    return Backtest(pd.DataFrame(rows), found.level)


def _before(table: pd.DataFrame, cut: pd.Timestamp) -> pd.DataFrame:
    return table.loc[pd.to_datetime(table["week"]) < cut]


def _known(spec: MixSpec, media: pd.DataFrame, early: pd.DataFrame) -> MixSpec:
    """Spec without left-out channels that did not exist yet."""
    later = set(media["channel"]) - set(early["channel"])
    return spec.model_copy(update={"leave_out": [name for name in spec.leave_out if name not in later]})


def _forecast(fitted: Mix, each: int) -> dict[str, Any]:
    """Holdout forecast of a fit against its actual outcome; a week has `each` periods."""
    ahead = fitted.holdout
    origin = fitted.weeks[-len(ahead.actual)]
    return {
        "origin": origin, "weeks": len(ahead.actual) // each, "actual": float(ahead.actual.sum()),
        "forecast": float(ahead.middle.sum()), "low": float(ahead.low.sum()), "high": float(ahead.high.sum()),
        "inside": ahead.inside, "error": ahead.error, "naive": ahead.naive,
    }  # fmt: skip


def _plan(then: Mix, judge: Curves, rules: Rules | None, level: float) -> dict[str, Any]:
    """Promised gain of the plan made then, and its gain by the curves of `judge`."""
    told = _evaluated(planning(then), rules)
    if told is None:
        return {"passed": then.passed, "promised": np.nan, "hindsight": np.nan}
    order = [then.channels.index(name) for name in judge.channels if name in then.channels]
    here = [judge.channels.index(then.channels[c]) for c in order]
    spend, now = np.zeros((2, len(judge.channels)))
    spend[here], now[here] = told.plan.spend[order], then.current[order]
    after = (judge.outcome(spend) - judge.outcome(now)).sum(axis=1)
    first = corrected(told.gain)
    promised, hindsight = equal_tailed(first, level), equal_tailed(after, level)
    return {
        "passed": then.passed, "promised": float(first.mean()), "promised_low": promised.low,
        "promised_high": promised.high, "hindsight": float(after.mean()), "hindsight_low": hindsight.low,
        "hindsight_high": hindsight.high, "probability": float((after > 0).mean()),
        "moved": float(np.abs(told.plan.spend - then.current).sum() / 2),
    }  # fmt: skip


def _evaluated(then: Curves, rules: Rules | None) -> Gain | None:
    """Plan for the weekly spend of that time, or None if the rules are infeasible."""
    assert then.current is not None
    try:
        return evaluate(then, float(then.current.sum()), rules, oracles=2)
    except Infeasible:
        return None
