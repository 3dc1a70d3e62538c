"""One table from several files: of one layout, or each by its own options."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from reachbook.tables.check import CheckOutcome
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.parts import together
from reachbook.tables.source import Source
from reachbook.tables.store import Checked

Check = Callable[..., Checked]
Load = Callable[..., pa.Table]
Refuse = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for month, rows in (("07", "c1,a\nc2,b"), ("08", "c2,bb\nc3,c")):
        (tmp_path / f"weibo_2026-{month}.csv").write_text(f"comment_id,text\n{rows}\n", "utf-8")
    (tmp_path / "xhs.csv").write_text("id,content,when\nx1,e,1782864000000\n", "utf-8")
    return tmp_path


MONTHS = {"from_name": {"at": r"\d{4}-\d{2}"}, "formats": {"at": "%Y-%m"}, "constants": {"platform": "weibo"}}
XHS = {
    "path": "xhs.csv",
    "columns": {"comment_id": "id", "text": "content", "at": "when"},
    "constants": {"platform": "xiaohongshu"},
    "formats": {"at": "epoch_ms"},
}


def test_files_of_one_layout_are_one_table(folder: Path, check: Check, load: Load) -> None:
    options = {"paths": "weibo_*.csv", **MONTHS, "keep": "last"}
    table = load("comments", **options)
    assert table.column("text").to_pylist() == ["a", "bb", "c"]
    assert [str(each)[:7] for each in table.column("at").to_pylist()] == ["2026-07", "2026-08", "2026-08"]
    facts = check("comments", **options).facts
    assert facts["files"] == {"weibo_2026-07.csv": 2, "weibo_2026-08.csv": 2}


def test_a_broken_row_is_named_with_its_own_file(folder: Path, refuse: Refuse) -> None:
    assert refuse("comments", paths="weibo_*.csv", **MONTHS).startswith(
        "weibo_2026-08.csv:2: comment_id: c2 stands in weibo_2026-07.csv:3 already"
    )


def test_constants_differ_by_file(folder: Path, load: Load) -> None:
    paths = {"weibo_2026-07.csv": {"brand": "ours"}, "weibo_*8.csv": {"brand": "theirs"}}
    table = load("comments", paths=paths, **MONTHS, keep="last")
    assert table.column("brand").to_pylist() == ["ours", "theirs", "theirs"]


def test_parts_have_options_of_their_own(folder: Path, check: Check, load: Load) -> None:
    parts = (Source(paths="weibo_*.csv", **MONTHS, keep="last"), Source(**XHS))
    table = load("comments", parts=parts)
    assert table.column("comment_id").to_pylist() == ["c1", "c2", "c3", "x1"]
    assert table.column("platform").to_pylist() == ["weibo"] * 3 + ["xiaohongshu"]
    found = check("comments", parts=parts)
    assert found.left_out == ("1 of 4 rows was left out: an older version of the same comment in weibo_*.csv (keep:)",)
    assert [part["rows"] for part in found.facts["parts"]] == [3, 1]


def test_one_id_in_two_parts_is_refused(folder: Path, refuse: Refuse) -> None:
    (folder / "xhs.csv").write_text("id,content,when\nc1,e,1782864000000\n", "utf-8")
    message = refuse("comments", parts=(Source(paths="weibo_*7.csv", **MONTHS), Source(**XHS)))
    assert message.startswith("weibo_*7.csv and xhs.csv: comment_id c1 stands in both")


def test_a_change_in_any_part_is_seen(folder: Path, load: Load) -> None:
    parts = (Source(paths="weibo_*7.csv", **MONTHS), Source(**XHS))
    assert load("comments", parts=parts).num_rows == 3
    (folder / "xhs.csv").write_text("id,content,when\nx1,e,1782864000000\nx2,f,1782864000000\n", "utf-8")
    assert load("comments", parts=parts).num_rows == 4


def test_a_pattern_without_files_and_a_file_under_two_patterns_are_refused(folder: Path, refuse: Refuse) -> None:
    assert "douyin_*.csv: no file matches" in refuse("comments", paths="douyin_*.csv")
    assert "weibo_2026-07.csv: matches two patterns" in refuse("comments", paths=("weibo_*.csv", "*7.csv"))
    assert "nothing in this name matches" in refuse("comments", path="xhs.csv", from_name={"at": r"\d{8}"})
    assert "has a column text already" in refuse("comments", paths="weibo_*.csv", constants={"text": "x"})


def test_a_column_of_two_types_is_text_and_counts_keep_their_file() -> None:
    one = CheckOutcome(pa.table({"user_id": ["a"], "tag": [1.0]}), {"tag": "x"}, ("w",), {"x": {"k": 1}}, {}, ())
    two = CheckOutcome(pa.table({"user_id": ["b"], "tag": ["old"]}), {"tag": "y"}, (), {}, {}, ())
    both = together([("a.csv", one), ("b.csv", two)], CONTRACTS["users"])
    assert both.table.to_pylist() == [{"user_id": "a", "tag": "1"}, {"user_id": "b", "tag": "old"}]
    assert both.counts == {"x in a.csv": {"k": 1}}
    assert both.warnings == ("w",)
    assert both.facts["source"] == "a.csv, b.csv"
