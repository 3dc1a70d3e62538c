"""JSON files: one object a row, numbers digit by digit."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reachbook.errors import DataError
from reachbook.tables.formats.records import read_records
from reachbook.tables.source import Source

ROWS = [{"id": 7387607123456789012, "user": {"name": "a"}, "at": 1782864000000, "pics": ["x", "y"], "n": 1.50}]


def rows(path: Path, **options: str) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = read_records(
        path, path.name, Source(path=path.name, **options)
    ).frame.to_pylist()
    return found


@pytest.mark.parametrize("wrapped", [ROWS, {"data": {"list": ROWS}, "code": 0}])
def test_every_value_is_text_as_it_is_written(wrapped: object, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(wrapped), "utf-8")
    assert rows(path) == [
        {"id": "7387607123456789012", "user.name": "a", "at": "1782864000000", "pics": '["x", "y"]', "n": "1.5"}
    ]


def test_lines_keep_their_numbers(tmp_path: Path, refuse: Callable[..., str]) -> None:
    good = json.dumps({"comment_id": "c1", "platform": "weibo", "at": "2026-07-01", "text": "x"})
    (tmp_path / "c.jsonl").write_text(f"{good}\n\n{good}\n", "utf-8")
    assert refuse("comments", path="c.jsonl").startswith("c.jsonl:3: comment_id: c1 stands in row 1 already")
    (tmp_path / "c.jsonl").write_text(f"{good}\n{{oops\n", "utf-8")
    assert refuse("comments", path="c.jsonl").startswith("c.jsonl:2: is no JSON")


@pytest.mark.parametrize(
    ("value", "options", "said"),
    [
        (
            {"a": ROWS, "b": {"c": [*ROWS, None]}},
            {},
            "holds 2 lists of objects: a (1), b.c (2). Say which holds the rows, as in `records: a`.",
        ),
        ({"a": 1}, {}, "holds no list of objects. Say where the rows stand"),
        ({"a": [*ROWS, None]}, {}, "record 2: is"),
        ({"a": ROWS}, {"records": "b"}, "has nothing at records: b; there are a."),
        ([1, 2], {}, "record 1: is 1, not an object"),
        (3, {}, "holds no list of rows; there is 3"),
    ],
)
def test_what_is_no_table_is_said(value: object, options: dict[str, str], said: str, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(json.dumps(value), "utf-8")
    with pytest.raises(DataError, match=r"^c\.json") as error:
        rows(tmp_path / "c.json", **options)
    assert said in str(error.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(pairs=st.lists(st.tuples(st.integers(0, 10**25), st.text(min_size=1)), min_size=1, max_size=5))
def test_any_text_and_any_id_come_back(tmp_path: Path, pairs: list[tuple[int, str]]) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text("\n".join(json.dumps({"id": one, "text": text}) for one, text in pairs), "utf-8")
    assert rows(path) == [{"id": str(one), "text": text} for one, text in pairs]


def test_a_table_of_comments(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    (tmp_path / "c.json").write_text(json.dumps(ROWS), "utf-8")
    columns = {"comment_id": "id", "text": "user.name"}
    table = load(
        "comments", path="c.json", columns=columns, formats={"at": "epoch_ms"}, constants={"platform": "weibo"}
    )
    assert table.column("comment_id").to_pylist() == ["7387607123456789012"]
