"""Queues that people fill in, from the report to the next run."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reachbook.errors import DataError
from reachbook.presentation import spreadsheets
from reachbook.sentiment.prevalence.queues import audit, uncertain
from reachbook.tables.source import Source
from reachbook.tables.store import checked

COMMENTS = pd.DataFrame(
    {
        "comment_id": [f"m{i}" for i in range(50)],
        "platform": "weibo",
        "text": [f"=评论{i}" if i % 3 else "同样" for i in range(50)],
    }
)


def test_the_next_audit_begins_where_the_last_one_ended() -> None:
    first = audit(COMMENTS, 10, 7)["comment_id"].tolist()
    assert audit(COMMENTS, 20, 7)["comment_id"].tolist()[:10] == first
    following = audit(COMMENTS, 10, 7, first)["comment_id"].tolist()
    assert following == audit(COMMENTS, 20, 7)["comment_id"].tolist()[10:]


def test_doubt_comes_first_and_each_text_once() -> None:
    p = np.full((50, 3), [0.98, 0.01, 0.01])
    p[[4, 7]] = [1 / 3, 1 / 3, 1 / 3], [0.5, 0.25, 0.25]
    queue = uncertain(COMMENTS, p, 30, ["m7"])
    assert queue["comment_id"].iloc[0] == "m4"
    assert queue["text"].is_unique
    assert "m7" not in set(queue["comment_id"])


def read(path: Path, folder: Path) -> pd.DataFrame:
    from datetime import datetime

    kept = checked("reviews", Source(path=path.name), folder, folder / "cache", "Asia/Shanghai", datetime(2026, 12, 1))
    return pd.read_parquet(kept.path)


@pytest.mark.parametrize("kind", [0, 1], ids=["csv", "xlsx"])
def test_a_filled_queue_comes_back(tmp_path: Path, kind: int) -> None:
    queue = audit(COMMENTS, 6, 7)
    queue["label"] = ["负面", "Positive", "neutral ", "", "正面", "中性"]
    found = read(spreadsheets.write(queue, tmp_path, "audit")[kind], tmp_path).set_index("comment_id")
    said = found.loc[queue["comment_id"], "label"].tolist()
    assert said[:3] == ["negative", "positive", "neutral"]
    assert pd.isna(said[3])
    assert found["queue"].eq("audit").all()


def test_a_label_that_is_none_is_named_with_its_row(tmp_path: Path) -> None:
    queue = audit(COMMENTS, 3, 7)
    queue["label"] = ["negative", "gut", "positive"]
    path, _ = spreadsheets.write(queue, tmp_path, "audit")
    with pytest.raises(DataError, match=r"audit.csv:3: label: gut is not one of negative, neutral, positive"):
        read(path, tmp_path)
