"""What is personal goes, what is not stays letter for letter."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.planted_details import KINDS, ordinary, planted
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
    ("加我好友 138O0138OOO", "138O0", "[phone]"),
    ("１３８-００１３-８０００", "００１３", "[phone]"),
    ("手机：138 0013 80 00", "0013", "[phone]"),
    ("电话 +86-138 0013 8000 或 13900139000", "0013 8000", "[phone]"),
    ("(+86) 138-0013-8000", "0013", "[phone]"),
    ("一三八，零零一三，八零零零", "零零一三", "[phone]"),
    ("我的号是 ㊀㊂㊇00138000", "00138", "[phone]"),
    ("致电 852 9123 4567", "4567", "[phone]"),
    ("马来西亚 +60 12-345 6789", "345", "[phone]"),
    ("+8613800138000", "138001", "[phone]"),
    ("0086-21-55556666", "5555", "[phone]"),
    ("身份证 110105-19491231-002X", "19491231", "[id]"),
    ("身份证号110105 1949 1231 002X", "1949", "[id]"),
    ("HKID A123456(3)", "123456", "[id]"),
    ("香港身份證A123456(3)", "123456", "[id]"),
    ("My ID is A123456789", "123456789", "[id]"),
    ("银行卡6222 0200 1234 5678 901", "1234", "[card]"),
    ("visa 4111-1111-1111-1111", "1111", "[card]"),
    ("小红书号是 95271234567", "952712", "[account]"),
    ("小红书ID：hello_world", "hello_world", "[account]"),
    ("抖音号 dy88888888", "8888", "[account]"),
    ("支付宝账号 wang88@163.com", "wang88", "[email]"),
    ("支付宝 13800138000", "138001", "[phone]"),
    ("ig: @my.shop_99", "shop_99", "@[account]"),
    ("line id: abc.def1", "abc.def", "[account]"),
    ("Telegram @john_doe88", "john_doe", "@[account]"),
    ("V：abcdefg", "abcdefg", "[wechat]"),
    ("vx号abc_1234", "abc_1234", "[wechat]"),
    ("加我薇信 abc1234", "abc1234", "[wechat]"),
    ("我叫王小明,今年20", "王小明", "[name]"),
    ("大家好我叫李娜。", "李娜", "[name]"),
    ("我叫冯玉谢谢", "冯玉", "[name]"),
    ("我叫吕霞华手机丢了", "吕霞华", "[name]"),
    ("我姓王，叫王小明", "王小明", "[name]"),
    ("收货人 欧阳娜娜，", "欧阳", "[name]"),
    ("寄 上海市静安区南京西路1266号恒隆广场2座1203", "1266", "[address]"),
    ("广东省深圳市南山区粤海街道科技园南区8栋1203室", "1203", "[address]"),
    ("住在望京东园四区8号楼1203", "1203", "[address]"),
    ("臺北市大安區忠孝東路四段128號5樓之2", "128", "[address]"),
    ("九龍觀塘道388號創紀之城一期1203室", "388", "[address]"),
    ("香港中環皇后大道中99號", "99", "[address]"),
    ("221B Baker Street, London NW1 6XE", "221B", "[address]"),
    ("1600 Pennsylvania Avenue NW, Washington, DC 20500", "1600", "[address]"),
    ("Flat 12A, 5/F, Tower 3, Taikoo Shing", "12A", "[address]"),
    ("No. 88, Nanjing West Road, Jing'an District, Shanghai", "88", "[address]"),
    ("i live at 12 oak street", "12 oak", "[address]"),
    ("粤B·D12345", "D12345", "[plate]"),
    ("沪AD12345 挡路", "D12345", "[plate]"),
    ("京A 8888警", "8888", "[plate]"),
    ("粤Z1234港", "1234", "[plate]"),
    ("12345678@qq.com", "12345678", "[email]"),
    ("wang.xiao ming at gmail dot com", "gmail", "[email]"),
    ("mail abc at qq点com", "abc", "[email]"),
    ("群号①②③④⑤⑥⑦⑧", "③④", "[qq]"),
    ("护照 E12345678", "12345678", "[id]"),
    ("台胞证 01234567", "01234567", "[id]"),
    ("社保卡号 110105194912310021", "19491231", "[id]"),
    ("tel 010 6234 5678", "6234", "[phone]"),
    ("打 0755-8888 6666", "8888", "[phone]"),
    ("400 820 8820", "8820", "[phone]"),
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
    "我和138个朋友在2026年11月22日18:30买了12件",
    "13.5.2026 10:30",
    "1399-1499-1599 三个价位",
    "型号 13900K 14900KS 7950X",
    "13,800,138,000 播放",
    "15 16 17 18 19 20 21",
    "2024 2025 2026 2027",
    "2026.01.18-2026.02.18",
    "20260118-20260218",
    "身份证丢了",
    "身高175体重120斤",
    "1 2 3 4 5 6 7 8 9 10",
    "微信号被封了",
    "微信聊天记录",
    "wechat official account",
    "WeChat mini program v8.0.49",
    "wechat 2026 update",
    "抖音账号注册不了",
    "抖音号: 没有",
    "小红书: 2026种草",
    "支付宝: 100",
    "ins: 2026新款",
    "QQ群里12345人",
    "q: why is it late?",
    "look at taobao.com",
    "shop at jd.com now",
    "C#12.net 教程",
    "F#net.com",
    "#618大促# #2026.com",
    "我叫了高德打车",
    "我叫任何人都行",
    "本人常常买",
    "本人文笔不好",
    "本人方向感差。",
    "联系人工 客服",
    "名字高级，好看",
    "名字是江南布衣的",
    "姓名和电话都要填",
    "my name is spelled wrong",
    "Name: brand",
    "Brand Name: Nike",
    "This is the 3rd Place",
    "Top 10 Place to go",
    "5 Star Service Way better",
    "I bought 2 Apple Watch Close to my home",
    "新RTX4090和新GTX1080Ti",
    "新A4纸 新S24Ultra",
    "新X100 新K70Pro",
    "川A级景区",
    "1203室温26度",
    "教室里30人",
    "第一城真大",
    "道路3组数据",
    "1组2组3组动作",
    "每层2个",
    "做了3组，每组12个",
    "12座的车",
    "中心2026年开业",
    "iPhone14和15座充",
    "CN-2026-1234567",
    "ISBN 9787111213826",
    "条码6901234567892",
    "版本1.3.8.0013.8000",
    "价格13.8-15.9",
    "IP 192.168.1.100",
    "ip 10.0.0.1 端口8080",
    "分辨率3840x2160 144Hz",
    "1920*1080",
    "经纬度 116.397428, 39.90923",
    "UTC+8 2026-11-30T18:30:05",
    "pi 3.14159265358979",
    "评分+1 666 888",
    "订单金额1999",
    "一一三三五五七七九九一一三三",
    "一三五七九",
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
        "room 5, " * 3_000,
        "①" * 20_000,
    ):
        assert mask(text)


def test_missing_stays_missing() -> None:
    assert masked(["call 13800138000", None]) == ["call [phone]", None]


@given(st.from_regex(r"[0-9.]{1,6}万?", fullmatch=True))
def test_no_rule_would_change_a_short_number(text: str) -> None:
    assert not any(rule.pattern.search(text) for rule in masking._rules())
    assert mask(text) == text


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_none_of_a_thousand_planted_details_is_left(seed: int) -> None:
    texts = planted(seed)
    assert len(texts) == 1_000 == sum(count for count, _ in KINDS.values())
    assert [one.text for one in texts if one.leaked(mask(one.text))] == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_less_than_a_hundredth_of_ordinary_texts_is_changed(seed: int) -> None:
    texts = ordinary(seed)
    assert sum(mask(one.text) != one.text for one in texts) < len(texts) / 100


def test_a_detail_left_as_it_is_counts_as_leaked() -> None:
    """The measure itself can fail: unmasked texts all leak."""
    leaked = Counter(one.kind for one in planted(4) if one.leaked(one.text))
    assert leaked == {kind: count for kind, (count, _) in KINDS.items()}
