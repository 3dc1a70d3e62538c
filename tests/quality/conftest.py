"""Tables with accounts that behave like people, and what an inspection finds in others."""

import numpy as np
import pandas as pd
import pytest

from helpers.event_tables import DAYS, moments
from helpers.inspected import inspection
from reachbook.quality.inspection import Inspection

PEOPLE = 60


@pytest.fixture
def events() -> pd.DataFrame:
    """Interactions of people who sleep: user_id, platform, kind, at."""
    at = moments(np.full(DAYS, 50))
    rng = np.random.default_rng(5)
    who = [f"u{each:02d}" for each in rng.integers(0, PEOPLE, len(at))]
    where = rng.choice(["douyin", "weibo"], len(at))
    return pd.DataFrame({"user_id": who, "platform": where, "kind": "like", "at": at})


@pytest.fixture
def comments() -> pd.DataFrame:
    """Comments of people in their own words: comment_id, platform, at, text, user_id."""
    at = moments(np.full(DAYS, 4))
    ids = [f"m{place}" for place in range(len(at))]
    texts = [f"今天第{place}次买这个牌子的东西" for place in range(len(at))]
    who = [f"u{place % PEOPLE:02d}" for place in range(len(at))]
    return pd.DataFrame({"comment_id": ids, "platform": "weibo", "at": at, "text": texts, "user_id": who})


@pytest.fixture
def found() -> Inspection:
    return inspection()
