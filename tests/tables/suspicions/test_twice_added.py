"""Lines that stand in two files are named where they would be added up twice, and no others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reachbook.tables.store import Checked

Check = Callable[..., Checked]
ORDERS = "order_id,user_id,at,amount,sku\n"
MEDIA = "week,channel,spend,impressions,ad\n"
SUM = {"paths": "*.csv", "lines": "sum"}


def files(folder: Path, head: str, **texts: str) -> None:
    for name, rows in texts.items():
        (folder / f"{name}.csv").write_text(head + rows, "utf-8")


def test_an_order_in_two_files_is_told_with_both_places(tmp_path: Path, check: Check) -> None:
    one, two = "o1,u1,2026-07-01 09:05,10,a\no1,u1,2026-07-01 09:05,5,b\n", "o2,u2,2026-07-02 09:05,7,a\n"
    files(tmp_path, ORDERS, a=one + two, b=two + "o3,u3,2026-07-03 09:05,7,a\n")
    found = check("orders", **SUM)
    assert found.rows == 3
    assert found.warnings == (
        "b.csv:2: this order has lines in a.csv:4 too, and so 1 in all: `lines: sum` adds them up. If the downloads "
        "overlap, that counts them twice: download periods that do not, or state `keep: last` in place of lines: where "
        "one row is a whole order.",
    )


@pytest.mark.parametrize(("rows", "told"), [("2026-07-06,d,3,9,x\n", 1), ("2026-07-06,d,0,0,x\n", 0)])
def test_a_line_of_media_counts_where_it_is_the_same_and_no_zero(
    rows: str, told: int, tmp_path: Path, check: Check
) -> None:
    files(tmp_path, MEDIA, a=rows + "2026-07-06,d,4,9,y\n", b="2026-07-06,d,4,9,z\n" + rows)
    warnings = check("media", **SUM).warnings
    assert len(warnings) == told
    assert all(line.startswith("b.csv:3: says word for word what a.csv:2 says, and so 1 in all") for line in warnings)


def test_lines_of_one_file_are_lines(tmp_path: Path, check: Check) -> None:
    files(tmp_path, MEDIA, a="2026-07-06,d,3,9,x\n" * 2)
    assert check("media", **SUM).warnings == ()
