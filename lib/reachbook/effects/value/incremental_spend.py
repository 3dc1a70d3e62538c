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
    from collections.abc import Sequence

    from reachbook.effects.counterfactual.panel_data import PanelData
    from reachbook.effects.effect import Effect
    from reachbook.effects.experiment.units import Units
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
    if effect.design == "experiment":
        arms = effect.detail.arms
        told = _of_arms([arm.name for arm in arms], [arm.units for arm in arms], [arm.spend for arm in arms])
        return _stated(told, spec)
    bands = effect.detail.bands
    here = bands[bands["campaign"] & (bands["unit"] != "all")].groupby("unit")["date"]
    told = _of_cells(effect.detail.spend, effect.detail.spend_usual, here.min(), here.size(), spec, frame)
    return _stated(told, spec)


def of_units(units: Units, spec: EffectSpec) -> IncrementalSpend:
    """What `spending` will say of an experiment's units, before anything is estimated."""
    costs = [None] * len(units.arms) if units.spend is None else units.spend
    return _stated(_of_arms(units.arms, units.sizes.tolist(), costs), spec)


def of_panel(panel: PanelData, spec: EffectSpec, frame: pd.DataFrame) -> IncrementalSpend:
    """What `spending` will say of an observed panel or series, before anything is estimated."""
    treated = pd.Index(panel.units[: panel.treated], name="unit")
    starts = pd.Series([panel.dates[rows[0]] for rows in panel.during], index=treated)
    cells = pd.Series([len(rows) for rows in panel.during], index=treated)
    extra, usual = (panel.spend.extra, panel.spend.usual) if panel.spend else (None, None)
    return _stated(_of_cells(extra, usual, starts, cells, spec, frame), spec)


def _stated(told: IncrementalSpend, spec: EffectSpec) -> IncrementalSpend:
    """The table's spend, or the one that the parameter states."""
    if spec.spend is None:
        return told
    same = told.actual is not None and told.usual is not None and (told.actual - told.usual) * spec.spend > 0
    return IncrementalSpend(spec.spend, told.actual if same else None, told.usual if same else None)


def _of_arms(names: Sequence[str], units: Sequence[int], costs: Sequence[float | None]) -> IncrementalSpend:
    """Incremental spend by the costs of an experiment's arms, in money, the control first; None where unknown."""
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs):
        return IncrementalSpend()
    each = known[0] / units[0]
    rows = zip(names[1:], units[1:], known[1:], strict=True)
    arms = {name: IncrementalSpend(cost - each * n, cost, each * n) for name, n, cost in rows}
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


def _of_cells(
    extra: float | None, usual: float | None, starts: pd.Series, cells: pd.Series, spec: EffectSpec, frame: pd.DataFrame
) -> IncrementalSpend:
    """Incremental spend of a panel or series; `starts` and `cells` by treated unit."""
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
    problem = _unsteady(starts, cells, spec, frame, values, extra, usual)
    return IncrementalSpend(None if problem else extra, actual, usual, problem)


def _unsteady(
    starts: pd.Series,
    cells: pd.Series,
    spec: EffectSpec,
    frame: pd.DataFrame,
    values: pd.Series,
    extra: float,
    usual: float,
) -> str:
    """Reason why the usual spend is ambiguous: its recent level differs from the earlier one; "" if steady."""
    table = tidy((frame if "unit" in frame else frame.assign(unit="series")).assign(_spent=values), spec)
    past = table[table["date"] < pd.to_datetime(table["unit"].map(starts))].sort_values("date")
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
