"""The table that other notebooks read: what a test said about a channel's money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects.wording import counted, is_ratio
from reachbook.stats.intervals import equal_tailed

if TYPE_CHECKING:
    from datetime import date

    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.rollout import RollOut

COLUMNS = (
    "channel", "campaign", "design", "metric", "start", "end", "spend", "lift", "lift_low", "lift_high", "lift_se",
    "level", "relative", "relative_low", "relative_high", "cells", "passed",
)  # fmt: skip


def lift_tests(effect: Effect, spec: EffectSpec, frame: pd.DataFrame, money: RollOut) -> pd.DataFrame:
    """`lift_tests`: one row, the whole campaign, the arms of an experiment together.

    A budget reads a row as money on top in one channel and what it brought. All arms spent in the same channel at the
    same time, so that this is their sum: a row for the best arm alone would tell what its creative does, chosen after
    the fact, and not what the channel does with the money. Other campaigns have rows in the studies that ran them.

    start, end : its first and last day, None where the table of an experiment does not say when units were assigned
    spend : money on top of the usual, NaN where unknown. Where less was spent than usual (ads were switched off) the
        row says what that money would have brought, had it been spent: spend is what was saved, and lift, relative and
        their intervals are turned round with it, so that a row always is extra money and its extra outcome
    lift : total in outcome units over all `cells`, the posterior's median, with its interval at `level` and its
        standard deviation; of a ratio (orders/visits) that of its numerator (orders), and so is `metric`
    relative : the same as a ratio to what would have been without that money
    passed : every blocking gate holds; a test that failed must not be relied on
    """
    start, end = days(effect, frame)
    sign = -1.0 if (money.paid or 0.0) < 0 else 1.0
    total, lift = sign * money.whole.added, _lift(effect, money.whole.added, sign)
    spend = float("nan") if money.paid is None else sign * money.paid
    low, middle, high = equal_tailed(total, spec.level)
    least, relative, most = equal_tailed(lift, spec.level)
    row = (
        spec.channel, spec.campaign, effect.design, counted(effect), start, end, spend, middle, low, high,
        float(total.std()), spec.level, relative, least, most, effect.cells, effect.passed,
    )  # fmt: skip
    return pd.DataFrame([row], columns=list(COLUMNS))


def _lift(effect: Effect, added: np.ndarray, sign: float) -> np.ndarray:
    """Draws of what the money on top brought over what there was without that money, a ratio, (draws,)."""
    baseline = effect.detail.numerator_baseline if is_ratio(effect) else effect.baseline * effect.cells
    return np.asarray(sign * added / (baseline if sign > 0 else baseline + added))


def days(effect: Effect, frame: pd.DataFrame) -> tuple[date | None, date | None]:
    """First and last day of the campaign: of assignment or exposure, or of the periods that count as treated."""
    if effect.design != "experiment":
        bands = effect.detail.bands
        here = pd.to_datetime(bands.loc[bands["campaign"], "date"])
        return here.min().date(), here.max().date()
    known = [pd.to_datetime(frame[name]) for name in ("assigned_at", "exposed_at") if name in frame]
    if not known or known[0].isna().all():
        return None, None
    return known[0].min().date(), max(each.max() for each in known if each.notna().any()).date()
