"""The table that other notebooks read: what a test said about a channel's money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects.words import three

if TYPE_CHECKING:
    from datetime import date

    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.worth import Worth

COLUMNS = (
    "channel", "campaign", "design", "metric", "start", "end", "spend", "lift", "lift_low", "lift_high", "lift_se",
    "level", "relative", "relative_low", "relative_high", "cells", "passed",
)  # fmt: skip


def lift_tests(effect: Effect, spec: EffectSpec, frame: pd.DataFrame, money: Worth) -> pd.DataFrame:
    """`lift_tests`: one row, the whole campaign, the arms of an experiment together.

    A budget reads a row as money on top in one channel and what it brought. All arms spent in the same channel at the
    same time, so that this is their sum: a row for the best arm alone would tell what its creative does, chosen after
    the fact, and not what the channel does with the money. Other campaigns have rows in the studies that ran them.

    start, end : its first and last day, None where the table of an experiment does not say when units were assigned
    spend : money on top of the usual, NaN where unknown. Where less was spent than usual (ads were switched off) the
        row says what that money would have brought, had it been spent: spend is what was saved, and lift, relative and
        their intervals are turned round with it, so that a row always is extra money and its extra outcome
    lift : total in outcome units over all `cells`, the posterior's median, with its interval at `level` and its
        standard deviation; of a ratio (orders/visits) that of its numerator (orders), NaN where that is not told
    relative : the same as a ratio to what would have been without that money
    passed : every blocking gate holds; a test that failed must not be relied on
    """
    start, end = days(effect, frame)
    sign = -1.0 if (money.paid or 0.0) < 0 else 1.0
    added = money.whole.added
    total, lift = _draws(effect, added, sign)
    spend = float("nan") if money.paid is None else sign * money.paid
    low, middle, high = three(total, spec.level)
    least, relative, most = three(lift, spec.level)
    row = (
        spec.channel, spec.campaign, effect.design, _measured(effect), start, end, spend, middle, low, high,
        float(total.std()), spec.level, relative, least, most, effect.cells, effect.passed,
    )  # fmt: skip
    return pd.DataFrame([row], columns=list(COLUMNS))


def _measured(effect: Effect) -> str:
    """What `lift` counts: of a ratio its numerator."""
    ratio = getattr(effect.detail, "kind", "") == "ratio"
    return effect.outcome.split("/")[0] if ratio else effect.outcome


def _draws(effect: Effect, added: np.ndarray | None, sign: float) -> tuple[np.ndarray, np.ndarray]:
    """Draws of the outcome that the money on top brought in all, and its ratio to what there was without that money."""
    if added is None:
        unknown = np.full(len(effect.average), np.nan)
        return unknown, unknown
    if getattr(effect.detail, "kind", "") == "ratio":
        seen = sum(arm.observed * arm.weight for arm in effect.detail.arms[1:])
        return sign * added, sign * added / (seen if sign < 0 else seen - added)
    without = effect.baseline if sign > 0 else effect.baseline + effect.average
    return sign * added, np.asarray(sign * effect.average / without)


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
