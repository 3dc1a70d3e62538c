"""Incremental spend of a campaign over the counterfactual spend; negative where ads were switched off."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from reachbook.effects.counterfactual.long_table import tidy
from reachbook.effects.counterfactual.outlay import spend_of
from reachbook.presentation.numbers import number
from reachbook.translation import tr

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec

    Way = Literal["on", "off", "less", "more"]

_OFF = 0.01
"""Share of the usual spend up to which ads count as switched off, and below which a usual spend counts as none."""
_RECENT = 28
"""Fewest periods before the campaign, or its length, with which the usual spend is compared."""
_STEADY = 0.2
"""Change of the incremental spend, a ratio, that another definition of the usual spend may cause."""


@dataclass(frozen=True)
class IncrementalSpend:
    """Spend of the treated cells.

    Attributes
    ----------
    net : float or None
        Spend minus counterfactual spend, in money, negative if it was saved; None if unknown.
    actual, usual : float or None
        Actual and counterfactual spend; None unless a table states both.
    problem : str
        Reason why the table's spend cannot be used, or "".
    arms : dict of str to IncrementalSpend
        Spend of each treated arm of an experiment whose table states costs.
    """

    net: float | None = None
    actual: float | None = None
    usual: float | None = None
    problem: str = ""
    arms: dict[str, IncrementalSpend] = field(default_factory=dict)

    @property
    def way(self) -> Way:
        """Kind of change: "on" for a campaign, "off" for ads switched off, "less" or "more" for changed spend."""
        top = self.net if self.net is not None else (self.actual or 0.0) - (self.usual or 0.0)
        if top < 0:
            return "off" if self.usual and (self.actual or 0.0) <= _OFF * self.usual else "less"
        return "more" if self.usual and self.actual and self.usual > _OFF * self.actual else "on"


def spending(effect: Effect, spec: EffectSpec, frame: pd.DataFrame) -> IncrementalSpend:
    """Incremental spend by the parameter `spend`, else by the table (`cost` of an experiment, `spend` elsewhere).

    The counterfactual is the control arm's cost per unit, or each treated unit's earlier mean scaled by the change of
    the untreated units' spend (see `outlay`).
    """
    told = _of_arms(effect) if effect.design == "experiment" else _of_cells(effect, spec, frame)
    if spec.spend is None:
        return told
    same = told.actual is not None and told.usual is not None and (told.actual - told.usual) * spec.spend > 0
    return IncrementalSpend(spec.spend, told.actual if same else None, told.usual if same else None)


def _of_arms(effect: Effect) -> IncrementalSpend:
    control, *treated = effect.detail.arms
    if control.spend is None or any(arm.spend is None for arm in treated):
        return IncrementalSpend()
    each = control.spend / control.units
    arms = {arm.name: IncrementalSpend(arm.spend - each * arm.units, arm.spend, each * arm.units) for arm in treated}
    actual, usual = (sum(getattr(one, name) for one in arms.values()) for name in ("actual", "usual"))
    if not actual and not usual:
        return IncrementalSpend(problem=_nothing("cost"))
    return IncrementalSpend(actual - usual, actual, usual, arms=arms)


def _nothing(column: str) -> str:
    return tr(
        "The table's spend is 0 throughout (column {column}), so that what was spent is not known. Correct it, or "
        "write `spend: 0` if the campaign did cost nothing.",
        column=column,
    )


def _of_cells(effect: Effect, spec: EffectSpec, frame: pd.DataFrame) -> IncrementalSpend:
    """Incremental spend of a panel or series, from its detail."""
    extra, usual = effect.detail.spend, effect.detail.spend_usual
    values = spend_of(frame)
    if values is None:
        return IncrementalSpend()
    if extra is None:
        return IncrementalSpend(
            problem=tr(
                "The table's spend is missing in some of the periods of the campaign. Fill it in, or write what came "
                "on top of the usual into spend."
            )
        )
    if usual is None:
        return IncrementalSpend(
            problem=tr(
                "The table's spend is missing before the campaign, so that what came on top is not known. Write 0 "
                "where nothing was spent, or what came on top into spend."
            )
        )
    actual = extra + usual
    if not actual and not usual:
        return IncrementalSpend(problem=_nothing("spend" if "spend" in frame else "cost"))
    problem = _unsteady(effect, spec, frame, values, extra, usual)
    return IncrementalSpend(None if problem else extra, actual, usual, problem)


def _unsteady(
    effect: Effect, spec: EffectSpec, frame: pd.DataFrame, values: pd.Series, extra: float, usual: float
) -> str:
    """Reason why the usual spend is ambiguous: its recent level differs from the earlier one; "" if steady."""
    table = tidy((frame if "unit" in frame else frame.assign(unit="series")).assign(_spent=values), spec)
    bands = effect.detail.bands
    here = bands[bands["campaign"] & (bands["unit"] != "all")]
    start, cells = here.groupby("unit")["date"].min(), here.groupby("unit").size()
    past = table[table["date"] < pd.to_datetime(table["unit"].map(start))].sort_values("date")
    reach = max(_RECENT, int(cells.max()))
    whole = past.groupby("unit")["_spent"].mean()
    last = past.groupby("unit").tail(reach).groupby("unit")["_spent"].mean()
    recent, always = (float((each.reindex(cells.index) * cells).sum()) for each in (last, whole))
    lately = usual * recent / always if always else usual
    if abs(lately - usual) <= _STEADY * max(abs(extra), _OFF * (extra + usual)):
        return ""
    return tr(
        "What would have been spent is not steady: {usual} going by all periods before, {lately} going by the last "
        "{reach}. Write what came on top of the usual (negative: what was saved) into spend.",
        usual=number(usual, "count"),
        lately=number(lately, "count"),
        reach=reach,
    )
