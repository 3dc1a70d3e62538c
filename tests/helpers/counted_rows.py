"""Rows of a table by platform and day, as if they had been counted: quiet, with known level, weekdays and noise."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from reachbook.quality.layout import Subject
from reachbook.quality.rows import Rows

DAYS = 92
BUSY = np.array([1, 1, 1, 1, 1.2, 1.5, 1.3])
ORDERS = Subject("orders", Path(), 1, ("at", "platform"))


def counted(parts: np.ndarray) -> Rows:
    slots = pd.date_range("2026-07-01", periods=parts.shape[1])
    named = {f"p{place}": each.astype(float) for place, each in enumerate(parts)} if len(parts) > 1 else {}
    total = parts.sum(axis=0).astype(float)
    return Rows(ORDERS, date(2026, 7, 1), date(2026, 9, 30), slots, total, named, None, len(parts))


def drawn(mean: float | np.ndarray, dispersion: float, parts: int = 2, seed: int = 1, days: int = DAYS) -> np.ndarray:
    """Rows by part and day with weekdays and noise, in which nothing happens."""
    rng = np.random.default_rng(seed)
    about = rng.gamma(1 / dispersion, dispersion, (parts, days)) if dispersion else np.ones((parts, days))
    return rng.poisson(mean * BUSY[np.arange(days) % 7] * about)
