"""Expected value of sample information of candidate lift tests."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.interpolate import BSpline
from scipy.special import ndtr

from reachbook.arrays import Floats
from reachbook.budget.advice.lift_test_design import ExpectedTest, Noise, prospects
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.optimizer import optimize
from reachbook.budget.optimize.plan import SpendPlan
from reachbook.budget.optimize.rules import Rules
from reachbook.budget.spec import FieldTest
from reachbook.errors import DataError, ParamsError
from reachbook.presentation.numbers import number
from reachbook.translation import sentences, tr

_FEWEST = 100
_KNOTS = (0.25, 0.5, 0.75)
_NODES = 7
"""Quantiles of the tested quantity at which the optimal plan is computed."""
_ORACLES = 48
_BINS = 200
"""Bins of a test's result; fewer distinguish less, so that the value stays a lower bound."""
_CERTAIN = 1e-9
_PLACEBOS = 3


@dataclass(frozen=True)
class ValueOfInformation:
    """Candidate tests, the best first.

    Attributes
    ----------
    table : DataFrame
        One row a test: channel, extra_spend (money a week), weeks, share (part of the market), cost (money),
        expected_lift and expected_se (outcome), value (money: expected value of the result), most (money: value of a
        test without error, an upper bound for this kind of test), chance (money: value that this many draws give to an
        uninformative result), net (value minus cost), budget (money for the whole test), days_most, words.
    horizon : int
        Weeks for which the plan is made.
    perfect : float
        Lower bound on the value of perfect information, in money: the best of a finite set of plans in each draw.
    """

    table: pd.DataFrame
    horizon: int
    perfect: float

    @property
    def best(self) -> pd.Series | None:
        """Recommended test, or None if none is worth its cost and more than an uninformative result."""
        worth = self.table.loc[(self.table["net"] > 0) & (self.table["value"] > self.table["chance"])]
        return None if worth.empty else worth.iloc[0]

    def describe(self) -> str:
        """Recommendation as text."""
        known = tr(
            "Knowing every curve exactly would be worth at least {value} over {weeks} weeks.",
            value=number(self.perfect),
            weeks=self.horizon,
        )
        if self.best is None:
            nearest = tr("Nearest comes this: {test}.", test=self.table.iloc[0]["words"])
            return sentences(tr("No test is worth its cost."), known, nearest)
        return sentences(tr("Test next: {test}.", test=self.best["words"]), known)


def candidates(
    curves: Curves,
    total: float | None,
    rules: Rules | None = None,
    *,
    retention: Floats,
    noise: Noise,
    tests: Sequence[FieldTest] | None = None,
    horizon: int = 52,
    margin: float = 1.0,
) -> ValueOfInformation:
    """Expected net value of each candidate test; deterministic, as nothing is drawn at random.

    The plan is judged by its expected outcome, whatever its objective.

    Parameters
    ----------
    curves : Curves
        Response curves by week.
    total : float or None
        Money a week.
    rules : Rules, optional
        Objective and constraints of the plan.
    retention : float array (draws, channels)
        Share of the adstock that carries over from week to week.
    noise : Noise
        Noise of the weekly outcome.
    tests : sequence of FieldTest, optional
        Candidates; `proposals` by default.
    horizon : int
        Weeks for which the plan would use the result.
    margin : float
        Money per unit of outcome.

    Returns
    -------
    ValueOfInformation
        Values of the candidates.

    Raises
    ------
    DataError
        If there are fewer than 100 draws.
    ParamsError
        In mode target, where the outcome is given.

    Notes
    -----
    A test is worth what plans made with its result are expected to gain over the plan made without it (preposterior
    analysis). Every result is considered with its posterior predictive probability: draws are reweighted by the
    likelihood of the result, and the best plan under those weights is taken. The draws of each plan's outcome are first
    regressed on what the test measures, so that Monte Carlo noise does not count as information. The best plan is
    sought in a finite set of plans that are optimal somewhere, so each value is a lower bound.

    References
    ----------
    Raiffa & Schlaifer (1961), "Applied statistical decision theory". Strong, Oakley & Brennan (2014), "Estimating
    multiparameter partial expected value of perfect information from a probabilistic sensitivity analysis sample",
    Medical Decision Making 34; for samples Strong et al. (2015), same journal, 35.
    """
    wanted = (rules or Rules()).model_copy(update={"objective": "expected"})
    if wanted.mode == "target":
        raise ParamsError(
            "budget: " + tr("the worth of a test needs a mode other than target: there the outcome is given.")
        )
    if curves.draws < _FEWEST:
        raise DataError(
            "response: "
            + tr("has {n} draws; the worth of a test needs {least} or more.", n=curves.draws, least=_FEWEST)
        )
    found = prospects(curves, retention, noise, tests)
    plans = [optimize(curves, total, wanted)]
    for each in found:
        plans += _plans(curves, total, wanted, each)
    plans += [optimize(curves.only(np.array([d])), total, wanted) for d in _spread(curves.draws, _ORACLES)]
    benefit = _benefit(curves, plans, wanted)
    scale = margin * horizon
    rows = [_row(each, benefit, scale, margin) for each in found]
    table = pd.DataFrame(rows).sort_values("net", ascending=False, kind="stable", ignore_index=True)
    return ValueOfInformation(table, horizon, scale * _gain(benefit))


def information(lift: Floats, error: float, benefit: Floats) -> tuple[float, float]:
    """Expected value of sample information, and of perfect information, on one quantity.

    Parameters
    ----------
    lift : float array (draws,)
        Quantity that is measured.
    error : float
        Standard error of the measurement, in the unit of `lift`.
    benefit : float array (draws, plans)
        Net benefit of each plan.

    Returns
    -------
    tuple of (float, float)
        Value of the result and value of knowing `lift` exactly, in units of benefit, 0 or more.
    """
    if np.ptp(lift) <= _CERTAIN * max(float(np.abs(lift).max()), error):
        return 0.0, 0.0
    spanned = np.linalg.qr(_basis(lift))[0]
    fitted = spanned @ (spanned.T @ benefit)
    edges = np.linspace(lift.min() - 5 * error, lift.max() + 5 * error, _BINS + 1)
    chance = np.diff(ndtr((edges - lift[:, None]) / error), axis=1)
    chance /= chance.sum(axis=1, keepdims=True)
    likely = chance.sum(axis=0)
    seen = chance[:, likely > 0].T @ fitted / likely[likely > 0, None]
    return _gain(seen, likely[likely > 0] / len(lift)), _gain(fitted)


def _gain(benefit: Floats, chance: Floats | None = None) -> float:
    """Expected gain of choosing a plan case by case over the single best plan; `benefit` (cases, plans)."""
    weights = np.full(len(benefit), 1 / len(benefit)) if chance is None else chance
    now = int(np.argmax(weights @ benefit))
    return float(weights @ (benefit.max(axis=1) - benefit[:, now]))


def _basis(lift: Floats) -> Floats:
    """Quadratic spline basis with knots at the quartiles, float array (draws, functions)."""
    inner = np.unique(np.quantile(lift, _KNOTS))
    low, high = float(lift.min()), float(lift.max())
    knots = np.r_[[low] * 3, inner[(inner > low) & (inner < high)], [high] * 3]
    return np.asarray(BSpline.design_matrix(np.clip(lift, low, high), knots, 2).toarray())


def _plans(curves: Curves, total: float | None, rules: Rules, each: ExpectedTest) -> list[SpendPlan]:
    """Optimal plans given each of several quantiles of the test's lift."""
    lift = each.lift
    if np.ptp(lift) <= _CERTAIN * max(float(np.abs(lift).max()), each.error):
        return []
    known = _basis(lift)
    at = np.argsort(lift, kind="stable")[_spread(len(lift), _NODES)]
    weights = known[at] @ np.linalg.pinv(known)
    rows = np.einsum("nd,dcp->ncp", weights, curves.response)
    made = [replace(curves, response=row[None]) for row in rows]
    return [optimize(each, total, rules) for each in made]


def _benefit(curves: Curves, plans: Sequence[SpendPlan], rules: Rules) -> Floats:
    """Net benefit of each distinct plan, (draws, plans): outcome, minus the hurdle for money paid in mode free."""
    hurdle = rules.charged
    unique = {plan.spend.tobytes(): plan for plan in plans}
    made = [curves.outcome(plan.spend).sum(axis=1) - hurdle * plan.paid.sum() for plan in unique.values()]
    return np.stack(made, axis=1)


def _row(each: ExpectedTest, benefit: Floats, scale: float, margin: float) -> dict[str, object]:
    test = each.test
    value, most = (scale * found for found in information(each.lift, each.error, benefit))
    shifts = np.arange(1, _PLACEBOS + 1) * len(each.lift) // (_PLACEBOS + 1)
    chance = scale * np.mean([information(np.roll(each.lift, by), each.error, benefit)[0] for by in shifts])
    cost = each.cost(margin)
    words = tr(
        "{channel} with {extra} a week more in {share} of the market for {weeks} weeks: worth {value}, cost {cost}",
        channel=test.channel,
        extra=number(test.extra_spend),
        share=number(test.share, "ratio"),
        weeks=test.weeks,
        value=number(value),
        cost=number(cost),
    )
    return {
        "channel": test.channel, "extra_spend": test.extra_spend, "weeks": test.weeks, "share": test.share,
        "cost": cost, "expected_lift": float(each.lift.mean()), "expected_se": each.error,
        "value": value, "most": most, "chance": float(chance), "net": value - cost,
        "budget": each.spend + test.setup, "days_most": 7 * test.weeks, "words": words,
    }  # fmt: skip


def _spread(size: int, count: int) -> np.ndarray:
    """About `count` indices, evenly spaced inside 0 to `size`, without the ends."""
    return np.unique(((np.arange(count) + 0.5) / count * size).astype(int))
