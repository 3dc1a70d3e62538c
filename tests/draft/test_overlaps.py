"""Rows that stand in several downloads count once, or are named."""

from pathlib import Path

import pytest

from reachbook.draft.drafted_table import drafted_table
from reachbook.draft.entries import plain, text
from reachbook.draft.guess import guess
from reachbook.draft.opened import opened
from reachbook.draft.overlaps import overlap
from reachbook.tables.source import Source

HEAD = "order_id,user_id,at,amount"
FIRST = ("o1,u1,2026-07-01 09:05,10", "o2,u2,2026-07-02 10:00,20")
SECOND = ("o2,u2,2026-07-02 10:00,20", "o3,u3,2026-07-03 11:00,30")


def files(root: Path, *contents: tuple[str, ...], head: str = HEAD) -> Source:
    names = ("tb1.csv", "tb2.csv")[: len(contents)]
    for name, rows in zip(names, contents, strict=True):
        (root / name).write_text("\n".join([head, *rows, ""]), "utf-8")
    return Source(paths=names)


def told(root: Path, source: Source, table: str = "orders") -> str:
    why, entries = overlap(table, source, root)
    return why + text(entries)


def test_downloads_that_overlap_count_once(tmp_path: Path) -> None:
    for name, rows in (("tb1.csv", FIRST), ("tb1 (1).csv", SECOND)):
        (tmp_path / name).write_text("\n".join([HEAD, *rows, ""]), "utf-8")
    proposals = [guess(one, tmp_path) for name in ("tb1.csv", "tb1 (1).csv") for one in opened(name, tmp_path)]
    table = drafted_table("orders", proposals, tmp_path, "Asia/Shanghai", "CNY")
    assert table.checked is not None, table.problem
    assert table.checked.rows == 3
    assert "keep: last  # guessed: 1 id stands in several of these files, word for word" in text(table.entries)


@pytest.mark.parametrize(
    ("second", "head", "line"),
    [
        (SECOND[1:], HEAD, ""),
        (SECOND, HEAD, "keep: last  # guessed: 1 id stands in several of these files, word for word"),
        (
            (SECOND[0].replace(",20", ",15"),),
            HEAD,
            "# keep: last  # 1 id stands in several of these files and differ: take the # away if tb2.csv is",
        ),
        (
            (SECOND[0], SECOND[0]),
            HEAD,
            "# keep: last  # 1 id stands in several of these files, some twice in one: one",
        ),
        (
            ("o2,u2,2026-07-02 10:00,20,2026-07-09",),
            HEAD + ",updated_at",
            "keep: newest by updated_at  # guessed: 1 id stands in several of these files",
        ),
    ],
)
def test_what_is_said_of_ids_in_several_files(second: tuple[str, ...], head: str, line: str, tmp_path: Path) -> None:
    first = tuple(f"{row},2026-07-08" for row in FIRST) if "updated" in head else FIRST
    found = told(tmp_path, files(tmp_path, first, second, head=head))
    assert found.startswith(line)
    assert bool(found) is bool(line)


def test_an_option_that_decides_already_is_left_alone(tmp_path: Path) -> None:
    source = files(tmp_path, FIRST, SECOND)
    assert told(tmp_path, source.model_copy(update={"keep": "first"})) == ""
    assert told(tmp_path, source.model_copy(update={"lines": "first"})) == ""


def test_rows_that_would_be_added_up_twice_are_named(tmp_path: Path) -> None:
    rows = ("2026-07-06,a,10", "2026-07-06,a,20")
    source = files(tmp_path, rows, (rows[0], "2026-07-07,a,5"), head="week,channel,spend")
    summed = source.model_copy(update={"lines": "sum"})
    assert told(tmp_path, summed, "media") == "2 rows stand in several of these files and count twice: leave one out"
    assert plain(overlap("media", summed, tmp_path)[1]) == {}
