"""What is personal goes, what is not stays letter for letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.tables import masking
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
    ("1 3 8 0 0 1 3 8 0 0 0", "8 0 0 0", "[phone]"),
    ("一三八零零一三八零零零", "零零一三八", "[phone]"),
    ("壹叁捌零零壹叁捌零零零", "零零壹叁捌", "[phone]"),
    ("13八00一38000打我", "八00", "[phone]"),
    ("电话87654321没人接", "87654321", "[phone]"),
    ("(0571)87654321", "87654321", "[phone]"),
    ("微信同号13800138000", "13800138000", "[phone]"),
    ("110105 19491231 002X", "19491231", "[id]"),
    ("护照号EA1234567", "EA1234567", "[id]"),
    ("车牌京A12345", "A12345", "[plate]"),
    ("订单号：20261122123456789", "20261122123456789", "[order]"),
    ("快递单号SF1234567890123", "SF1234567890123", "[order]"),
    ("order no. 483920174", "483920174", "[order]"),
    ("取件码 3-2-4567", "4567", "[order]"),
    ("加v：abc12345", "abc12345", "[wechat]"),
    ("➕v abc12345", "abc12345", "[wechat]"),
    ("+V：abc12345", "abc12345", "[wechat]"),
    ("薇❤abc12345", "abc12345", "[wechat]"),
    ("v❤️：abc12345", "abc12345", "[wechat]"),
    ("卫星号 abc12345", "abc12345", "[wechat]"),
    ("微 信：abc12345", "abc12345", "[wechat]"),
    ("wx13800abc", "13800abc", "[wechat]"),
    ("加q群123456789", "123456789", "[qq]"),
    ("我的Q 87654321", "87654321", "[qq]"),
    ("群号是 87654321", "87654321", "[qq]"),
    ("企鹅号 87654321", "87654321", "[qq]"),
    ("abc123艾特163.com", "abc123", "[email]"),
    ("abc123 at gmail dot com", "abc123", "[email]"),
    ("ＡＢＣ１２３＠ＭＡＩＬ．ＣＯＭ", "ＡＢＣ１２３", "[email]"),
    ("住在人民路12号3单元402", "402", "[address]"),
    ("我在中山北路二段30号", "30号", "[address]"),
    ("上海市浦东新区张江镇碧波路690号5号楼302室", "302", "[address]"),
    ("XX小区5栋1201", "1201", "[address]"),
    ("收货人：张三", "张三", "[name]"),
    ("@小明@小红 来看", "小红", "@[name]"),
]
PLAIN = [
    "2026年11月22日花了1999元买的,物流3天到",
    "这款手机续航12小时,充电65W,重量189克",
    "五星好评!!! 99.9% 满意",
    "iPhone 15 Pro Max 256G 真香",
    "双11满300减40, 用了2张券",
    "一路顺风,这条路走对了",
    "微信支付很方便",
    "微信支付1999元, 微信小程序很卡, wx支付也行",
    "iPhone 15 128G 8999元, 小米14 Ultra 16+512, 华为Mate60Pro 12+512",
    "2026年618买的, 2026-06-18 20:00下单, 10号下单12号到",
    "原价12999现价9999, 1380013元, 10000000+下载",
    "RTX4090 24G, i7-13700K, WH-1000XM5, V10版本, v2.0.1, CPU@3.6GHz",
    "一号店买的, 3号店员态度差, 地铁10号线, 第3号楼梯口",
    "5号楼离温泉远, 住12楼, 1203房间很吵, 三室两厅, 7座SUV",
    "一路上很开心, 市区里的道路, 网上说的路由器, 省电省油, 隐藏分区统统弄掉",
    "QQ音乐会员, qq空间, 群里的人都说好, 企鹅很可爱, 加V领的衣服",
    "5折@1999, @_@, 90后, 24*7, 1:30-2:30, 一二三四五",
    "订单20000多, 第2单元第3课",
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


@given(st.from_regex(r"[0-9.]{1,6}万?", fullmatch=True))
def test_no_rule_would_change_a_short_number(text: str) -> None:
    assert all(pattern.sub(mark, text) == text for pattern, mark in masking._rules())
    assert mask(text) == text
