"""How often quiet tables alarm, against the stated rate. `python benchmarks/quality/quiet.py 60` takes a quarter of an
hour; the number is that of tables of each kind.
"""

import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from reachbook.quality import alarms, gaps, replay
from reachbook.quality.layout import Subject
from reachbook.quality.rows import Rows
from reachbook.quality.spec import QualitySpec

SPEC = QualitySpec()
BUSY = np.array([1, 1, 1, 1, 1.2, 1.5, 1.3])
WORLDS = (
    (0.3, 0.0, 92, 3), (2, 0.0, 92, 3), (8, 0.0, 92, 3), (50, 0.0, 92, 3), (50, 0.05, 92, 3),
    (50, 0.3, 92, 3), (8, 0.3, 92, 3), (8, 0.0, 30, 3), (8, 0.1, 365, 1), (500, 0.1, 92, 3),
)  # fmt: skip
"""Rows a day and platform, dispersion, days, platforms."""


def quiet(rng: np.random.Generator, mean: float, dispersion: float, days: int, parts: int) -> Rows:
    """Draw a table in which nothing happens."""
    about = rng.gamma(1 / dispersion, dispersion, (parts, days)) if dispersion else 1.0
    counts = rng.poisson(mean * BUSY[np.arange(days) % 7] * about, (parts, days)).astype(float)
    slots = pd.date_range("2026-07-01", periods=days)
    named = {f"p{place}": each for place, each in enumerate(counts)} if parts > 1 else {}
    subject = Subject("orders", Path(), 1, ("at", "platform"))
    return Rows(subject, date(2026, 7, 1), slots[-1].date(), slots, counts.sum(axis=0), named, None, parts)


def kinds(rows: Rows, seed: int) -> set[str]:
    """Kinds of alarms that a table raises."""
    lost = gaps.gaps(rows, SPEC.false_alarms / replay.KINDS_OF_ALARM)
    series = alarms.watched(rows, lost)
    found = alarms.find(series, SPEC, replay.limits(series, SPEC, seed)) if series.enough else []
    return {*(["gap"] if lost else []), *(alarm.kind for alarm in found)}


def main() -> None:
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    rng = np.random.default_rng(5)
    for world in WORLDS:
        told = [kinds(quiet(rng, *world), seed) for seed in range(tables)]
        each = {kind: sum(kind in one for one in told) / tables for kind in ("gap", *alarms.KINDS)}
        print(*world, f"any {sum(map(bool, told)) / tables:.3f}", each, flush=True)


if __name__ == "__main__":
    main()
