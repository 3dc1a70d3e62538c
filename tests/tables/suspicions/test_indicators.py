"""Results that count different things are refused where they are read, and only there."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from helpers.raw_table import raw_table
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.suspicions.indicators import mixed_indicators

HEADER = "week,channel,spend,Results,Result indicator"
ROWS = ("2026-07-06,meta,10,3,actions:like", "2026-07-13,meta,12,5,actions:purchase")


def write(folder: Path, *rows: str) -> str:
    (folder / "m.csv").write_text("\n".join([HEADER, *rows, ""]), "utf-8")
    return "m.csv"


def test_likes_and_purchases_are_never_one_column(tmp_path: Path, refuse: Callable[..., str]) -> None:
    message = refuse("media", path=write(tmp_path, *ROWS), columns={"impressions": "Results"})
    assert message == (
        'm.csv:2: Results: counts different things: "Result indicator" says actions:like, actions:purchase. Their sum '
        "means nothing: choose one, as in `where: {Result indicator: [actions:like]}`."
    )


def test_one_indicator_or_a_column_that_is_not_read_is_no_matter(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    where = {"Result indicator": ("actions:like",)}
    table = load("media", path=write(tmp_path, *ROWS), columns={"impressions": "Results"}, where=where)
    assert table.column("impressions").to_pylist() == [3]
    assert load("media", path=write(tmp_path, *ROWS)).num_rows == 2


def test_an_open_table_reads_every_column_and_an_empty_indicator_is_none() -> None:
    kinds = ["购买", "点赞", None]
    raw = raw_table({"成效": ["1", "2", "3"], "成效类型": kinds})
    (problem,) = mixed_indicators(raw, CONTRACTS["panel"], {"成效": "成效"})
    assert problem.column == "成效"
    assert "成效类型 says 点赞, 购买." in problem.tell(0)
    assert mixed_indicators(raw, CONTRACTS["media"], {"成效": "成效"}) == [], "media does not read it"
    assert mixed_indicators(raw.only(np.array([0, 2])), CONTRACTS["panel"], {"成效": "成效"}) == []
