"""Columns are found by name or mapping, and what is missing or meant otherwise is asked for."""

from typing import Any

import pytest

from helpers.raw_table import raw_table
from reachbook.errors import DataError
from reachbook.tables.columns import find_columns
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.source import Source


def found(*there: str, table: str = "reviews", **options: Any) -> dict[str, str]:
    raw = raw_table({name: ["x"] for name in there}, "r.csv")
    return find_columns(raw, CONTRACTS[table], Source(path="r.csv", **options))


def test_ours_come_first_in_the_contract_s_order_then_the_user_s_own() -> None:
    columns = {"comment_id": ("编号", "id"), "label": "Label"}
    assert list(found("own", "note", "id", "Label ", columns=columns).items()) == [
        ("comment_id", "id"),
        ("label", "Label "),
        ("note", "note"),
        ("own", "own"),
    ]


@pytest.mark.parametrize(
    ("there", "options", "said"),
    [
        (("coment_id", "note"), {}, "comment_id is missing. The columns are: coment_id, note. Map it: columns: "),
        (("comment_id", "Label", "x"), {"columns": {"label": "x"}}, "label is mapped to x, but the file has a column"),
        (("comment_id",), {"values": {"lable": {"a": "b"}}}, "lable is not a column of reviews. Did you mean label?"),
        (("comment_id",), {"scale": {"note": 100}}, "scale: note is text, but scale is for money and number columns"),
        (("comment_id",), {"formats": {"note": "%Y"}}, "formats: note is text, but formats is for time and date"),
    ],
)
def test_what_does_not_fit_is_told_with_its_remedy(
    there: tuple[str, ...], options: dict[str, object], said: str
) -> None:
    with pytest.raises(DataError) as error:
        found(*there, **options)
    assert str(error.value).startswith("r.csv: ")
    assert said in str(error.value)


def test_an_open_table_takes_options_for_the_user_s_own_columns() -> None:
    assert found("user_id", "年消费", table="users", columns={"spent": "年消费"})["spent"] == "年消费"
