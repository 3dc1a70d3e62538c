"""A table as a reader hands it on, without a file."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from reachbook.tables.formats.raw import Raw, counted


def raw_table(columns: Mapping[str, Sequence[object]], place: str = "t.csv") -> Raw:
    """These columns below a header in row 1; empty cells are None."""
    frame = pa.table(dict(columns))
    return Raw(frame, place, {}, counted(frame, 2))
