"""The table that other notebooks read: what a test said about a channel's money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from datetime import date

    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec

COLUMNS = (
    "channel", "campaign", "design", "metric", "start", "end", "spend", "lift", "lift_low", "lift_high", "lift_se",
    "relative", "relative_low", "relative_high", "cells", "passed",
)  # fmt: skip


def lift_tests(effect: Effect, spec: EffectSpec, frame: pd.DataFrame, paid: float) -> pd.DataFrame:
    """`lift_tests`: one row, the whole campaign, the arms of an experiment together.

    A budget reads a row as money on top in one channel and what it brought. All arms spent in the same channel at the
    same time, so that this is their sum: a row for the best arm alone would tell what its creative does, chosen after
    the fact, and not what the channel does with the money. Other campaigns have rows in the studies that ran them.

    start, end : its first and last day, None where the table of an experiment does not say when units were assigned
    spend : money, 0 where unknown; lift : total in outcome units over all `cells`, the posterior's median, with its
        interval at `spec.level` and its standard deviation; relative : the same as a ratio
    passed : every blocking gate holds; a test that failed must not be relied on
    """
    start, end = days(effect, frame)
    total, relative = np.median(effect.total), np.median(effect.relative)
    low, high = (bound * effect.cells for bound in effect.interval(spec.level))
    row = (
        spec.channel, spec.campaign, effect.design, effect.outcome, start, end, paid, float(total), low, high,
        float(effect.total.std()), float(relative), *effect.relative_interval(spec.level), effect.cells, effect.passed,
    )  # fmt: skip
    return pd.DataFrame([row], columns=list(COLUMNS))


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
