"""What exports put around values is taken off only where it is stated, and counted."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from reachbook.tables.formats.raw import Raw, counted
from reachbook.tables.options.trimming import cleaned
from reachbook.tables.store import Checked


def raw(*cells: str | None) -> Raw:
    frame = pa.table({"id": pa.array(cells, pa.string())})
    return Raw(frame, "o.csv", {}, counted(frame, 2))


def values(*cells: str | None, missing: tuple[str, ...] = (), trim: bool = True) -> list[str | None]:
    found: list[str | None] = cleaned(raw(*cells), missing, trim, frozenset()).frame.column("id").to_pylist()
    return found


def test_what_stands_around_an_id_is_taken_off() -> None:
    assert values('="2413854849913658705"', "'13800000000", "39\t", " a ", "\u3000b", "=1+2", None, "c") == [
        "2413854849913658705",
        "13800000000",
        "39",
        "a",
        "b",
        "=1+2",
        None,
        "c",
    ]
    assert values('=""', "'", "  ") == [None, None, None]


def test_words_for_no_value_are_empty_in_every_column() -> None:
    assert values("--", " -- ", "无", "-", "--x", missing=("--", "无"), trim=False) == [None, None, None, "-", "--x"]


def test_changes_are_counted_and_texts_stay() -> None:
    facts = cleaned(raw("'1", "2", "--"), ("--",), True, frozenset()).facts
    assert facts == {"trimmed": {"id": 1}, "missing": {"id": 1}}
    assert cleaned(raw("'tis", " x"), (), True, frozenset({"id"})).frame.column("id").to_pylist() == ["'tis", " x"]


@given(st.lists(st.text("aZ09é号中ー٣", min_size=1), min_size=1, max_size=9))
def test_nothing_else_changes(cells: list[str]) -> None:
    assert values(*cells) == cells


def test_the_header_need_not_repeat_outer_spaces(tmp_path: Path, check: Callable[..., Checked]) -> None:
    (tmp_path / "o.csv").write_text("订单编号,user_id,付款时间 ,amount\no1,u1,2026-07-01 09:05,1\n", "utf-8")
    found = check("orders", path="o.csv", columns={"order_id": "订单编号", "at": "付款时间"})
    assert found.facts["columns"]["at"] == "付款时间 "
