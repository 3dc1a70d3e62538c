"""What was once read wrongly without a word is read rightly, or refused."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import ValidationError

from helpers.clock import NOW, ZONE
from helpers.workbook_writer import write_xlsx
from reachbook.errors import DataError
from reachbook.tables.source import Source
from reachbook.tables.store import Checked, checked

Check = Callable[..., Checked]
Load = Callable[..., pa.Table]
Refuse = Callable[..., str]
HEADER = "order_id,user_id,at,amount"


def write(folder: Path, *lines: str, name: str = "f.csv") -> str:
    (folder / name).write_text("\n".join([*lines, ""]), "utf-8")
    return name


def test_decimal_commas_leave_texts_as_they_are(tmp_path: Path, load: Load) -> None:
    path = write(tmp_path, "user_id;city;score;version", "1;Köln;1,5;9.99", "2;Bonn;2;1.5")
    table = load("users", path=path, delimiter=";", decimal=",")
    assert table.column("city").to_pylist() == ["Köln", "Bonn"]
    assert table.column("score").to_pylist() == [1.5, 2]
    assert table.column("version").to_pylist() == ["9.99", "1.5"]


def test_decimal_commas_leave_numbers_of_a_workbook_as_they_are(tmp_path: Path, load: Load, refuse: Refuse) -> None:
    write_xlsx(tmp_path / "m.xlsx", {"A": [["week", "channel", "spend"], ["2026-07-06", "a", 1.234]]})
    assert load("media", path="m.xlsx", decimal=",").column("spend").to_pylist() == [Decimal("1.234")]
    (tmp_path / "m.json").write_text(json.dumps([{"week": "2026-07-06", "channel": "a", "spend": 1.234}]))
    assert "decimal: is not for this kind of source" in refuse("media", path="m.json", decimal=",")


def test_a_rule_on_an_own_column_refuses_what_it_cannot_read(tmp_path: Path, refuse: Refuse) -> None:
    path = write(tmp_path, "unit_id,arm,rate", "1,a,3%", "2,b,4")
    assert refuse("experiment", path=path, numbers={"rate": "percent"}).startswith("f.csv:3: rate: 4 has no %")
    path = write(tmp_path, "unit_id,arm,likes", "1,a,1.2万", "2,b,约800")
    assert refuse("experiment", path=path, numbers={"likes": "rounded"}).startswith("f.csv:3: likes: 约800 is not")


def test_an_option_on_a_column_that_is_read_under_another_name_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    path = write(tmp_path, "unit_id,arm,点赞", "1,a,1.2万")
    assert "numbers: 点赞 is not a column" in refuse(
        "experiment", path=path, columns={"likes": "点赞"}, numbers={"点赞": "rounded"}
    )
    assert "subtract: likes is not a column" in refuse(
        "experiment", path=path, columns={"likes": "点赞"}, subtract={"likes": "arm"}
    )


@pytest.mark.parametrize(("cell", "said"), [("-1", "-1 is below zero"), ("$1", 'says "$1", but the study')])
def test_what_is_taken_off_has_one_sign_and_one_currency(cell: str, said: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER},back", f"o1,u1,2026-07-01 09:05,¥10,{cell}")
    source = Source(path=path, subtract={"amount": "back"}, numbers={"amount": "currency"})
    with pytest.raises(DataError, match=r"^f\.csv:2: back") as error:
        checked("orders", source, tmp_path, tmp_path / ".cache", ZONE, NOW, "CNY")
    assert said in str(error.value)


def test_refunds_of_both_signs_are_refused(tmp_path: Path, refuse: Refuse) -> None:
    rows = ("o1,u1,2026-07-01 09:05,10,sale", "o1,u1,2026-07-02 09:05,-4,back", "o1,u1,2026-07-02 09:06,4,back")
    message = refuse("orders", path=write(tmp_path, f"{HEADER},kind", *rows), refund_rows={"kind": ("back",)})
    assert "other refunds have the other sign" in message


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"refund_rows": {"kind": ("x",)}, "lines": "sum"}, "refund_rows and lines contradict"),
        ({"refund_rows": {"kind": ("x",)}, "keep": "last"}, "refund_rows and keep contradict"),
        ({"lines": "sum", "keep": "last"}, "lines and keep contradict"),
        ({"formats": {"at": "%Y-%m-%d %H:%M %Z"}}, "names of zones"),
        ({"formats": {"at": "%Y-W%W"}}, "a week has no day"),
        ({"formats": {"at": "%m-%d %H:%M"}}, "it has no year"),
        ({"formats": {"at": "%d/%d/%Y"}}, "it is no format"),
        ({"constants": {"platform": "a"}, "from_name": {"platform": "b"}}, "platform has two origins"),
    ],
)
def test_what_would_be_a_guess_is_no_source(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Source(path="f.csv", **options)


def test_a_quote_in_a_comment_opens_no_cell(tmp_path: Path, load: Load, check: Check) -> None:
    rows = [f"{i},a,2026-07-01 09:05,text {i}" for i in range(5)]
    path = write(tmp_path, "comment_id,platform,at,text", rows[0], '# say,"x', *rows[1:], '"#9",a,2026-07-01,y')
    assert load("comments", path=path, comment="#").num_rows == 6
    assert check("comments", path=path, comment="#").left_out[0].startswith("1 of 7 rows was left out")


def test_a_blank_row_is_no_footer(tmp_path: Path, load: Load) -> None:
    path = write(tmp_path, "week,channel,spend", "2026-07-06,a,1", "Total,,1", ",,")
    assert load("media", path=path, footer=1).column("spend").to_pylist() == [Decimal(1)]


def test_each_file_may_use_its_own_name_of_a_column(tmp_path: Path, load: Load) -> None:
    write(tmp_path, f"{HEADER},优惠", "o1,u1,2026-07-01 09:05,10,1", name="a1.csv")
    write(tmp_path, f"{HEADER},折扣", "o2,u1,2026-07-01 09:05,10,2", name="a2.csv")
    table = load("orders", paths="a*.csv", columns={"discount": ("优惠", "折扣")})
    assert table.column("discount").to_pylist() == [Decimal(1), Decimal(2)]


def test_totals_of_each_file_are_left_out(tmp_path: Path, check: Check) -> None:
    for name, word in (("a1.csv", "整体"), ("a2.csv", "合计")):
        days = [f"2026-07-{day:02d},{name},{day * 1.37:.2f}" for day in range(6, 26)]
        total = f"2026-07-30,{word},{sum(float(each.rpartition(',')[2]) for each in days):.2f}"
        write(tmp_path, "week,channel,spend", total, *days, name=name)
    assert check("media", paths="a*.csv", totals="leave_out").rows == 40


def test_versions_are_ordered_to_the_last_digit(tmp_path: Path, load: Load, refuse: Refuse) -> None:
    rows = ("c1,a,2026-07-01,newer,7300000000000000003", "c1,a,2026-07-01,older,7300000000000000001")
    path = write(tmp_path, "comment_id,platform,at,text,ts", *rows)
    assert load("comments", path=path, keep="newest by ts").column("text").to_pylist() == ["newer"]
    mixed = ("c1,a,2026-07-01,x,1783900000", "c1,a,2026-07-01,y,1783000000000")
    path = write(tmp_path, "comment_id,platform,at,text,ts", *mixed)
    assert "another number of digits" in refuse("comments", path=path, keep="newest by ts")
    path = write(tmp_path, "comment_id,platform,at,text,ts", "c1,a,2026-07-01,x,5", "c1,a,2026-07-01,y,")
    assert load("comments", path=path, keep="oldest by ts").column("text").to_pylist() == ["x"]


def test_broken_json_is_refused_in_words(tmp_path: Path, refuse: Refuse) -> None:
    write(tmp_path, '{"comment_id": "c1", "text": "a\\ud83d"}', name="c.jsonl")
    assert refuse("comments", path="c.jsonl").startswith("c.jsonl:1: text ends in half a character")
    write(tmp_path, '{"comment_id": "c1", "text": "a", "text": "b"}', name="c.jsonl")
    assert "an object has two values for text" in refuse("comments", path="c.jsonl")


def test_a_file_whose_name_holds_brackets_is_itself(tmp_path: Path, load: Load) -> None:
    write(tmp_path, HEADER, "o1,u1,2026-07-01 09:05,1", name="a[1].csv")
    write(tmp_path, HEADER, "o2,u1,2026-07-01 09:05,1", name="a1.csv")
    assert load("orders", paths="a[1].csv").column("order_id").to_pylist() == ["o1"]


def test_a_preset_of_another_table_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    path = write(tmp_path, HEADER, "o1,u1,2026-07-01 09:05,1")
    assert refuse("comments", path=path, preset="taobao_orders").startswith(
        "preset taobao_orders: gives the table orders, not comments."
    )
