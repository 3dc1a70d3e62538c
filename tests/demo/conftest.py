"""One small simulated brand for all tests of this folder."""

import pandas as pd
import pytest

from helpers.demo_brand import END, SMALL, START
from reachbook.demo import simulate


@pytest.fixture(scope="session")
def arrow():
    return simulate(SMALL, START, END, seed=11)


@pytest.fixture(scope="session")
def frames(arrow):
    return {name: _floats(table.to_pandas()) for name, table in arrow.items()}


def _floats(frame: pd.DataFrame) -> pd.DataFrame:
    money = [name for name in ("amount", "discount", "spend", "cost", "revenue") if name in frame]
    return frame.astype(dict.fromkeys(money, float))
