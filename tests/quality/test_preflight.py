"""What is refused before the report runs."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.accounts import interactions
from helpers.event_tables import END, START, written
from reachbook.errors import DataError
from reachbook.quality.preflight import refuse
from reachbook.quality.spec import QualitySpec


def test_tables_without_a_row(tmp_path: Path, events: pd.DataFrame) -> None:
    tables = {"users": written(tmp_path, "users", {}), "interactions": interactions(tmp_path, events.iloc[:0])}
    with pytest.raises(DataError, match=r"No table has a row: users, interactions\. Bring files"):
        refuse(QualitySpec(), tables, START, END)


def test_one_row_is_enough(tmp_path: Path, events: pd.DataFrame) -> None:
    refuse(QualitySpec(), {"interactions": interactions(tmp_path, events.iloc[:1])}, START, END)
