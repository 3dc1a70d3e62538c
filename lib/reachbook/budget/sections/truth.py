"""Comparison of the report with the truth of a simulated brand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reachbook.budget.advice.gain_unit import GainUnit
from reachbook.budget.advice.weekly_plan import Ahead, peaks
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.optimizer import optimize
from reachbook.budget.wording import ended, name
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Section, Table
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import mark, sentences, tr

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from reachbook.arrays import Floats
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.advice.weekly_plan import WeeklyPlan
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.spec import BudgetSpec

UNKNOWN = mark(
    "The truth is not known: these are real data. The held-out weeks and tests in the field stand in for it."
)
_WHAT = (
    mark("promised by the draws that chose the plan, a week"),
    mark("promised on top of the page, a week"),
    mark("brought under the planted curves, a week"),
    mark("best plan for whoever knew the curves, a week"),
    mark("promised by week, whole horizon"),
    mark("brought by week under the planted curves, whole horizon"),
    mark("ROI, all weeks"),
    mark("mROI, now"),
)
"""Words of the tables, which the page translates."""
_COLUMNS = ("retention", "half", "slope", "scale")


def true_parameters(mix: Mix, truth: pd.DataFrame | None) -> pd.DataFrame:
    """True roi over the mix's weeks, mroi at current spend, and curve parameters; without rows for real data.

    Parameters
    ----------
    mix : Mix
        Fitted model.
    truth : DataFrame or None
        The simulator's table `truth_response`.
    """
    columns = ["channel", "roi", "mroi", *_COLUMNS]
    if truth is None:
        return pd.DataFrame(columns=columns)
    here = truth[pd.to_datetime(truth["week"]).between(mix.weeks[0], mix.weeks[-1])]
    sums = here.groupby("channel")[["contribution", "spend"]].sum()
    rows = here.groupby("channel")[list(_COLUMNS)].first().reindex(list(mix.channels)).dropna()
    now = dict(zip(mix.channels, mix.current.tolist(), strict=True))
    rows["roi"] = sums["contribution"] / sums["spend"]
    rows = rows.reset_index(names="channel")
    rows["mroi"] = [_slope(row, now[row["channel"]]) for row in rows.to_dict("records")]
    return rows[columns]


def true_curves(on: Curves, known: pd.DataFrame) -> Curves | None:
    """True curves on the grid of `on`, as one draw; None if a channel's curve is unknown."""
    rows = {str(row["channel"]): row for row in known.to_dict("records")}
    if not set(on.channels) <= set(rows):
        return None
    made = [_outcome(rows[c], on.grid[i]) for i, c in enumerate(on.channels)]
    return Curves(np.stack(made)[None], on.grid, on.channels, on.current, on.observed)


def _outcome(row: Mapping[Hashable, Any], spend: Floats) -> Floats:
    power = spend ** row["slope"]
    return np.asarray(row["scale"] * power / (row["half"] ** row["slope"] + power))


def _slope(row: Mapping[Hashable, Any], spend: float) -> float:
    """Derivative of `_outcome`."""
    half, power = row["half"] ** row["slope"], spend ** row["slope"]
    return float(row["scale"] * row["slope"] * half * spend ** (row["slope"] - 1) / (half + power) ** 2)


def section(
    mix: Mix,
    advice: SteadyPlan | None,
    timing: WeeklyPlan | None,
    known: pd.DataFrame,
    spec: BudgetSpec,
    currency: str,
    names: Mapping[str, str],
) -> Section:
    """Section on true returns and on the plan's gain under the true curves."""
    if known.empty:
        return Section(tr(UNKNOWN))
    returns = _returns(mix, known, spec, names)
    note = tr(
        "{inside} of {n} planted returns lie inside their {level} interval.",
        inside=int(returns["inside"].sum()), n=len(returns), level=number(mix.level, "ratio"),
    )  # fmt: skip
    sheets = [Table("truth_returns", returns, worded=("return",))]
    true = None if advice is None else true_curves(advice.curves, known)
    if advice is not None and true is not None:
        money = _realised(mix, advice, timing, true, known, spec)
        scale = advice.scale
        caption = ended(tr("{gain} over today's", gain=scale.gain_noun))
        sheets.insert(0, Table("truth_plan", money, caption, {"gain": scale.unit}, worded=("what",)))
        note = sentences(_plan_sentence(money, advice), note)
    return Section(note, tables=tuple(sheets))


def _returns(mix: Mix, known: pd.DataFrame, spec: BudgetSpec, names: Mapping[str, str]) -> pd.DataFrame:
    made = []
    for row in known.to_dict("records"):
        c = mix.channels.index(row["channel"])
        for kind, draws in (("roi", mix.roi), ("mroi", mix.mroi)):
            low, middle, high = equal_tailed(draws[:, c] * GainUnit.of(spec).price, mix.level)
            true = row[kind] * GainUnit.of(spec).price
            what = "ROI, all weeks" if kind == "roi" else "mROI, now"
            made.append((name(row["channel"], names), what, true, low, middle, high, bool(low <= true <= high)))
    return pd.DataFrame(made, columns=["name", "return", "planted", "low", "middle", "high", "inside"])


def _realised(
    mix: Mix, advice: SteadyPlan, timing: WeeklyPlan | None, true: Curves, known: pd.DataFrame, spec: BudgetSpec
) -> pd.DataFrame:
    """Promised, realised and largest possible gain of the plan."""
    now = float(true.outcome(advice.now).sum())
    rows = [
        ("promised by the draws that chose the plan, a week", float(np.median(advice.naive))),
        ("promised on top of the page, a week", float(np.median(advice.net))),
        (
            "brought under the planted curves, a week",
            _net(advice, true, now, advice.plan.spend, float(advice.plan.paid.sum())),
        ),
    ]
    if advice.rules.mode != "target":
        known_rules = advice.rules.model_copy(update={"objective": "expected"})
        best = optimize(true, advice.total, known_rules)
        rows.append(
            (
                "best plan for whoever knew the curves, a week",
                _net(advice, true, now, best.spend, float(best.paid.sum())),
            )
        )
    if timing is not None:
        kept = known.set_index("channel").loc[list(true.channels), "retention"].to_numpy(float)
        weights = peaks(spec, timing.flight.weeks)  # what is assumed of the weeks is no part of the truth
        ahead = Ahead(timing.past, advice.plan.spend, weights, spec.tail_weeks)
        today = np.repeat(advice.now[:, None], len(weights), axis=1)
        rise = [float(ahead.outcome(true, kept[None], spend)[0]) for spend in (timing.flight.spend, today)]
        paid = float(timing.flight.spend.sum() - today.sum())
        gained = float(advice.after(np.array(rise[0] - rise[1]), paid))
        rows += [
            ("promised by week, whole horizon", float(np.median(timing.net))),
            ("brought by week under the planted curves, whole horizon", gained),
        ]
    return pd.DataFrame(rows, columns=["what", "gain"])


def _net(advice: SteadyPlan, true: Curves, now: float, spend: Floats, money: float) -> float:
    return float(advice.after(np.array(float(true.outcome(spend).sum()) - now), money - advice.paid_now))


def _plan_sentence(money: pd.DataFrame, advice: SteadyPlan) -> str:
    gain = money.set_index("what")["gain"]
    promised, brought = float(gain.iloc[1]), float(gain.iloc[2])
    told = {"brought": advice.scale.amount(brought), "promised": advice.scale.amount(promised)}
    if advice.rules.mode == "target":
        return tr("Under the planted curves the plan brings {brought} a week; promised were {promised}.", **told)
    return tr(
        "Under the planted curves the plan brings {brought} a week; promised were {promised}, and whoever knew the "
        "curves would get {best}.",
        best=advice.scale.amount(float(gain.iloc[3])), **told,
    )  # fmt: skip
