"""Small tables of events with a known number of rows a day, as checked Parquet files."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from reachbook.tables.contract import CONTRACTS, arrow_type

START, END = date(2026, 7, 1), date(2026, 9, 30)
DAYS = 92


def written(folder: Path, name: str, columns: Mapping[str, object]) -> Path:
    """Write a table in the types of its contract; columns that are not given are empty."""
    frame = pd.DataFrame(columns)
    fields = {each.name: arrow_type(each.kind) for each in CONTRACTS[name].columns}
    for column in fields.keys() - set(frame):
        frame[column] = None
    table = pa.table({column: pa.array(frame[column], kind, from_pandas=True) for column, kind in fields.items()})
    path = folder / f"{name}.parquet"
    pq.write_table(table, path)
    return path


def moments(counts: np.ndarray, seed: int = 1) -> pd.Series:
    """As many moments on each day from `START` as `counts` says, spread over its waking hours."""
    days = np.repeat(np.arange(len(counts)), counts)
    seconds = np.random.default_rng(seed).integers(7 * 3600, 23 * 3600, len(days))
    return pd.Series(pd.Timestamp(START) + pd.to_timedelta(days * 86_400 + seconds, unit="s"))


def orders(folder: Path, counts: Mapping[str, np.ndarray], people: int = 400) -> Path:
    """A table of orders with these rows by platform and day."""
    rng = np.random.default_rng(2)
    parts = [
        moments(each, place).to_frame("at").assign(platform=name) for place, (name, each) in enumerate(counts.items())
    ]
    frame = pd.concat(parts, ignore_index=True)
    ids = [f"o{place}" for place in range(len(frame))]
    amounts = rng.lognormal(4, 0.5, len(frame)).round(2)
    who = [f"u{each}" for each in rng.integers(0, people, len(frame))]
    return written(folder, "orders", {**frame, "order_id": ids, "user_id": who, "amount": _money(amounts)})


def _money(amounts: np.ndarray) -> list[object]:
    from decimal import Decimal

    return [Decimal(f"{each:.2f}") for each in amounts]
