"""The effect held against what was planted, where the campaign was simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec


def planted(effect: Effect, spec: EffectSpec, truth: pd.DataFrame | None) -> pd.DataFrame:
    """name, planted (relative, a ratio), total (outcome units), one row an arm or a treated unit, "all" the campaign.

    truth : the simulator's table truth_campaigns; without rows where nothing is known of this campaign and outcome
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
    """All arms (or the one unit) together; a relative effect is over the same mean, so that totals weigh it."""
    weight = here["units"].to_numpy(float)
    relative = float(np.average(rows["planted"].to_numpy(float), weights=weight))
    return pd.DataFrame({"name": ["all"], "planted": [relative], "total": [float(rows["total"].sum())]})


def held(lifts: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """name, planted, low, middle, high (ratios) and whether the planted lift lies inside; rows that both know."""
    both = lifts.merge(known[["name", "planted"]], on="name")[["name", "planted", "low", "middle", "high"]]
    both["inside"] = (both["low"] <= both["planted"]) & (both["planted"] <= both["high"])
    return both
