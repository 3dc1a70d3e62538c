"""Files of every kind are read as they stand, with the row numbers a person sees, or refused with a remedy."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers.workbook_writer import Error, write_xlsx
from reachbook.errors import DataError
from reachbook.tables.formats.read import read, read_file
from reachbook.tables.source import Source, hidden
from reachbook.tables.store import Checked

Make = Callable[..., str]
Load = Callable[..., pa.Table]
Check = Callable[..., Checked]
CHINESE = ("o1,小明,2026-07-01,1", "o2,小红,2026-07-02,2")


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8 with byte-order mark"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16-le with byte-order mark"),
    ],
)
def test_encodings_are_found_and_stated(encoding: str, stated: str, orders: Make, check: Check) -> None:
    result = check("orders", path=orders(*CHINESE, encoding=encoding))
    assert result.facts["encoding"] == stated
    assert pq.read_table(result.path).column("user_id").to_pylist() == ["小明", "小红"]


def test_a_stated_encoding_is_followed(orders: Make, load: Load) -> None:
    table = load("orders", path=orders("o1,王小明,2026-07-01,1", encoding="big5"), encoding="big5")
    assert table.column("user_id").to_pylist() == ["王小明"]


def test_big5_is_refused_until_it_is_stated(orders: Make, load: Load, refuse: Make) -> None:
    rows = ("o1,王小明,2026-07-01,1", "o2,陳美麗,2026-07-02,2", "o3,林志豪,2026-07-03,3")
    message = refuse("orders", path=orders(*rows, encoding="big5"))
    assert message == (
        "orders.csv: is not UTF-8, and reads as 王小明陳美麗 in Big5, as rare characters in GB18030. State "
        "`encoding: big5`, or `encoding: gb18030`."
    )
    assert load("orders", path=orders(*rows, encoding="big5"), encoding="gb18030").num_rows == 3
    table = load("orders", path=orders(*rows, encoding="big5"), encoding="big5")
    assert table.column("user_id").to_pylist() == ["王小明", "陳美麗", "林志豪"]


@pytest.mark.parametrize(
    ("name", "stated", "kind"),
    [
        ("orders.csv", {"sheet": "Orders"}, "workbooks"),
        ("orders.csv", {"records": "data"}, ".json files"),
        ("orders.jsonl", {"records": "data"}, ".json files"),
        ("orders.xlsx", {"delimiter": ";"}, "text files"),
    ],
)
def test_an_option_of_another_kind_of_file_is_refused(
    name: str, stated: dict[str, str], kind: str, orders: Make, refuse: Make
) -> None:
    (option,) = stated
    assert refuse("orders", path=orders(name=name), **stated) == (
        f"{name}: {option}: is for {kind}, and this is none. Remove the line."
    )


def test_an_option_of_one_kind_of_file_may_stand_beside_others(orders: Make, tmp_path: Path, load: Load) -> None:
    rows = [["order_id", "user_id", "at", "amount"], ["o9", "u9", "2026-07-01", "5"]]
    write_xlsx(tmp_path / "b.xlsx", {"Notes": [["x"]], "Orders": rows})
    assert load("orders", paths=(orders(), "b.xlsx"), sheet="Orders").num_rows == 4


def test_a_wrong_encoding_is_named_at_its_row(orders: Make, refuse: Make) -> None:
    message = refuse("orders", path=orders(*CHINESE, encoding="gb18030"), encoding="utf-8")
    assert message.startswith("orders.csv:2: byte 0xc3 (no. 6 of its line) is not UTF-8. State what the file is in, as")


def test_bytes_that_are_neither_are_named(tmp_path: Path, refuse: Make) -> None:
    (tmp_path / "o.csv").write_bytes(b"order_id,user_id,at,amount\no1,u1,2026-07-01,1\no2,caf\xe9,2026-07-01,1\n")
    message = refuse("orders", path="o.csv")
    assert message.startswith("o.csv:3: byte 0xe9 (no. 7 of its line) is neither UTF-8 nor GB18030. State ")


@pytest.mark.parametrize(
    ("end", "name", "delimiter"),
    [
        ("\n", "o.csv", ","),
        ("\r\n", "o.csv", ","),
        ("\r", "o.csv", ","),
        ("\n", "o.tsv", "\t"),
        ("\n", "o.txt", "\t"),
        ("\n", "o.csv", ";"),
    ],
)
def test_delimiters_and_line_ends(end: str, name: str, delimiter: str, orders: Make, load: Load) -> None:
    rows = [
        row.replace(",", delimiter)
        for row in ("order_id,user_id,at,amount", "o1,u1,2026-07-01,1", "o2,u1,2026-07-01,2")
    ]
    path = orders(*rows[1:], header=rows[0], name=name, end=end)
    table = load("orders", path=path, **({"delimiter": ";"} if delimiter == ";" else {}))
    assert table.column("amount").to_pylist() == [Decimal(1), Decimal(2)]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_stated_name_of_the_header_says_what_stands_between_cells(
    delimiter: str, encoding: str, tmp_path: Path, load: Load
) -> None:
    table = ("order_id,user_id,at,amount", *CHINESE)
    lines = ["Report", f"a{delimiter} b", *(line.replace(",", delimiter) for line in table)]
    (tmp_path / "o.csv").write_text("\n".join([*lines, ""]), encoding)
    assert load("orders", path="o.csv", header=("betrag", "amount")).column("user_id").to_pylist() == ["小明", "小红"]


def test_another_delimiter_has_to_be_stated(orders: Make, refuse: Make) -> None:
    path = orders("o1;u1;2026-07-01;1", header="order_id;user_id;at;amount")
    assert refuse("orders", path=path) == "orders.csv:1: the header has no ',' but ';'. State it: `delimiter: ';'`."


COMMENTS = "comment_id,platform,at,text\n"


@pytest.mark.parametrize(
    ("before", "row"),
    [
        ('c1,weibo,2026-07-01,"一\n二\n三"\n', 3),
        ("\nc1,weibo,2026-07-01,a\n\n", 5),
        ("c1,weibo,2026-07-01,a\n,,,\n", 4),
        ('c1,weibo,2026-07-01,"a ""quoted"" word, and a comma"\n', 3),
        ("", 2),
        ("c1,weibo,2026-07-01,a\r\n\r\n", 4),
    ],
)
def test_rows_are_counted_as_a_spreadsheet_shows_them(before: str, row: int, tmp_path: Path, refuse: Make) -> None:
    (tmp_path / "c.csv").write_bytes(f"{COMMENTS}{before}c9,weibo,never,hello\n\n".encode())
    assert refuse("comments", path="c.csv").startswith(f"c.csv:{row}: at: never is not a time.")


def test_a_text_over_several_lines_is_kept(tmp_path: Path, load: Load) -> None:
    (tmp_path / "c.csv").write_text(COMMENTS + 'c1,weibo,2026-07-01,"一\n""二"", 三"\n', "utf-8")
    assert load("comments", path="c.csv").column("text").to_pylist() == ['一\n"二", 三']


def test_ragged_lines_are_all_named(orders: Make, refuse: Make) -> None:
    lines = refuse("orders", path=orders(*["o1,u1,2026-07-01"] * 22)).splitlines()
    assert (
        lines[0]
        == "orders.csv:2: has 3 cells, the header has 4. Add the missing cells, or the closing quote of a text."
    )
    assert len(lines) == 21
    assert lines[-1] == "... and 2 more"


def test_a_quote_never_closed_is_named(orders: Make, refuse: Make) -> None:
    message = refuse("orders", path=orders("o1,u1,2026-07-01,1", 'o2,"u1,2026-07-01,1', "o3,u1,2026-07-01,1"))
    assert (
        message == "orders.csv:3: has 2 cells, the header has 4. Add the missing cells, or the closing quote of a text."
    )


UNREADABLE: dict[str, tuple[bytes | None, str, str]] = {
    "missing": (None, "o.csv", "o.csv: there is no such file. Did you mean orders.csv?"),
    "missing folder": (
        None,
        "data/o.csv",
        "data/o.csv: there is no such file. Its folder is missing too; paths start at",
    ),
    "empty": (b"", "o.csv", "o.csv: is empty (0 bytes). Export it again."),
    "empty parquet": (b"", "o.parquet", "o.parquet: is empty (0 bytes). Export it again."),
    "blank lines": (b"\n\n", "o.csv", "o.csv: holds only blank lines. Export it again."),
    "header only": (b"order_id,user_id,at,amount\n", "o.csv", "o.csv: has column names but no rows. Export it again"),
    "header without line end": (b"order_id,user_id,at,amount", "o.csv", "o.csv: has column names but no rows."),
    "not parquet": (b"hello", "o.parquet", "o.parquet: is not a readable Parquet file"),
    "not excel": (b"hello", "o.xlsx", "o.xlsx: is not a readable workbook"),
    "excel as csv": (
        b"PK\x03\x04rest",
        "o.csv",
        "o.csv: is an Excel workbook or a zip file, whatever its name says. Rename it",
    ),
    "unknown ending": (b"x", "o.docx", "o.docx: .docx is not a kind of table file. Export it as one of .csv"),
    "same name twice": (
        b"order_id,user_id,at,amount,At\no,u,2026-07-01,1,2\n",
        "o.csv",
        "o.csv:1: the name 'At' stands over two columns, 3 and 5. Rename or delete one.",
    ),
    "nameless": (
        b",order_id,user_id,at,amount\n0,o,u,2026-07-01,1\n",
        "o.csv",
        "o.csv:1: column 1 has values but no name. Give it a name in the header, or delete it.",
    ),
    "package": (
        None,
        "package://no_such_package/x.csv",
        "package://no_such_package/x.csv: the package no_such_package is not",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_says_why(case: str, tmp_path: Path, orders: Make, refuse: Make) -> None:
    content, name, said = UNREADABLE[case]
    orders()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert refuse("orders", path=name).startswith(said)


def test_a_directory_in_place_of_a_file(tmp_path: Path, refuse: Make) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "july.csv").touch()
    assert refuse("orders", path="data") == "data: is a directory, not a file. Name a file in it, one of july.csv."


def test_a_password_is_never_shown() -> None:
    urls = ("mysql://u:p@:/ss@host/db", "mysql://host/db?user=u&password=secret&x=1", "sqlite:///shop.db")
    assert [hidden(url) for url in urls] == [
        "mysql://host/db",
        "mysql://host/db",
        "sqlite:///shop.db",
    ]


def test_an_empty_nameless_column_is_passed_over(orders: Make, load: Load) -> None:
    table = load("orders", path=orders("o1,u1,2026-07-01,1,", header="order_id,user_id,at,amount,"))
    assert table.schema.names[-1] == "discount"


HEAD = ["order_id", "user_id", "at", "amount", "items"]


def test_a_sheet_is_read_with_native_cells(tmp_path: Path, load: Load, check: Check) -> None:
    write_xlsx(
        tmp_path / "o.xlsx",
        {
            "说明": [["x"]],
            "订单": [
                [],
                HEAD,
                [1001, "u1", dt.datetime(2026, 7, 1, 9, 5), 12.5, 2],
                [],
                ["o2", 7.0, "2026/7/2 10:00", "3.10", None],
            ],
        },
    )
    table = load("orders", path="o.xlsx", sheet="订单")
    assert table.select(HEAD).to_pylist() == [
        {
            "order_id": "1001",
            "user_id": "u1",
            "at": dt.datetime(2026, 7, 1, 9, 5),
            "amount": Decimal("12.5"),
            "items": 2.0,
        },
        {"order_id": "o2", "user_id": "7", "at": dt.datetime(2026, 7, 2, 10), "amount": Decimal("3.1"), "items": None},
    ]
    assert check("orders", path="o.xlsx", sheet="订单").facts["sheet"] == "订单"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            [1234567890123456789, "u", "2026-07-01", 1],
            "o.xlsx:5: order_id: 1234567890123456768 was stored as a number of more than",
        ),
        (
            [1.5, "u", "2026-07-01", 1],
            "o.xlsx:5: order_id: 1.5 is a number with decimals, not an id. Export the column as text.",
        ),
        (["o", "u", 46204.5, 1], "o.xlsx:5: at: 46204.5 is not a time. Write it as in 2026-07-01 09:05:00"),
        (
            ["o", "u", "2026-07-01", Error("#N/A")],
            "o.xlsx:5: amount: #N/A is an error of the sheet. Mend the formula, or clear",
        ),
        (["o", "u", "2026-07-01", -1], "o.xlsx:5: amount: -1 is negative."),
        (["o", "u", "2026-07-01", None], "o.xlsx:5: amount: is empty."),
    ],
)
def test_rows_of_a_sheet_are_numbered_as_shown(row: list[object], said: str, tmp_path: Path, refuse: Make) -> None:
    write_xlsx(tmp_path / "o.xlsx", {"A": [[], HEAD[:4], ["o1", "u1", dt.date(2026, 7, 1), 1], [], row]})
    assert refuse("orders", path="o.xlsx").startswith(said)


def test_sheets_that_are_not_there_or_hold_nothing(tmp_path: Path, refuse: Make) -> None:
    write_xlsx(tmp_path / "o.xlsx", {"A": [], "B": [HEAD]})
    assert refuse("orders", path="o.xlsx") == "o.xlsx: the sheet A is empty. Name another one in sheet:."
    assert refuse("orders", path="o.xlsx", sheet="C") == "o.xlsx: has no sheet 'C'. Its sheets are A, B."
    assert refuse("orders", path="o.xlsx", sheet="B").startswith("o.xlsx: has column names but no rows.")


@pytest.fixture
def shop(tmp_path: Path) -> str:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("create table o (id integer, who text, at text, paid real)")
        connection.executemany(
            "insert into o values (?, ?, ?, ?)",
            [(2, "u2", "2026-07-02 10:00:00", 3.1), (1, "u1", "2026-07-01 09:05:00", 12)],
        )
    connection.close()
    return "sqlite:///shop.db"


QUERY = "select id as order_id, who as user_id, at, paid as amount from o"


def test_a_database_query_is_read_in_an_order_of_its_own(shop: str, load: Load) -> None:
    table = load("orders", url=shop, query=QUERY)
    assert table.column("order_id").to_pylist() == ["1", "2"]
    assert table.column("amount").to_pylist() == [Decimal(12), Decimal("3.1")]


@pytest.mark.parametrize(
    ("url", "query", "said"),
    [
        (
            "sqlite:///shop.db",
            "select * from nowhere",
            "sqlite:///shop.db: no such table: nowhere. Mend the query or the URL.",
        ),
        ("sqlite:///shap.db", QUERY, "shap.db: there is no such file. Did you mean shop.db?"),
        ("sqlite:///shop.db", QUERY + " where id > 5", "sqlite:///shop.db: has column names but no rows."),
        (
            "sqlite:///shop.db",
            QUERY.replace("paid", "-paid"),
            "sqlite:///shop.db, result row 1: amount: -3.1 is negative.",
        ),
        ("nonsense", QUERY, "the URL: cannot be read as a database URL."),
        ("nosuch://u:secret@h/x", QUERY, "nosuch://h/x: there is no driver for nosuch."),
        (
            "postgresql://u:${NO_SUCH_VARIABLE}@h/x",
            QUERY,
            "postgresql://h/x: the environment variable NO_SUCH_VARIABLE is",
        ),
    ],
)
def test_database_troubles_are_named_without_the_password(
    url: str, query: str, said: str, shop: str, refuse: Make
) -> None:
    message = refuse("orders", url=url, query=query)
    assert message.startswith(said)
    assert "secret" not in message


def test_sql_over_files(tmp_path: Path, orders: Make, load: Load, refuse: Make) -> None:
    write_xlsx(tmp_path / "names.xlsx", {"A": [["who", "name"], ["u1", "甲"], ["u2", "乙"]]})
    sql = tmp_path / "o.sql"
    sql.write_text('select order_id, name as user_id, "at", amount from o join n on who = user_id order by 1')
    files = {"o": orders(), "n": "names.xlsx"}
    assert load("orders", files=files, sql="o.sql").column("user_id").to_pylist() == ["甲", "乙", "甲"]
    sql.write_text("select *, from o, none")
    assert refuse("orders", files=files, sql="o.sql").startswith(
        "o.sql: Catalog Error: Table with name none does not exist"
    )
    sql.write_text("select * replace (-amount::int as amount) from o order by order_id")
    assert refuse("orders", files=files, sql="o.sql").startswith("o.sql, result row 1: amount: -13 is negative.")
    sql.write_text("select * from 'names.csv'")
    assert "o.sql: " in refuse("orders", files=files, sql="o.sql")


def test_a_reader_is_chosen_by_the_ending_whatever_its_case(tmp_path: Path) -> None:
    (tmp_path / "a.CSV").write_text("n\n1\n", "utf-8")
    (tmp_path / "a.json").write_text('[{"n": "1"}]', "utf-8")
    pq.write_table(pa.table({"n": ["1", ""]}), tmp_path / "a.pq")
    write_xlsx(tmp_path / "a.xlsx", {"A": [["n"], ["1"]]})
    read_by = {name: read_file(name, Source(path=name), tmp_path) for name in ("a.CSV", "a.json", "a.pq", "a.xlsx")}
    assert [raw.facts["format"] for raw in read_by.values()] == ["text", "json", "parquet", "workbook"]
    assert {raw.frame.column("n")[0].as_py() for raw in read_by.values()} == {"1"}
    assert read_by["a.pq"].frame.column("n").null_count == 1, "empty text is an empty cell"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.pdf", "x", "a.pdf: .pdf is not a kind of table file. Export it as one of .csv"),
        ("a", "x", "a: no ending is not a kind of table file"),
        ("a.parquet", "x", "a.parquet: is not a readable Parquet file ("),
        ("a.csv", "n\n", "a.csv: has column names but no rows. Export it again"),
    ],
)
def test_what_is_no_table_is_refused_by_its_name(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(DataError) as error:
        read(Source(path=name), tmp_path)
    assert str(error.value).startswith(said)


def test_constants_and_parts_of_the_name_become_columns(tmp_path: Path) -> None:
    (tmp_path / "w_2026-07.csv").write_text("n\n1\n", "utf-8")
    options = {"constants": {"platform": "weibo"}, "from_name": {"at": r"_(\d{4}-\d{2})"}}
    found = read(Source(paths={"w_*.csv": {"brand": "ours"}}, **options), tmp_path)
    assert found.frame.to_pylist() == [{"n": "1", "platform": "weibo", "brand": "ours", "at": "2026-07"}]
