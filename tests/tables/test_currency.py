"""Money of another currency than the study's is refused by what the file itself says."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers.raw_table import raw_table
from reachbook.errors import DataError
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.currency import foreign, meant, other_units
from reachbook.tables.source import Source
from reachbook.tables.store import checked

COLUMNS = {"week": "Day", "channel": "Campaign", "spend": "Cost"}
Ask = Callable[..., str]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """What a study of a currency says of a CSV: "" where it takes it."""

    def run(text: str, name: str = "media", currency: str = "CNY", **source: Any) -> str:
        (tmp_path / "m.csv").write_text(text, "utf-8")
        try:
            given = Source(**{"path": "m.csv", **source})
            checked(name, given, tmp_path, tmp_path / ".cache", "Asia/Shanghai", datetime(2026, 10, 1), currency)
        except DataError as error:
            return str(error)
        return ""

    return run


def media(cost: str = "Cost", cell: str = "1.5", column: str = "", mark: str = "") -> str:
    head = f"Day,Campaign,{cost}" + (f",{column}" if column else "")
    rows = [f"2026-07-{6 + i:02d},a,{cell}" + (f",{mark}" if column else "") for i in range(3)]
    return "\n".join([head, *rows, ""])


@pytest.mark.parametrize(
    "column", ["Currency", "currency_code", "Account currency", "币种", "货币", "结算币种", "货币类型"]
)
@pytest.mark.parametrize("mark", ["USD", "美元", "US$", "usd"])
def test_a_column_of_currencies_is_believed(column: str, mark: str, ask: Ask) -> None:
    message = ask(media(column=column, mark=mark), columns=COLUMNS)
    assert message.startswith("m.csv:2: ")
    assert "in 3 of 3 rows, but the study's money is in CNY (currency: in study.yaml, CNY unless stated)" in message
    assert "scale: {spend: 7.2}" in message
    assert ask(media(column=column, mark=mark), columns=COLUMNS, currency="USD") == ""


@pytest.mark.parametrize("mark", ["CNY", "RMB", "人民币", "元", "¥", ""])
def test_the_studys_own_currency_passes(mark: str, ask: Ask) -> None:
    assert ask(media(column="币种", mark=mark), columns=COLUMNS) == ""


@pytest.mark.parametrize(
    ("cost", "currency", "taken"),
    [
        ("Amount spent (USD)", "CNY", False),
        ("Amount spent (USD)", "USD", True),
        ("Cost (EUR)", "CNY", False),
        ("消耗(元)", "CNY", True),
        ("消耗（元）", "USD", False),
        ("花費(TWD)", "CNY", False),
        ("费用(美元)", "CNY", False),
        ("Cost ($)", "CNY", False),
        ("Cost ($)", "HKD", True),
        ("spend_usd", "CNY", False),
        ("消耗(万元)", "CNY", True),
        ("Cost (total)", "CNY", True),
        ("Cost", "CNY", True),
    ],
)
def test_a_name_that_says_the_currency_is_believed(cost: str, currency: str, taken: bool, ask: Ask) -> None:
    message = ask(media(cost), columns={**COLUMNS, "spend": cost}, currency=currency)
    assert (message == "") is taken
    assert taken or "by its name, but the study's money is in" in message


@pytest.mark.parametrize("cell", ["$1.50", "US$1.50", "1.50 USD", "€3", "HK$ 12"])
def test_cells_with_the_sign_of_another_currency_are_told_as_such(cell: str, ask: Ask) -> None:
    message = ask(media(cell=cell), columns=COLUMNS)
    assert message.startswith("m.csv:2: Cost: says ")
    assert "but the study's money is in CNY" in message


def test_a_sign_of_the_studys_own_currency_is_no_number_but_no_other_currency(ask: Ask) -> None:
    message = ask(media(cell="¥1.50"), columns=COLUMNS)
    assert 'Cost (spend): "¥1.50" is not a number: it is a sum with its currency.' in message
    assert "study's money" not in message


def test_a_stated_rate_converts_and_a_power_of_ten_does_not(ask: Ask) -> None:
    usd = media(column="Currency", mark="USD")
    assert ask(usd, columns=COLUMNS, scale={"spend": 7.2}) == ""
    assert "study's money is in CNY" in ask(usd, columns=COLUMNS, scale={"spend": 0.01})
    mixed = usd.replace("USD", "CNY", 1)
    assert "in 2 of 3 rows" in ask(mixed, columns=COLUMNS, scale={"spend": 7.2})


def test_an_outcome_of_ones_own_is_money_too_where_it_says_so(ask: Ask) -> None:
    text = "unit_id,arm,GMV (USD)\nu1,a,1\nu2,b,2\n"
    assert '"GMV (USD)": is in USD by its name' in ask(text, "experiment")
    assert (
        ask(text.replace("arm,", "arm,GMV (CNY),").replace(",a,", ",a,3,").replace(",b,", ",b,4,"), "experiment") == ""
    )
    assert ask("unit_id,arm,visits,Temperature (C)\nu1,a,1,3\nu2,b,2,4\n", "experiment") == ""


OWN = "unit_id,arm,gmv\nu1,a,¥100\nu2,b,$100\n"


def test_two_currencies_in_a_column_of_ones_own_are_refused(ask: Ask) -> None:
    for rate in ({}, {"scale": {"gmv": 7.2}}):
        message = ask(OWN, "experiment", numbers={"gmv": "currency"}, **rate)
        assert message.startswith('m.csv:3: gmv: says "$100", but the study\'s money is in CNY, and other rows')
        assert "Split the rows by currency (parts:, each with its own where: and scale:)" in message
        assert "7.2" not in message, "one rate would convert both"
    assert "Split the rows" in ask(
        OWN.replace("arm", "age_band"), "users", columns={"user_id": "unit_id"}, numbers={"gmv": "currency"}
    )


def test_two_currencies_in_a_number_of_the_contract_are_refused(ask: Ask) -> None:
    text = "user_id,platform,kind,at,value\nu1,weibo,view,2026-07-01,¥5\nu2,weibo,view,2026-07-01,$5\n"
    assert "value: says $5, but" in ask(text, "interactions", numbers={"value": "currency"}).replace('"', "")
    assert ask(text.replace("$", "¥"), "interactions", numbers={"value": "currency"}) == ""


def test_one_other_currency_in_a_column_of_ones_own_needs_a_rate(ask: Ask) -> None:
    dollars = OWN.replace("¥", "$")
    message = ask(dollars, "experiment", numbers={"gmv": "currency"})
    assert 'gmv: says "$100" in 2 of 2 rows, but the study\'s money is in CNY' in message
    assert "scale: {gmv: 7.2}" in message
    assert ask(dollars, "experiment", numbers={"gmv": "currency"}, scale={"gmv": 7.2}) == ""
    assert ask(dollars.replace("$", "¥"), "experiment", numbers={"gmv": "currency"}) == ""


@pytest.mark.parametrize("others", ["¥1.50", "1.50"])
def test_a_rate_is_not_offered_where_it_would_convert_other_currencies_too(others: str, ask: Ask) -> None:
    text = media(cell="$1.50").replace("$1.50", others, 1)
    message = ask(text, columns=COLUMNS, numbers={"spend": "currency"})
    assert "Split the rows by currency" in message
    assert "7.2" not in message
    if others != "1.50":
        assert "Split" in ask(text, columns=COLUMNS, numbers={"spend": "currency"}, scale={"spend": 7.2})


def test_a_column_of_two_currencies_is_to_be_split_by_it(ask: Ask) -> None:
    mixed = media(column="Currency", mark="USD").replace("USD", "CNY", 1)
    assert "Split the rows by currency" in ask(mixed, columns=COLUMNS)
    assert "7.2" not in ask(mixed, columns=COLUMNS)
    parts = [
        Source(path="m.csv", columns=COLUMNS, where={"Currency": ("CNY",)}),
        Source(path="m.csv", columns=COLUMNS, where={"Currency": ("USD",)}, scale={"spend": 7.2}),
    ]
    assert ask(mixed, path=None, parts=tuple(parts)) == "", "the remedy works"


def test_a_tag_of_people_is_no_money(ask: Ask) -> None:
    assert ask("user_id,currency\nu1,USD\nu2,USD\n", "users") == ""


def test_a_unit_of_ten_thousand_in_a_name_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(media("消耗(万元)"), "utf-8")
    columns = {**COLUMNS, "spend": "消耗(万元)"}

    def said(**more: Any) -> tuple[str, ...]:
        source = Source(path="m.csv", columns=columns, **more)
        return checked("media", source, tmp_path, tmp_path / "c", "UTC", datetime(2026, 10, 1), "CNY").warnings

    assert said() == (
        'm.csv: "消耗(万元)" is in 万元 by its name, and is read as it stands. If so, write scale: {spend: 10000}.',
    )
    assert said(scale={"spend": 10000.0}) == ()


@pytest.mark.parametrize(
    ("mark", "codes"),
    [("usd", {"USD"}), (" RMB ", {"CNY"}), ("¥", {"CNY", "JPY"}), ("港币", {"HKD"}), ("points", set()), ("", set())],
)
def test_a_mark_stands_for_the_currencies_that_use_it(mark: str, codes: set[str]) -> None:
    assert meant(mark) == codes


@pytest.mark.parametrize(("scale", "problems"), [({}, 1), ({"spend": 0.01}, 1), ({"spend": 7.2}, 0)])
def test_only_a_rate_converts_and_cents_are_no_rate(scale: dict[str, float], problems: int) -> None:
    raw = raw_table({"spend": ["1", "$2", "$3"]}, "m.csv")
    found = foreign(raw, CONTRACTS["media"], {"spend": "spend"}, Source(path="m.csv", scale=scale), "CNY")
    assert [each.rows.tolist() for each in found] == [[1]] * problems
    assert all(each.tell(1).startswith('says "$2" in 2 of 3 rows, but the study') for each in found)


def test_a_smaller_unit_has_its_own_factor() -> None:
    (line,) = other_units({"amount": "金额（分）"}, CONTRACTS["orders"], Source(path="o.csv"), "o.csv")
    assert line.endswith("write scale: {amount: 0.01}.")


@pytest.mark.parametrize("chunks", [1, 2])
def test_signs_are_seen_in_cells_that_parquet_keeps_as_codes(chunks: int, tmp_path: Path) -> None:
    costs = pa.chunked_array([pa.array(["$1.5", "$2", "$2"]).dictionary_encode()] * chunks)
    days = pa.array([f"2026-07-{6 + row:02d}" for row in range(3 * chunks)])
    frame = pa.table({"week": days, "channel": pa.array(["a"] * 3 * chunks), "spend": costs})
    pq.write_table(frame, tmp_path / "m.parquet")
    source = Source(path="m.parquet", numbers={"spend": "currency"})
    folders = (tmp_path, tmp_path / ".cache", "Asia/Shanghai", datetime(2026, 10, 1))
    with pytest.raises(DataError, match=rf"spend: says \"\$1\.5\" in {3 * chunks} of {3 * chunks} rows, but the study"):
        checked("media", source, *folders, "CNY")
    assert checked("media", source, *folders, "USD").rows == 3 * chunks
