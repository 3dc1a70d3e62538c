"""Which test next: the expected value of sample information of lift tests that could be run.

A test is worth what plans made with its result are expected to bring beyond the plan made without (Raiffa & Schlaifer
1961, "Applied statistical decision theory", preposterior analysis). Before it runs its result is not known, so every
result is gone through with the probability that the posterior gives it: the draws are reweighed by how well they
foretell the result, and the best plan under those weights is taken. What the draws say of a plan's outcome is first
regressed on what the test measures (Strong, Oakley & Brennan 2014, "Estimating multiparameter partial expected value
of perfect information from a probabilistic sensitivity analysis sample", Medical Decision Making 34; for samples
Strong et al. 2015, same journal, 35), so that chance among the draws does not pass for information.

The best plan is sought among those that are optimal somewhere: a finite set, so that each value is a lower bound.
"""

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

_FEWEST = 100
_KNOTS = (0.25, 0.5, 0.75)
_NODES = 7
"""Values of what a test measures at which the best plan is sought, evenly spread over the draws."""
_ORACLES = 48
_BINS = 200
"""Results that a test is taken to tell apart; fewer tell less, so that the value stays a lower bound."""
_CERTAIN = 1e-9
_PLACEBOS = 3


@dataclass(frozen=True)
class TestValues:
    """Candidate tests, the best first.

    table : channel, extra_spend (money a week), weeks, share (part of the market), cost (money), expected_lift,
        expected_se (outcome), value (money: expected value of the result), most (money: value of a test without error,
        which no test of this kind exceeds), chance (money: what this many draws make of a result that says nothing),
        net (value less cost), budget (money for the whole test), days_most, words.
    horizon : weeks that the plan is for. perfect : what knowing all curves exactly would be worth at least, in money:
        the best of a finite set of plans in each draw.
    """

    table: pd.DataFrame
    horizon: int
    perfect: float

    @property
    def best(self) -> pd.Series | None:
        """The test to run, or None where none is worth its cost, or only as much as a result that says nothing."""
        worth = self.table.loc[(self.table["net"] > 0) & (self.table["value"] > self.table["chance"])]
        return None if worth.empty else worth.iloc[0]

    def describe(self) -> str:
        """What to test next, in words."""
        known = f"Knowing every curve exactly would be worth at least {number(self.perfect)} over {self.horizon} weeks"
        if self.best is None:
            return f"No test is worth its cost. {known}. Nearest comes this: {self.table.iloc[0]['words']}."
        return f"Test next: {self.best['words']}. {known}."


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
) -> TestValues:
    """What each of `tests` is worth to the plan of `total` under `rules` for `horizon` weeks; `proposals` by default.

    curves : by week; `total` is money a week. retention : part of the adstock kept, (draws, channels).
    margin : money for each unit of outcome. The plan is judged by its expected outcome, whatever its objective.
    The same input gives the same table: nothing is drawn at random.

    Raises DataError for fewer than 100 draws, ParamsError for mode target, which has no outcome to raise.
    """
    wanted = (rules or Rules()).model_copy(update={"objective": "expected"})
    if wanted.mode == "target":
        raise ParamsError("budget: the worth of a test needs a mode other than target: there the outcome is given.")
    if curves.draws < _FEWEST:
        raise DataError(f"response has {curves.draws} draws; the worth of a test needs {_FEWEST} or more.")
    found = prospects(curves, retention, noise, tests)
    plans = [optimize(curves, total, wanted)]
    for each in found:
        plans += _plans(curves, total, wanted, each)
    plans += [optimize(curves.only(np.array([d])), total, wanted) for d in _spread(curves.draws, _ORACLES)]
    benefit = _benefit(curves, plans, wanted)
    scale = margin * horizon
    rows = [_row(each, benefit, scale, margin) for each in found]
    table = pd.DataFrame(rows).sort_values("net", ascending=False, kind="stable", ignore_index=True)
    return TestValues(table, horizon, scale * _gain(benefit))


def information(lift: Floats, error: float, benefit: Floats) -> tuple[float, float]:
    """Expected value of a result with standard error `error` on `lift` (draws,), and of `lift` without error.

    benefit : net benefit of each plan in each draw, (draws, plans). In units of benefit, both 0 or more.
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
    """What choosing in each case brings beyond the one plan that is best over all cases, (cases, plans)."""
    weights = np.full(len(benefit), 1 / len(benefit)) if chance is None else chance
    now = int(np.argmax(weights @ benefit))
    return float(weights @ (benefit.max(axis=1) - benefit[:, now]))


def _basis(lift: Floats) -> Floats:
    """A quadratic spline with knots at the quartiles, (draws, functions)."""
    inner = np.unique(np.quantile(lift, _KNOTS))
    low, high = float(lift.min()), float(lift.max())
    knots = np.r_[[low] * 3, inner[(inner > low) & (inner < high)], [high] * 3]
    return np.asarray(BSpline.design_matrix(np.clip(lift, low, high), knots, 2).toarray())


def _plans(curves: Curves, total: float | None, rules: Rules, each: ExpectedTest) -> list[SpendPlan]:
    """Best plans if the test's lift were known to be low, middling or high."""
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
    """Outcome of each plan in each draw, less the hurdle for the money in mode free, (draws, plans)."""
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
    words = (
        f"{test.channel} with {number(test.extra_spend)} a week more in {number(test.share, 'ratio')} of the market "
        f"for {test.weeks} weeks: worth {number(value)}, cost {number(cost)}"
    )
    return {
        "channel": test.channel, "extra_spend": test.extra_spend, "weeks": test.weeks, "share": test.share,
        "cost": cost, "expected_lift": float(each.lift.mean()), "expected_se": each.error,
        "value": value, "most": most, "chance": float(chance), "net": value - cost,
        "budget": each.spend + test.setup, "days_most": 7 * test.weeks, "words": words,
    }  # fmt: skip


def _spread(size: int, count: int) -> np.ndarray:
    """About `count` of `size` indices, evenly spread, without the ends."""
    return np.unique(((np.arange(count) + 0.5) / count * size).astype(int))
