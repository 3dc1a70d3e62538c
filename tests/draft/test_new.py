"""From files to a study that validates, without an edit where the files say all."""

import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.exporters import EXPORTS
from helpers.exports import Row, write
from helpers.tiny_project import Project, tiny
from helpers.workbook_writer import write_xlsx
from reachbook.draft.entries import plain
from reachbook.draft.new import draft, new
from reachbook.errors import DataError, ParamsError
from reachbook.study import files
from reachbook.study.data import Data
from reachbook.tables.formats import delimited
from reachbook.tables.formats.raw import Raw
from reachbook.tables.preset import load
from reachbook.tables.source import Source
from reachbook.translation import Language, using

DAYS = [datetime(2026, 7, day, 9, day) for day in range(1, 6)]
ROWS: dict[str, list[Row]] = {
    "comments": [
        {"comment_id": f"c{i}", "at": at, "text": f"第{i}次买", "user_id": f"u{i}", "content_id": f"n{i}"}
        for i, at in enumerate(DAYS)
    ],
    "contents": [{"content_id": f"n{i}", "published_at": at, "format": "image_text"} for i, at in enumerate(DAYS)],
    "media": [{"week": at.date(), "spend": f"{1000 + 7 * at.day}.25", "impressions": 9000 + at.day} for at in DAYS],
    "outcome": [{"week": at.date(), "value": Decimal(f"{2000 + 11 * at.day}.50")} for at in DAYS],
    "orders": [
        {"order_id": f"24138548499136587{i:02d}", "user_id": f"u{i}", "at": at, "amount": f"{50 + at.day}.00"}
        for i, at in enumerate(DAYS)
    ],
}
ASKED = {"ga4"}
"""Presets whose question has to be answered before anything can be read."""


@pytest.fixture
def root(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project.root)
    return project.root


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_is_drafted_and_reads_back(name: str, root: Path) -> None:
    table = load(name).table
    rows = [EXPORTS[name].fit(row) for row in ROWS[table]]
    file = write(EXPORTS[name], [{**row} for row in ROWS[table]], root / "data")
    made = draft(root, "acme", [f"data/{file}"])
    (found,) = made.tables
    assert (found.name, found.proposals[0].origin) == (table, f"preset {name}")
    if name in ASKED:
        assert made.rows == {f"data/{file}": None}
    else:
        assert found.checked is not None, found.problem
        assert found.checked.rows == len({str(row) for row in rows})


def test_the_account_and_the_files(root: Path) -> None:
    file = write(EXPORTS["taobao_orders"], ROWS["orders"], root / "data")
    (root / "data" / "notes.md").write_text("x")
    said = new(root, "acme", [f"data/{file} data/notes.md"])
    assert said[0] == f"data/{file} -> orders（预设 taobao_orders）：5 行"
    assert said[1].startswith("未归入  data/notes.md: 不是表格文件")
    assert said[2] == "可运行的笔记本：count"
    assert said[-1] == "已写入 params/acme/study.yaml。请先读其中的注释，再运行：make validate STUDY=acme"
    loaded = files.load(root, "acme")
    assert loaded.spec.period.model_dump(mode="json") == {"start": "2026-07-01", "end": "2026-07-05"}
    assert Data(loaded)["orders"].rows == 5


@pytest.mark.parametrize(
    ("names", "first", "comment"),
    [
        (
            "order_id,user_id,at,amount",
            "data/a.csv -> orders (guessed by the names of its columns): 1 row",
            "# Drafted from the files",
        ),
        ("订单号,会员号,下单时间,实付金额", "data/a.csv -> orders（按列名推测）：1 行", "# 由 `make new` 根据文件起草"),
        (
            "order_id,user_id,下单时间,实付金额",
            "data/a.csv -> orders (guessed by the names of its columns): 1 row",
            "# Drafted from",
        ),
    ],
    ids=["English", "Chinese", "half of each"],
)
def test_account_and_comments_are_in_the_language_of_most_columns(
    names: str, first: str, comment: str, root: Path
) -> None:
    (root / "data" / "a.csv").write_text(f"{names}\n1,m,2026-07-01 09:00,4\n", "utf-8")
    languages: tuple[Language, ...] = ("en", "zh")
    for language in languages:
        with using(language):
            assert new(root, f"acme_{language}", ["data/a.csv"])[0] == first
        assert (root / f"params/acme_{language}/study.yaml").read_text("utf-8").startswith(comment)


def test_two_crawls_are_paths_and_two_platforms_parts(root: Path) -> None:
    half, names = len(DAYS) // 2, []
    for folder, name, rows in (
        ("a", "mediacrawler_xhs_comments", ROWS["comments"][:half]),
        ("b", "mediacrawler_xhs_comments", ROWS["comments"][half:]),
        ("c", "mediacrawler_dy_comments", [row | {"comment_id": f"d{row['comment_id']}"} for row in ROWS["comments"]]),
    ):
        (root / "data" / folder).mkdir()
        names.append(f"data/{folder}/{write(EXPORTS[name], rows, root / 'data' / folder)}")
    assert plain(draft(root, "acme", names[:2]).tables[0].entries)["paths"] == names[:2]
    made = draft(root, "acme", names)
    (table,) = made.tables
    assert [each.get("preset") for each in plain(table.entries)["parts"]] == [
        "mediacrawler_xhs_comments",
        "mediacrawler_dy_comments",
    ]
    assert table.checked is not None
    assert table.checked.rows == 2 * len(DAYS)


def test_a_file_is_parsed_once_for_the_draft_and_once_by_the_check(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    real = delimited.read_text

    def counting(path: Path, place: str, source: Source) -> Raw:
        parsed.append(place)
        return real(path, place, source)

    monkeypatch.setattr(delimited, "read_text", counting)
    head, names = "订单号,会员号,下单时间,实付金额", ["data/a.csv", "data/b.csv"]
    for i, name in enumerate(names):
        (root / name).write_text(f"{head}\n{i},m,2026-07-01 09:00,5\n{i + 5},n,2026-07-02 09:00,5\n", "utf-8")
    assert draft(root, "acme", names).rows == dict.fromkeys(names, 2)
    assert sorted(parsed) == sorted(2 * names)


def test_every_sheet_of_a_workbook_is_looked_at(root: Path) -> None:
    sheets = {
        "订单": [["订单号", "会员号", "下单时间", "实付金额"], ["1", "m1", "2026-07-01 09:00:00", "12.5"]],
        "说明": [["此表"], ["由系统导出"]],
        "会员": [["会员号", "城市级别"], ["m1", "一线"]],
    }
    write_xlsx(root / "data" / "a.xlsx", sheets)
    made = draft(root, "acme", ["data/a.xlsx"])
    assert {each.name: each.checked.rows for each in made.tables if each.checked} == {"users": 1, "orders": 1}
    assert list(made.not_placed) == ["data/a.xlsx (说明)"]


def test_an_amount_in_doubt_is_drafted_and_named(root: Path) -> None:
    (root / "data" / "a.csv").write_text(
        "订单号,会员号,下单时间,应付金额,实付金额\n1,m,2026-07-01 09:00,5,4\n", "utf-8"
    )
    said = new(root, "acme", ["data/a.csv"])
    assert "暂时无法读取" in said[0]
    drafted = (root / "params/acme/study.yaml").read_text("utf-8")
    assert "# amount: 实付金额  # 还是 应付金额？" in drafted
    assert "period: {start: 2026-07-01, end: 2026-07-01}" in drafted
    (root / "params/acme/study.yaml").write_text(drafted.replace("# amount:", "amount:"), "utf-8")
    assert Data(files.load(root, "acme"))["orders"].rows == 1


def test_an_existing_study_is_not_touched(root: Path) -> None:
    before = (root / "params/tiny/study.yaml").read_bytes()
    with pytest.raises(ParamsError, match="params/tiny is there already") as told:
        new(root, "tiny", ["data/orders.csv"])
    assert "\n" not in str(told.value)
    assert (root / "params/tiny/study.yaml").read_bytes() == before


def test_what_fails_leaves_nothing(root: Path) -> None:
    (root / "data" / "odd.csv").write_text("t0,t1\n1,0\n")
    with pytest.raises(DataError, match="nothing to draft"):
        new(root, "acme", ["data/odd.csv"])
    assert not (root / "params/acme").exists()


@pytest.mark.parametrize("name", ["", "a/b", "../a", "a b"])
def test_a_name_that_no_study_may_have(root: Path, name: str) -> None:
    with pytest.raises(ParamsError, match="is not a study name"):
        new(root, name, ["data/orders.csv"])


def test_the_command_says_what_is_missing(
    root: Path, make: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert make("new", "--study", "acme", "--from", "") == 2
    assert capsys.readouterr().err == 'FROM: no file is named. Write make new STUDY=acme FROM="data/acme/*".\n'
    assert make("new", "--study", "acme", "--from", "data/*.csv") == 0
    assert make("validate", "--study", "acme") == 0


def test_a_folder_outside_the_project_is_stated(
    root: Path, tmp_path_factory: pytest.TempPathFactory, make: Callable[..., int]
) -> None:
    away = tmp_path_factory.mktemp("exports")
    (root / "data" / "orders.csv").rename(away / "orders.csv")
    assert make("new", "--study", "acme", "--from", str(away / "orders.csv")) == 0
    assert make("validate", "--study", "acme") == 0
    assert files.load(root, "acme").spec.places == (os.path.relpath(away, root),)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.decimals(1, 999, places=2), min_size=2, max_size=6),
    st.sampled_from(
        ["订单号,会员号,下单时间,实付金额", "Order No,Customer ID,Created at,Total", "order_id,user_id,at,amount"]
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    st.booleans(),
)
def test_orders_under_many_names_read_back(
    amounts: list[object], header: str, delimiter: str, encoding: str, title: bool
) -> None:
    rows = [f"o{i},u{i},2026-07-0{i + 1} 09:00:00,{amount}" for i, amount in enumerate(amounts)]
    lines = [*(["订单报表"] if title else []), *(line.replace(",", delimiter) for line in (header, *rows))]
    with tempfile.TemporaryDirectory() as folder:
        root = tiny(Path(folder)).root
        (root / "data/a.csv").write_text("\n".join(lines) + "\n", encoding)
        (table,) = draft(root, "acme", ["data/a.csv"]).tables
    assert (table.name, table.checked and table.checked.rows) == ("orders", len(amounts))
