"""Detect outcome columns that are one quantity under several names, such as one purchase counted three times."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reachbook.tables.contract import Contract
from reachbook.tables.problems import show
from reachbook.translation import tr

_TABLES = ("experiment", "panel", "series", "outcome")
_FEWEST = 5
Values = npt.NDArray[np.float64]


def same_outcomes(table: pa.Table, contract: Contract, place: str) -> Iterator[str]:
    """Yield one line for each pair of number columns of which one is the other, or a multiple of it, in every row."""
    if contract.name not in _TABLES:
        return
    columns = {f.name: _values(table.column(f.name)) for f in table.schema if pa.types.is_floating(f.type)}
    varied = {name: values for name, values in columns.items() if _varies(values)}
    names = list(varied)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            factor = _factor(varied[one], varied[other])
            if factor is not None:
                yield (f"{place}: " + _said(show(one), show(other), factor))


def _said(one: str, other: str, factor: float) -> str:
    if factor == 1:
        return tr(
            "{other} is the same as {one} in every row: one quantity under two names. Count it once.",
            other=other,
            one=one,
        )
    return tr(
        "{other} is {factor:.6g} times the same as {one} in every row: one quantity under two names. Count it once.",
        other=other,
        factor=factor,
        one=one,
    )


def _values(column: pa.ChunkedArray) -> Values:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _varies(values: Values) -> bool:
    given = values[np.isfinite(values)]
    return len(given) >= _FEWEST and len(np.unique(given[:10_000])) > 2


def _factor(one: Values, other: Values) -> float | None:
    """What `one` is to be multiplied by to give `other` everywhere; None where there is no such number."""
    if not np.array_equal(np.isfinite(one), np.isfinite(other)):
        return None
    given = np.isfinite(one)
    one, other = one[given], other[given]
    largest = int(np.argmax(np.abs(one)))
    factor = float(other[largest] / one[largest])
    return factor if factor and np.allclose(one * factor, other, rtol=1e-9, atol=0) else None
