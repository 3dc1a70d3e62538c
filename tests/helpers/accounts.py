"""Accounts of a table of interactions that behave as stated."""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.event_tables import written


def account(name: str, start: str, count: int, seconds: float) -> pd.DataFrame:
    """Interactions of one account at a steady pace."""
    at = pd.Timestamp(start) + pd.to_timedelta(np.arange(count) * seconds, unit="s")
    return pd.DataFrame({"user_id": name, "platform": "douyin", "kind": "like", "at": at})


def interactions(folder: Path, *parts: pd.DataFrame) -> Path:
    """The table that these events make."""
    return written(folder, "interactions", pd.concat(parts, ignore_index=True))
