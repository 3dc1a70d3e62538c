"""Files of one table are put together by their shape, and a table is read as the study would read it."""

from pathlib import Path

import pytest

from reachbook.draft.drafted_table import drafted_table, read, rows_of, source_of_table
from reachbook.draft.entries import YamlEntry, plain
from reachbook.draft.guess import guess
from reachbook.draft.opened import Opened, opened
from reachbook.draft.proposal import Proposal
from reachbook.errors import DataError
from reachbook.tables.source import Source

WEIBO = (YamlEntry("constants", {"platform": "weibo"}), YamlEntry("keep", "last", "a question", off=True))
XHS = (YamlEntry("constants", {"platform": "xiaohongshu"}),)
PLACE = ("Asia/Shanghai", "CNY")


def comments(root: Path, name: str, options: tuple[YamlEntry, ...], ids: str, at: str = "2026-07-01") -> Proposal:
    rows = "".join(f"{each},{at},fine\n" for each in ids)
    (root / name).write_text(f"comment_id,at,text\n{rows}", "utf-8")
    return Proposal(Opened(name, (), ("comment_id", "at", "text"), None), "comments", options, "")


def test_files_of_one_shape_share_a_source_and_others_have_parts(tmp_path: Path) -> None:
    found = [comments(tmp_path, "a[1].csv", WEIBO, "12"), comments(tmp_path, "b.csv", WEIBO, "3")]
    alike = drafted_table("comments", found, tmp_path, *PLACE)
    assert plain(alike.entries) == {"paths": ["a[[]1].csv", "b.csv"], "constants": {"platform": "weibo"}}
    assert alike.checked is not None
    assert alike.checked.rows == 3
    both = drafted_table("comments", [*found, comments(tmp_path, "x.csv", XHS, "4")], tmp_path, *PLACE)
    assert [part.path for part in both.source.parts] == [None, "x.csv"]
    assert both.checked is not None
    assert both.checked.rows == 4


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("2026-07-05", "2026-07-25", True),
        ("2026-07-05", "05/07/2026", False),
        ("05/06/2026", "04/07/2026", True),
        ("05/06/2026", "25/07/2026", False),
        ("25/07/2026", "27/07/2026", True),
        ("25/07/2026", "07/26/2026", False),
        ("05/06/2026", "2026-07-05", False),
    ],
)
def test_files_that_write_dates_in_different_orders_are_sources_of_their_own(
    first: str, second: str, together: bool, tmp_path: Path
) -> None:
    found = []
    for name, at in (("a.csv", first), ("b.csv", second)):
        (tmp_path / name).write_text(f"order_id,user_id,at,amount\n{name},u,{at} 09:00,5\n", "utf-8")
        found += [guess(each, tmp_path) for each in opened(name, tmp_path)]
    table = drafted_table("orders", found, tmp_path, *PLACE)
    assert ("paths" in plain(table.entries)) is together
    assert len(plain(table.entries).get("parts", [None])) == (1 if together else 2)


def test_a_table_that_needs_an_edit_keeps_what_its_check_said(tmp_path: Path) -> None:
    broken = comments(tmp_path, "a.csv", WEIBO, "1", at="soon")
    table = drafted_table("comments", [broken], tmp_path, *PLACE)
    assert table.checked is None
    assert table.problem.startswith("a.csv:2: at: soon is not a time")
    assert rows_of(broken, tmp_path, *PLACE) is None
    with pytest.raises(DataError, match="soon is not a time"):
        read("comments", table.source, tmp_path, *PLACE)
    assert rows_of(comments(tmp_path, "b.csv", WEIBO, "12"), tmp_path, *PLACE) == 2


def test_lines_that_are_commented_out_are_no_part_of_the_source() -> None:
    assert source_of_table((YamlEntry("path", "a.csv"), *WEIBO)) == Source(
        path="a.csv", constants={"platform": "weibo"}
    )
