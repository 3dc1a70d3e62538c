"""Time zone and currency come from what the files write, and doubts are said."""

from pathlib import Path

import pytest

from reachbook.draft import circumstances
from reachbook.draft.guess import guess
from reachbook.draft.opened import opened
from reachbook.draft.proposal import Proposal


def orders(root: Path, *rows: str, name: str = "a.csv", more: str = "") -> Proposal:
    (root / name).write_text("\n".join([f"order_id,user_id,at,amount{more}", *rows]) + "\n", "utf-8")
    return guess(next(opened(name, root)), root)


@pytest.mark.parametrize(
    ("times", "zone", "said"),
    [
        (["2026-07-01 09:00:00"], "Asia/Shanghai", "assumed"),
        (["2026-07-01 09:00:00 +0800", "2026-07-01 09:00:00 -0400"], "Asia/Shanghai", "-0400"),
        (["2026-07-01T09:00:00Z"], "UTC", "guessed"),
        (["2026-07-01 09:00:00 -0400"], "Etc/GMT+4", "better the name of the place"),
        (["2026-07-01 09:00:00 +0530"], "Asia/Shanghai", "which days are meant?"),
    ],
)
def test_the_zone(tmp_path: Path, times: list[str], zone: str, said: str) -> None:
    found = orders(tmp_path, *(f"{i},u,{at},3" for i, at in enumerate(times)))
    entry = circumstances.timezone([found], tmp_path)
    assert (entry.value, said in entry.why) == (zone, True)


@pytest.mark.parametrize(
    ("amounts", "currency", "said"),
    [
        (["3", "4"], "CNY", "assumed"),
        (["¥3", "4"], "CNY", "¥ may be another"),
        (["$3", "4"], "USD", "$ may be another"),
        (["€3", "4"], "EUR", "guessed: €"),
        (["3元", "¥4"], "CNY", "guessed"),
    ],
)
def test_the_currency(tmp_path: Path, amounts: list[str], currency: str, said: str) -> None:
    found = orders(tmp_path, *(f"{i},u,2026-07-01 09:00,{each}" for i, each in enumerate(amounts)))
    entry = circumstances.currency([found], tmp_path)
    assert (entry.value, said in entry.why, entry.off) == (currency, True, False)


def test_two_currencies_are_not_decided(tmp_path: Path) -> None:
    one = orders(tmp_path, "1,u,2026-07-01 09:00,$3")
    other = orders(tmp_path, "2,u,2026-07-01 09:00,3,CNY", name="b.csv", more=",Currency")
    entry = circumstances.currency([one, other], tmp_path)
    assert entry.off
    assert entry.why.startswith("which? The files name $, CNY")


def test_a_file_that_names_none_is_named(tmp_path: Path) -> None:
    one = orders(tmp_path, "1,u,2026-07-01 09:00,$3")
    other = orders(tmp_path, "2,u,2026-07-01 09:00,3", name="b.csv")
    assert circumstances.currency([one, other], tmp_path).why.endswith("check it for b.csv, which names none")


def test_a_chinese_file_beside_dollars_is_for_a_person_to_decide(tmp_path: Path) -> None:
    one = orders(tmp_path, "1,u,2026-07-01 09:00,$3")
    (tmp_path / "b.csv").write_text("订单号,会员号,下单时间,实付金额\n2,u,2026-07-01 09:00,3\n", "utf-8")
    other = guess(next(opened("b.csv", tmp_path)), tmp_path)
    entry = circumstances.currency([one, other], tmp_path)
    assert (entry.value, entry.off) == ("USD", True)
    assert "b.csv none, in Chinese" in entry.why


@pytest.mark.parametrize(
    ("header", "language"),
    [("订单号,会员号,下单时间,实付金额", ["zh"]), ("order_id,user_id,at,amount", []), ("order_id,user_id,at,金额", [])],
)
def test_the_language_is_that_of_most_column_names(tmp_path: Path, header: str, language: list[str]) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\n1,u,2026-07-01 09:00,3\n", "utf-8")
    found = guess(next(opened("a.csv", tmp_path)), tmp_path)
    assert [each.value for each in circumstances.language([found])] == language
