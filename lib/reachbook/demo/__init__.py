"""A simulated brand on six platforms whose every truth is kept beside the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from reachbook.demo.spec import DemoSpec


def simulate(spec: DemoSpec, start: date, end: date, seed: int) -> dict[str, pa.Table]:
    """Every table of the simulated brand, see `reachbook.demo.store.simulate`; imports NumPy only when called."""
    from reachbook.demo import store

    return store.simulate(spec, start, end, seed)
