"""Rows whose cells stand a column too far are named once, as what they are."""

from collections.abc import Callable
from pathlib import Path

from helpers.raw_table import raw_table
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.kinds.times import parse_time
from reachbook.tables.suspicions.shifted import shifted, without_rows

HEADER = "comment_id,platform,text,device,at"
GOOD = [f"c{i},weibo,fine,网页,2026-07-01 09:{i % 60:02d}" for i in range(200)]


def test_a_time_where_a_device_stands(tmp_path: Path, refuse: Callable[..., str]) -> None:
    bad = ["c900,weibo,good, 2026-07-03 10:00,手机", "c901,weibo,good,2026-07-04 11:00,平板"]
    (tmp_path / "c.csv").write_text("\n".join([HEADER, *GOOD, *bad, ""]), "utf-8")
    assert refuse("comments", path="c.csv") == (
        "c.csv:202: its cells stand one column too far, and so 2 rows: at holds 手机, and device the time "
        '" 2026-07-03 10:00". A text before them holds the delimiter without quotes, or a cell is missing. '
        "Mend the row."
    )


def test_a_second_column_of_times_is_no_shift(tmp_path: Path, refuse: Callable[..., str]) -> None:
    rows = [line.replace("网页", "2026-07-01 08:00") for line in GOOD]
    (tmp_path / "c.csv").write_text("\n".join([HEADER, *rows, "c999,weibo,x,2026-07-01 08:00,soon", ""]), "utf-8")
    assert refuse("comments", path="c.csv").startswith("c.csv:202: at: soon is not a time")


def test_the_first_shifted_row_stands_for_all_and_explains_the_other_cells() -> None:
    times = ["2026-07-01 09:00"] * 30
    raw = raw_table(
        {"at": [*times, "手机", "平板"], "device": [*["网页"] * 30, "2026-07-01 10:00", "2026-07-02 10:00"]}
    )
    parsed = {"at": parse_time(raw.frame.column("at").combine_chunks(), "UTC", "UTC")}
    (problem,) = shifted(raw, CONTRACTS["comments"], {"at": "at"}, parsed)
    assert problem.rows.tolist() == [30]
    assert "and so 2 rows: at holds 手机, and device the time 2026-07-01 10:00." in problem.tell(30)
    assert without_rows([problem, problem], [problem]) == []
    assert without_rows([problem], []) == [problem]
