"""Comments in a scratch folder, as the notebook gets them."""

from datetime import date
from pathlib import Path

import pandas as pd

from reachbook.demo.spec import DemoSpec
from reachbook.demo.store import simulate

START, END, SEED = date(2026, 7, 1), date(2026, 9, 30), 20260930


def demo(folder: Path, comments: int, labels: int) -> dict[str, Path]:
    """The simulated comments and their truth, as files."""
    tables = simulate(DemoSpec(comments=comments, labels=labels, users=400, contents=60), START, END, SEED)
    chosen = ("comments", "truth_comments", "truth_sentiment", "truth_bursts")
    return {name: save(tables[name].to_pandas(), folder, name) for name in chosen}


def written(texts: list[str], labels: list[str | None] | None = None) -> pd.DataFrame:
    """Comments of July, one a day in turn on two platforms, that say `texts`."""
    days = pd.to_datetime("2026-07-01") + pd.to_timedelta([i % 31 for i in range(len(texts))], unit="D")
    empty = pd.Series([None] * len(texts), dtype=object)
    return pd.DataFrame(
        {
            "comment_id": [f"m{i:05d}" for i in range(len(texts))],
            "platform": ["weibo" if i % 2 else "douyin" for i in range(len(texts))],
            "at": days,
            "text": texts,
            **dict.fromkeys(["user_id", "content_id", "campaign_id", "brand"], empty),
            "label": labels or [None] * len(texts),
        }
    )


def save(frame: pd.DataFrame, folder: Path, name: str) -> Path:
    """Keep a frame as the Parquet file of a table."""
    path = folder / f"{name}.parquet"
    frame.to_parquet(path)
    return path
