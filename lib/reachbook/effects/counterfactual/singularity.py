"""Singular matrices, which point to copies among columns or units."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from reachbook.errors import DataError
from reachbook.translation import tr


@contextmanager
def solvable(table: str) -> Iterator[None]:
    """Context that turns failures of linear algebra into a DataError.

    Raises
    ------
    DataError
        If a matrix inside is singular, which points to copies among columns or units.
    """
    try:
        yield
    except np.linalg.LinAlgError:
        raise DataError(
            tr(
                "Table {table}: what would have been cannot be computed, because columns or units are copies of each "
                "other. Name the copies in leave_out.",
                table=table,
            )
        ) from None
