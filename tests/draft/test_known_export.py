"""What an export shows and its preset leaves open is drafted beside the preset."""

from pathlib import Path

import pytest

from reachbook.draft.entries import plain, text
from reachbook.draft.known_export import known_export
from reachbook.draft.opened import opened
from reachbook.draft.proposal import Proposal

HEADER = "订单编号,买家会员名,买家实际支付金额,退款金额,订单状态,订单创建时间"


def taobao(root: Path, *rows: str) -> Proposal:
    (root / "a.csv").write_text("\n".join([HEADER, *rows]) + "\n", "gb18030")
    return known_export(next(opened("a.csv", root)), root)


def test_a_plain_export_needs_its_preset_alone(tmp_path: Path) -> None:
    found = taobao(tmp_path, "1,a,5.00,,交易成功,2026-07-01 09:00:00", "2,b,7.00,,交易关闭,2026-07-01 09:00:00")
    assert text(found.options) == "preset: taobao_orders  # recognised: 淘宝/天猫 orders, ExportOrderList (CSV)\n"


def test_states_that_the_preset_does_not_know_are_suggested(tmp_path: Path) -> None:
    found = taobao(
        tmp_path,
        "1,a,5.00,,交易成功,2026-07-01 09:00:00",
        "2,b,7.00,7.00,已退款,2026-07-01 09:00:00",
        "3,c,8.50,,交易关闭,2026-07-01 09:00:00",
        "合计,,20.50,7.00,,",
    )
    assert plain(found.options) == {"preset": "taobao_orders", "totals": "leave_out"}
    drafted = text(found.options)
    assert "# where: {订单状态: {other_than: [交易关闭, 已退款, 等待买家付款]}}  # suggested: 1 row says so" in drafted
    assert "# subtract: {amount: 退款金额}  # suggested: 1 row holds a refund" in drafted


@pytest.mark.parametrize(("digits", "stated"), [("1782867600000", None), ("1782867600", {"at": "epoch_s"})])
def test_another_unit_of_time_than_the_preset_s_is_stated(
    tmp_path: Path, digits: str, stated: dict[str, str] | None
) -> None:
    header = "comment_id,note_id,content,create_time,like_count,last_modify_ts"
    (tmp_path / "a.csv").write_text(f"{header}\n1,n,好喝,{digits},3,1\n", "utf-8")
    found = known_export(next(opened("a.csv", tmp_path)), tmp_path)
    assert plain(found.options).get("formats") == stated


@pytest.mark.parametrize(
    ("day", "line"),
    [
        ("25/07/2026 09:00", "at: %d/%m/%Y %H:%M  # guessed"),
        ("05/07/2026 09:00", '# formats:\n#   at: "%d/%m/%Y %H:%M"  # day or month first?'),
        ("2026-07-25 09:00", ""),
    ],
)
def test_the_order_of_day_and_month_is_drafted_where_the_preset_says_nothing(
    day: str, line: str, tmp_path: Path
) -> None:
    drafted = text(taobao(tmp_path, f"1,a,5.00,,交易成功,{day}").options)
    assert line.replace("at: %d/%m/%Y %H:%M", 'at: "%d/%m/%Y %H:%M"') in drafted
    assert ("formats" in drafted) is bool(line)


def test_a_crawl_without_its_time_keeps_the_lower_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("comment_id,note_id,content,create_time\n1,n,好,1782867600000\n", "utf-8")
    found = known_export(next(opened("a.csv", tmp_path)), tmp_path)
    assert plain(found.options)["keep"] == "last"


def test_questions_of_the_preset_are_asked(tmp_path: Path) -> None:
    content = "时间-天,单元名称,消耗,展示数\n2026-07-01,a,5,100\n2026-07-02,a,6.5,120\n"
    (tmp_path / "a.csv").write_text(content, "utf-8")
    drafted = text(known_export(next(opened("a.csv", tmp_path)), tmp_path).options)
    assert "# constants: {channel: douyin}  # the name of the channel" in drafted
