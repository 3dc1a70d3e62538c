"""Comparison of the effect with the truth of a simulated campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec


def true_effects(effect: Effect, spec: EffectSpec, truth: pd.DataFrame | None) -> pd.DataFrame:
    """True effects: name (arm or treated unit, "all" for the campaign), planted (relative, a ratio), total (outcome).

    Parameters
    ----------
    effect : Effect
        The effect.
    spec : EffectSpec
        Parameters.
    truth : DataFrame or None
        The simulator's table `truth_campaigns`.

    Returns
    -------
    DataFrame
        Without rows if the truth of this campaign and outcome is unknown.
    """
    columns = ["name", "planted", "total"]
    if truth is None:
        return pd.DataFrame(columns=columns)
    here = truth[(truth["design"] == effect.design) & (truth["metric"] == effect.outcome) & truth["segment"].isna()]
    here = here[here["estimand"] != "exposed"]
    if spec.campaign:
        here = here[here["campaign_id"] == spec.campaign]
    rows = here.rename(columns={"unit": "name", "relative": "planted"})[columns].reset_index(drop=True)
    if len(rows) and not (rows["name"] == "all").any():
        rows = pd.concat([_together(rows, here), rows], ignore_index=True)
    return rows


def _together(rows: pd.DataFrame, here: pd.DataFrame) -> pd.DataFrame:
    """All arms (or the single unit) together; relative effects share a baseline, so units weight them."""
    weight = here["units"].to_numpy(float)
    relative = float(np.average(rows["planted"].to_numpy(float), weights=weight))
    return pd.DataFrame({"name": ["all"], "planted": [relative], "total": [float(rows["total"].sum())]})


def covered(lifts: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Rows that both tables have: name, planted, low, middle, high (ratios), inside (whether the truth is covered)."""
    both = lifts.merge(known[["name", "planted"]], on="name")[["name", "planted", "low", "middle", "high"]]
    both["inside"] = (both["low"] <= both["planted"]) & (both["planted"] <= both["high"])
    return both
