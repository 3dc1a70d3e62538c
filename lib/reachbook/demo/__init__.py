"""A simulated brand on six platforms, with the truth behind every table stored beside the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from reachbook.demo.spec import DemoSpec


def simulate(spec: DemoSpec, start: date, end: date, seed: int) -> dict[str, pa.Table]:
    """Simulate every table of the brand; see `store.simulate`."""
    from reachbook.demo import store

    return store.simulate(spec, start, end, seed)
