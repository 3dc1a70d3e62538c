"""Published table of lift tests, which other notebooks read."""

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
    """Table `lift_tests`: one row for the whole campaign, the arms of an experiment together.

    A budget reads a row as additional spend in one channel and the outcome it added. All arms spent in the same channel
    at the same time, so this is their sum: the best arm alone would show what its creative does, chosen after the fact,
    and not what the channel does with the money. Other campaigns have rows in the studies that ran them.

    Returns
    -------
    DataFrame
        start, end: first and last day, None if an experiment's table has no dates of assignment. spend: incremental
        spend in money, NaN if unknown; if spend was cut, the row describes what that money would have brought: spend is
        what was saved, and lift, relative and their intervals change sign, so that a row always pairs additional spend
        with additional outcome. lift: total in units of the outcome over all `cells`, posterior median, interval at
        `level` and standard deviation; for a ratio that of its numerator, and so is `metric`. relative: lift as a ratio
        of the outcome without that spend. passed: whether every blocking gate holds; a test that failed must not be
        relied on.
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
    """Outcome that the additional spend added, as a ratio of the outcome without it, float array (draws,)."""
    baseline = effect.detail.numerator_baseline if is_ratio(effect) else effect.baseline * effect.cells
    return np.asarray(sign * added / (baseline if sign > 0 else baseline + added))


def days(effect: Effect, frame: pd.DataFrame) -> tuple[date | None, date | None]:
    """First and last day of the campaign: of assignment or exposure, or of the treated periods; None if unknown."""
    if effect.design != "experiment":
        bands = effect.detail.bands
        here = pd.to_datetime(bands.loc[bands["campaign"], "date"])
        return here.min().date(), here.max().date()
    known = [pd.to_datetime(frame[name]) for name in ("assigned_at", "exposed_at") if name in frame]
    if not known or known[0].isna().all():
        return None, None
    return known[0].min().date(), max(each.max() for each in known if each.notna().any()).date()
