"""Small panels, and what tests ask of their effects."""

import numpy as np
import pandas as pd

from reachbook.effects.effect import Effect
from reachbook.effects.spec import EffectSpec
from reachbook.verdict import Gate


def table(outcome: np.ndarray, on: np.ndarray) -> pd.DataFrame:
    """A panel from 5 January 2026 on: outcome and whether treated, (units, days)."""
    units, days = outcome.shape
    return pd.DataFrame(
        {
            "unit": np.repeat([f"c{k}" for k in range(units)], days),
            "date": np.tile(pd.date_range("2026-01-05", periods=days), units),
            "outcome": outcome.ravel(),
            "treated": on.ravel(),
        }
    )


def quick(**more: object) -> EffectSpec:
    """Parameters of a panel without replays."""
    return EffectSpec.model_validate({"design": "panel", "replays": 0, **more})


def gate(effect: Effect, id: str) -> Gate:
    """One gate of an effect."""
    return next(gate for gate in effect.gates if gate.id == id)
