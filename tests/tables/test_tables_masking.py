"""What is personal goes, what is not stays letter for letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.tables.masking import mask, masked

PERSONAL = [
    ("打我电话13800138000谢谢", "13800138000", "[phone]"),
    ("手机 138-0013-8000", "138-0013-8000", "[phone]"),
    ("+86 138 0013 8000 找我", "138 0013 8000", "[phone]"),
    ("１３８００１３８０００", "１３８００１３８０００", "[phone]"),
    ("座机010-62345678转801", "62345678", "[phone]"),
    ("客服400-820-8820", "400-820-8820", "[phone]"),
    ("call +1 415 555 0132 now", "415 555 0132", "[phone]"),
    ("call (415) 555-0132", "555-0132", "[phone]"),
    ("身份证11010519491231002X。", "11010519491231002X", "[id]"),
    ("护照E12345678", "E12345678", "[id]"),
    ("卡号6222 0200 1234 5678 901", "6222", "[card]"),
    ("mail me: some.one@example.com.cn!", "some.one@example.com.cn", "[email]"),
    ("加我微信：abc_12345", "abc_12345", "[wechat]"),
    ("vx: hello2020 私聊", "hello2020", "[wechat]"),
    ("V信abc12345", "abc12345", "[wechat]"),
    ("QQ：123456789", "123456789", "[qq]"),
    ("扣扣 87654321", "87654321", "[qq]"),
    ("寄到北京市海淀区中关村大街27号", "中关村大街27号", "[address]"),
    ("我家住幸福花园3栋2单元501室", "3栋2单元501室", "[address]"),
    ("浙江省杭州市西湖区文三路", "文三路", "[address]"),
    ("at 221 Baker Street today", "221 Baker", "[address]"),
    ("谢谢@小明同学 推荐", "小明同学", "@[name]"),
]
PLAIN = [
    "2026年11月22日花了1999元买的,物流3天到",
    "这款手机续航12小时,充电65W,重量189克",
    "五星好评!!! 99.9% 满意",
    "iPhone 15 Pro Max 256G 真香",
    "双11满300减40, 用了2张券",
    "一路顺风,这条路走对了",
    "微信支付很方便",
    "好" * 300,
]


@pytest.mark.parametrize(("text", "secret", "mark"), PERSONAL)
def test_personal_data_is_replaced_by_its_kind(text: str, secret: str, mark: str) -> None:
    assert mark in mask(text)
    assert secret not in mask(text)


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert mask(text) == text


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing_more_and_no_mobile_number_survives(text: str) -> None:
    assert mask(mask(text)) == mask(text)
    assert "13912345678" not in mask(text.rstrip("0123456789０１２３４５６７８９+-") + "。13912345678。" + text)


def test_long_texts_come_back() -> None:
    """A pattern that tries every way to cut such a text would not."""
    for text in (
        "路" * 20_000,
        "区" * 20_000,
        "1" * 20_000,
        "1 " * 10_000,
        "a@" * 10_000,
        "北京市" * 6_000,
        "一" * 20_000,
    ):
        assert mask(text)


def test_missing_stays_missing() -> None:
    assert masked(["call 13800138000", None]) == ["call [phone]", None]
