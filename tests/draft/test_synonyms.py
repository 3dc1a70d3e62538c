"""synonyms.yaml names columns and values of the contracts only, and finds them whatever their case and gaps."""

import pytest
from ruamel.yaml import YAML

from reachbook.draft.synonyms import FILE, candidates, folded, our_value, place_in
from reachbook.tables.contract import CONTRACTS

LISTED = YAML(typ="safe", pure=True).load(FILE.read_text("utf-8"))


@pytest.mark.parametrize("table", LISTED["columns"])
def test_every_synonym_is_of_a_column(table: str) -> None:
    assert {*LISTED["columns"][table]} <= {*CONTRACTS[table].names}


def test_every_value_is_of_a_closed_list() -> None:
    allowed = {c.name: {*c.values} for each in CONTRACTS.values() for c in each.columns if c.values}
    assert all({*words} <= allowed[column] for column, words in LISTED["values"].items())


@pytest.mark.parametrize("name", ["Order No", "ORDER_NO", "order-no", "订单编号", " 订单号 ", "order_id"])
def test_case_and_gaps_do_not_matter(name: str) -> None:
    assert candidates("orders", [name])["order_id"] == [name]


def test_a_bracket_at_the_end_is_no_part_of_a_name() -> None:
    assert folded("消耗(元)") == "消耗"
    assert candidates("media", ["花费（元）"])["spend"] == ["花费（元）"]


def test_the_likelier_stands_first() -> None:
    assert candidates("orders", ["付款时间", "下单时间"])["at"] == ["下单时间", "付款时间"]


@pytest.mark.parametrize(
    ("file", "place"),
    [("小红书评论_7月.csv", "xiaohongshu"), ("douyin.xlsx", "douyin"), ("抖音与微博.csv", None), ("a.csv", None)],
)
def test_a_file_s_name_may_tell_the_platform(file: str, place: str | None) -> None:
    assert place_in(file) == place


def test_values_become_ours() -> None:
    assert [our_value("kind", each) for each in ("点赞", "收藏", "打赏")] == ["like", "collect", None]
