"""Empty cells of optional columns."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from reachbook import query
from reachbook.quality.layout import Subject
from reachbook.tables.contract import CONTRACTS

SQL = Path(__file__).parent


def empty(tables: Sequence[Subject]) -> pd.DataFrame:
    """Share of empty cells of each column that may be empty: table, column, empty; 1 where the column is not there."""
    frames = [_of(each) for each in tables if each.rows]
    columns = ["table", "column", "empty"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _of(subject: Subject) -> pd.DataFrame:
    contract = CONTRACTS[subject.name]
    needed = {column.name for column in contract.columns if column.needed}
    optional = [name for name in pq.read_schema(subject.path).names if name not in needed]
    seen = query.run(SQL / "empty.sql", {"source": subject.path}, {"columns": optional}).iloc[0]
    shares = [1 - int(seen[f"filled_{place}"]) / int(seen["rows"]) for place in range(len(optional))]
    return pd.DataFrame({"table": subject.name, "column": optional, "empty": shares})
