"""What is said of a table is enough to judge how it was read, and names nobody."""

from datetime import datetime
from pathlib import Path

from helpers.event_tables import written
from reachbook.study.summary import summary
from reachbook.tables.store import Checked

PERIOD = ("2026-07-01", "2026-07-03")
DAYS = ("2026-06-30", "2026-07-01", "2026-07-04")


def said(folder: Path, name: str = "comments") -> list[str]:
    path = written(
        folder,
        "comments",
        {
            "comment_id": ["c1", "c2", "c3"],
            "platform": "weibo",
            "at": [datetime.fromisoformat(f"{day} 09:00") for day in DAYS],
            "text": ["call 13812345678", "x" * 40, "fine"],
            "user_id": ["secret_person", None, "u3"],
        },
    )
    columns = {column: column for column in ("comment_id", "platform", "at", "text", "user_id")}
    table = Checked(path, 3, {"source": "c.csv", "columns": columns}, left_out=("1 of 4 rows was left out",))
    return list(summary(name, table, PERIOD))


def test_rows_days_gaps_and_empty_cells_are_said(tmp_path: Path) -> None:
    assert said(tmp_path)[:4] == [
        "  comments: 3 rows from c.csv",
        "    1 of 4 rows was left out",
        "    2026-06-30 to 2026-07-04, 3 days with rows, 2 without, the first after 2026-07-01; "
        "2 outside the study's period",
        "    empty cells: user_id 33%",
    ]


def test_the_first_rows_are_shown_without_personal_data(tmp_path: Path) -> None:
    first, second = said(tmp_path)[4:]
    assert first.startswith("    as read: comment_id c1, platform weibo, at")
    assert first.endswith("user_id (an id)")
    assert "13812345678" not in first
    assert f"text {'x' * 27}..." in second
    assert not [line for line in said(tmp_path) if "secret_person" in line]


def test_a_table_without_contract_is_passed_over(tmp_path: Path) -> None:
    assert said(tmp_path, "decisions") == []
