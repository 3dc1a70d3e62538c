"""What a campaign spent on top of what would have been spent without it; negative where ads were switched off."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from reachbook.effects.observed import tidy

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec

    Way = Literal["on", "off", "less", "more"]

_OFF = 0.01
"""Share of the usual spend up to which ads count as switched off, and below which a usual spend counts as none."""
_RECENT = 28
"""Periods before the campaign, at least (or the campaign's length), that the usual spend is held against."""
_STEADY = 0.2
"""Share of the spend that other ways to tell the usual one may move it by before the page says so."""


@dataclass(frozen=True)
class Spending:
    """Money of the treated cells.

    net : spent less what would have been spent without the campaign, negative where money was saved; None where nobody
        says it
    actual, usual : what was spent and what would have been, None unless a table says both
    problem : why the table's spend cannot be used; "" where it can
    arms : the same of each treated arm of an experiment whose table says what units cost
    """

    net: float | None = None
    actual: float | None = None
    usual: float | None = None
    problem: str = ""
    arms: dict[str, Spending] = field(default_factory=dict)

    @property
    def way(self) -> Way:
        """What was done with the money: a campaign came on top, ads were off, less was spent, or more than usual."""
        top = self.net if self.net is not None else (self.actual or 0.0) - (self.usual or 0.0)
        if top < 0:
            return "off" if self.usual and (self.actual or 0.0) <= _OFF * self.usual else "less"
        return "more" if self.usual and self.actual and self.usual > _OFF * self.actual else "on"


def spending(effect: Effect, spec: EffectSpec, frame: pd.DataFrame) -> Spending:
    """What the parameter `spend` says, else what the table's column does (cost of an experiment, spend elsewhere).

    What would have been spent is what the control arm's units cost, or what each treated unit spent a period before.
    """
    told = _of_arms(effect) if effect.design == "experiment" else _of_cells(effect, spec, frame)
    if spec.spend is None:
        return told
    same = told.net is not None and told.net * spec.spend > 0
    return Spending(spec.spend, told.actual if same else None, told.usual if same else None)


def _of_arms(effect: Effect) -> Spending:
    control, *treated = effect.detail.arms
    if control.spend is None or any(arm.spend is None for arm in treated):
        return Spending()
    each = control.spend / control.units
    arms = {arm.name: Spending(arm.spend - each * arm.units, arm.spend, each * arm.units) for arm in treated}
    actual, usual = (sum(getattr(one, name) for one in arms.values()) for name in ("actual", "usual"))
    if not actual and not usual:
        return Spending(problem=_nothing("cost"))
    return Spending(actual - usual, actual, usual, arms=arms)


def _nothing(column: str) -> str:
    return (
        f"The table's spend is 0 throughout (column {column}), so that what was spent is not known. Correct it, or "
        "write `spend: 0` if the campaign did cost nothing."
    )


def _of_cells(effect: Effect, spec: EffectSpec, frame: pd.DataFrame) -> Spending:
    if "spend" not in frame:
        return Spending()
    table = tidy(frame if "unit" in frame else frame.assign(unit="series"), spec)
    table["spend"] = pd.to_numeric(table["spend"].astype(object).map(_float), errors="coerce")
    bands = effect.detail.bands
    bands = bands.loc[bands["campaign"] & (bands["unit"] != "all"), ["unit", "date"]]
    here = bands.assign(unit=bands["unit"].astype(str)).merge(table[["unit", "date", "spend"]], on=["unit", "date"])
    start = here.groupby("unit")["date"].min()
    past = table[table["date"] < table["unit"].map(start)]
    cells, usual = here.groupby("unit").size(), past.groupby("unit")["spend"].mean().reindex(start.index)
    if here["spend"].isna().any():
        return Spending(problem=f"The table's spend is missing in {here['spend'].isna().sum()} of {len(here)} periods "
                                "of the campaign. Fill it in, or write what was spent into spend.")  # fmt: skip
    if usual.isna().any():
        return Spending(problem="The table's spend is missing before the campaign, so that what came on top cannot be "
                                "told. Write 0 where nothing was spent, or what was spent into spend.")  # fmt: skip
    actual, before = float(here["spend"].sum()), float((usual * cells).sum())
    if not actual and not before:
        return Spending(problem=_nothing("spend"))
    others = table[~table["unit"].isin(start.index)]
    problem = _unsteady(actual, before, past, cells, others, here["date"])
    return Spending(None if problem else actual - before, actual, before, problem)


def _float(value: object) -> float:
    return float("nan") if value is None else float(value)  # type: ignore[arg-type]


def _unsteady(
    actual: float, before: float, past: pd.DataFrame, cells: pd.Series, others: pd.DataFrame, during: pd.Series
) -> str:
    """Why the usual spend cannot be told: it rose or fell lately, or that of the untreated units did meanwhile."""
    reach = max(_RECENT, int(cells.max()))
    last = past.sort_values("date").groupby("unit").tail(reach).groupby("unit")["spend"].mean().reindex(cells.index)
    now = others.loc[others["date"].between(during.min(), during.max()), "spend"].mean()
    then = others.loc[others["date"] < during.min(), "spend"].mean()
    moved = before * now / then if then > 0 and np.isfinite(now) else before
    ways = {
        f"going by the last {reach} periods": float((last * cells).sum()),
        "had it moved as where there was no campaign": float(moved),
    }
    size = max(abs(actual - before), _OFF * max(actual, before))
    for how, usual in ways.items():
        if np.isfinite(usual) and abs(usual - before) > _STEADY * size:
            return (
                f"What would have been spent is not steady: {before:,.0f} going by all periods before, {usual:,.0f} "
                f"{how}. Write what came on top (negative: what was saved) into spend."
            )
    return ""
