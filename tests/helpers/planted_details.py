"""Personal details as people write them, planted into sentences, and ordinary texts that only look like them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from random import Random

_MARK = re.compile(r"\[[a-z]+\]")
_MOBILE = (
    "130 131 132 133 134 135 136 137 138 139 141 145 146 147 148 149 150 151 152 153 155 156 157 158 159 162 165 166 "
    "167 170 171 172 173 175 176 177 178 180 181 182 183 184 185 186 187 188 189 190 191 192 193 195 196 197 198 199"
).split()
_AREAS = "010 021 022 023 0311 0451 0512 0571 0592 0755 0769 0871 0898 0931".split()
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红"
_SIGNS = ("", ":", "：", " ", "是", "是：", " - ")
_SAID = ("{}谢谢", "有问题找我 {} 随时", "{}", "客服一直不回,{},尽快处理", "质量不错。{}。下次再来")
_SAID_ENGLISH = ("Love it. {}. Thanks", "Please help: {}", "{}", "Never arrived, {}, please check")


@dataclass(frozen=True)
class Planted:
    """A text and what in it must not survive; `secret` is the detail as it stands in the text."""

    kind: str
    text: str
    secret: str

    def leaked(self, masked: str) -> bool:
        """Tell whether five characters in a row of the secret survive (or all but one of a shorter one)."""
        left, secret = _bare(_MARK.sub("|", masked)), _bare(self.secret)
        block = SequenceMatcher(None, secret, left, autojunk=False).find_longest_match()
        return block.size >= min(5, max(2, len(secret) - 1))


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum() or c in "|\u3007" or c.isnumeric())


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _mobile(rng: Random) -> str:
    return rng.choice(_MOBILE) + _digits(rng, 8)


def _parted(number: str, gap: str, *lengths: int) -> str:
    parts, at = [], 0
    for length in lengths:
        parts.append(number[at : at + length])
        at += length
    return gap.join([*parts, number[at:]] if at < len(number) else parts)


def _drawn(number: str, digits: str) -> str:
    return "".join(digits[int(c)] if c.isascii() and c.isdigit() else c for c in number)


def _phone(rng: Random) -> str:
    return rng.choice(("电话", "手机", "打我", "tel", "手机号")) + rng.choice(_SIGNS) + "{" + _mobile(rng) + "}"


def _phone_parted(rng: Random) -> str:
    gap = rng.choice(
        (" ", "-", "–", "—", ".", "·", "/", "_", "  ", " - ", "－", "、", ",", "*", "~", "\u00a0", "\u200b", "|")
    )
    number = _mobile(rng)
    return "手机{" + (_parted(number, gap, 3, 4) if rng.random() < 0.8 else _parted(number, gap, 3, 3, 3)) + "}"


def _phone_abroad(rng: Random) -> str:
    number = rng.choice((_mobile(rng), _parted(_mobile(rng), "-", 3, 4), _parted(_mobile(rng), " ", 3, 4)))
    return (
        "call {"
        + rng.choice(("+86", "86", "86-", "+86-", "(+86)", "（86）", "0086", "0086 ", "＋86 ", "86 "))
        + number
        + "}"
    )


def _phone_drawn(rng: Random) -> str:
    style = rng.choice(("０１２３４５６７８９", "⓪①②③④⑤⑥⑦⑧⑨", "⓿❶❷❸❹❺❻❼❽❾", "🄀⒈⒉⒊⒋⒌⒍⒎⒏⒐", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "0⑴⑵⑶⑷⑸⑹⑺⑻⑼"))
    number = _mobile(rng)
    if rng.random() < 0.2:
        return "找我{" + "".join(f"{c}\ufe0f\u20e3" for c in number) + "}"
    return "找我{" + _drawn(number if rng.random() < 0.7 else _parted(number, " ", 3, 4), style) + "}"


def _phone_spoken(rng: Random) -> str:
    style = rng.choice(
        (
            "零一二三四五六七八九",
            "〇一二三四五六七八九",
            "零壹贰叁肆伍陆柒捌玖",
            "零幺二三四五六七八九",
            "0一2三4五6七8九",
        )
    )
    number = _drawn(_mobile(rng), style)
    return "打{" + (number if rng.random() < 0.6 else _parted(number, rng.choice((" ", "-", "，")), 3, 4)) + "}"


def _hongkong(rng: Random) -> str:
    number = rng.choice("5679") + _digits(rng, 7)
    number = rng.choice((number, _parted(number, " ", 4), _parted(number, "-", 4)))
    head = rng.choice(("+852 ", "+852", "852-", "(852) ", "00852 ", "电话：", "WhatsApp ", "tel: ", "手機 ", "852 "))
    return head + "{" + number + "}"


def _taiwan(rng: Random) -> str:
    number = "9" + _digits(rng, 8)
    return rng.choice(
        (
            "{0" + number + "}",
            "{0" + _parted(number, "-", 3, 3) + "}",
            "{0" + _parted(number, " ", 3, 3) + "}",
            "+886 {" + number + "}",
            "{886-" + _parted(number, "-", 3, 3) + "}",
            "電話{02-2" + _parted(_digits(rng, 7), "-", 3) + "}",
            "{(02)2" + _digits(rng, 7) + "}",
            "{886" + number + "}",
        )
    )


def _landline(rng: Random) -> str:
    area, number = rng.choice(_AREAS), rng.choice("2345678") + _digits(rng, 7)
    return rng.choice(
        (
            "座机{" + f"{area}-{number}" + "}",
            "{" + f"({area}){number}" + "}",
            "{" + f"（{area}）{number}" + "}",
            "{" + f"{area} {_parted(number, ' ', 4)}" + "}",
            "{" + f"+86 {area[1:]} {number}" + "}",
            "电话 {" + f"{area}{number}" + "}",
            "固话{" + f"{area}—{number}转{_digits(rng, 3)}" + "}",
            "{+44 7" + _digits(rng, 3) + " " + _digits(rng, 6) + "}",
            "{+853 6" + _digits(rng, 3) + " " + _digits(rng, 4) + "}",
            "{+65 8" + _digits(rng, 3) + " " + _digits(rng, 4) + "}",
        )
    )


def _resident(rng: Random) -> str:
    body = rng.choice(("110105", "310104", "440106", "510107", "330106", "420111", "610113", "350203"))
    body += f"{rng.randint(1950, 2006)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{_digits(rng, 3)}"
    total = sum(int(c) * pow(2, 17 - at, 11) for at, c in enumerate(body))
    number = body + "10X98765432"[total % 11]
    style = rng.randrange(6)
    if style == 0:
        number = number.replace("X", "x")
    elif style == 1:
        number = _parted(number, rng.choice((" ", "-", ".", "/")), 6, 8)
    elif style == 2:
        number = _drawn(number, "０１２３４５６７８９")
    elif style == 3:
        number = _drawn(number, "⓪①②③④⑤⑥⑦⑧⑨")
    return rng.choice(("身份证", "身份证号：", "我的证件 ", "ID ")) + "{" + number + "}"


def _hongkong_card(rng: Random) -> str:
    head, body = rng.choice("ABCDEGHKMPRSYZ"), _digits(rng, 6)
    total = 36 * 9 + (ord(head) - 55) * 8 + sum(int(c) * (7 - at) for at, c in enumerate(body))
    check = "0123456789A"[-total % 11]
    return (
        rng.choice(("香港身份证", "HKID ", "身份證號碼："))
        + "{"
        + rng.choice((f"{head}{body}({check})", f"{head}{body}（{check}）"))
        + "}"
    )


def _taiwan_card(rng: Random) -> str:
    codes = {"A": 10, "B": 11, "C": 12, "D": 13, "E": 14, "F": 15, "G": 16, "H": 17, "T": 27, "V": 29}
    head = rng.choice(list(codes))
    body = rng.choice("12") + _digits(rng, 7)
    total = codes[head] // 10 + codes[head] % 10 * 9 + sum(int(c) * (8 - at) for at, c in enumerate(body))
    return rng.choice(("身分證", "台湾身份证号", "ID: ", "")) + "{" + f"{head}{body}{-total % 10}" + "}"


def _passport(rng: Random) -> str:
    return rng.choice(
        (
            "护照{E" + _digits(rng, 8) + "}",
            "护照号：{EA" + _digits(rng, 7) + "}",
            "passport {G" + _digits(rng, 8) + "}",
            "港澳通行证{C" + _digits(rng, 8) + "}",
            "回乡证 {H" + _digits(rng, 10) + "}",
            "台胞证：{0" + _digits(rng, 7) + "}",
        )
    )


def _card(rng: Random) -> str:
    body = rng.choice(("621700", "622848", "400123", "520012", "625912")) + _digits(rng, rng.choice((9, 12)))
    total = sum(sum(divmod(int(c) * (2 if at % 2 == 0 else 1), 10)) for at, c in enumerate(reversed(body)))
    number = body + str(-total % 10)
    style = rng.randrange(5)
    if style < 2:
        number = _parted(number, rng.choice((" ", "-", ".", "  ")), 4, 4, 4, 4)
    elif style == 2:
        number = _drawn(number, rng.choice(("０１２３４５６７８９", "⓪①②③④⑤⑥⑦⑧⑨")))
    return rng.choice(("卡号", "银行卡：", "card ", "打到")) + "{" + number + "}"


def _handle(rng: Random) -> str:
    head = "".join(rng.choice(_LETTERS) for _ in range(rng.randint(2, 6)))
    return head + rng.choice(("_", "", "-")) + _digits(rng, rng.randint(3, 6))


def _wechat(rng: Random) -> str:
    label = rng.choice(
        ("微信号", "微信", "vx", "V信", "加v", "威信", "wechat", "WeChat ID", "wx", "微信号码", "➕v", "薇信")
    )
    return label + rng.choice((":", "：", " ", "是" if label[-1] in "号码信" else ":")) + "{" + _handle(rng) + "}"


def _qq(rng: Random) -> str:
    number = rng.choice("123456789") + _digits(rng, rng.randint(6, 9))
    number = rng.choice((number, number, _drawn(number, "０１２３４５６７８９"), _drawn(number, "⓪①②③④⑤⑥⑦⑧⑨")))
    return (
        rng.choice(("QQ", "qq号", "扣扣", "QQ号：", "Q群", "q:", "企鹅号", "QQ群号"))
        + rng.choice(("", " ", ":"))
        + "{"
        + number
        + "}"
    )


def _account(rng: Random) -> str:
    label = rng.choice(
        (
            "小红书号",
            "抖音号",
            "快手号",
            "支付宝账号",
            "支付宝",
            "微博账号",
            "B站UID",
            "Telegram",
            "ins",
            "Line ID",
            "小红薯号",
            "抖音ID",
        )
    )
    handle = (
        _digits(rng, rng.randint(8, 10))
        if label in {"小红书号", "抖音号", "B站UID"} and rng.random() < 0.6
        else _handle(rng)
    )
    return label + rng.choice((":", "：", ": ")) + "{" + handle + "}"


def _email(rng: Random) -> str:
    name, host = _handle(rng), rng.choice(("163.com", "gmail.com", "qq.com", "example.com.cn"))
    return rng.choice(
        (
            "邮箱{" + f"{name}@{host}" + "}",
            "email {" + f"{name}＠{host.replace('.', '．')}" + "}",
            "{" + f"{name} @ {host}" + "}",
            "{" + f"{name}艾特{host.split('.')[0]}点com" + "}",
            "{" + f"{name}[at]gmail[dot]com" + "}",
            "{" + f"{name}(at)gmail.com" + "}",
            "{" + f"{name} at gmail dot com" + "}",
            "{" + f"{name}#{host}" + "}",
        )
    )


def _name(rng: Random) -> str:
    name = rng.choice(_SURNAMES) + "".join(rng.choice(_GIVEN) for _ in range(rng.randint(1, 2)))
    return rng.choice(
        (
            "我叫{NAME}，",
            "我叫{NAME}",
            "收货人：{NAME}",
            "收件人 {NAME}，",
            "姓名:{NAME}",
            "我的名字是{NAME}。",
            "本人{NAME}，",
            "联系人{NAME} ",
        )
    ).replace("NAME", name)


def _english_name(rng: Random) -> str:
    name = rng.choice(("John Smith", "Mary Johnson", "Wei Zhang", "Emily O'Brien", "Li Na", "Robert"))
    return rng.choice(("my name is {NAME}", "My name is {NAME}", "Name: {NAME}", "recipient: {NAME}")).replace(
        "NAME", name
    )


def _chinese_address(rng: Random) -> str:
    city = rng.choice(
        (
            "北京市朝阳区",
            "上海市浦东新区",
            "杭州市西湖区",
            "广州天河区",
            "四川省成都市武侯区",
            "深圳南山区",
            "江苏省苏州市",
        )
    )
    street = rng.choice(("建国路", "中山北路", "文三路", "天府大道", "人民东路", "解放街", "学院路", "科技南十二路"))
    house, room = rng.randint(1, 999), f"{rng.randint(1, 30)}{rng.randint(1, 9):02d}"
    block, unit = rng.randint(1, 40), rng.randint(1, 6)
    return (
        "寄到"
        + city
        + rng.choice(
            (
                f"{{{street}{house}号}}",
                f"{{{street}{house}号{block}号楼{room}室}}",
                f"{{{street}{house}弄{block}号{room}}}",
                f"{{阳光花园{block}栋{unit}单元{room}}}",
                f"{{阳光花园{block}-{unit}-{room}}}",
                f"{{{street} {house} 号 {block} 栋 {room} 室}}",
                f"{{万科城市花园{block}#{room}}}",
                f"{{{street}{house}号院{block}号楼{unit}单元{room}}}",
                f"{{{street}{_drawn(str(house), '０１２３４５６７８９')}号}}",
                f"{{幸福里{block}幢{room}室}}",
                f"{{望京SOHO塔{unit} {room}室}}",
                f"{{龙泉镇青山村{block}组{unit}号}}",
            )
        )
    )


def _traditional_address(rng: Random) -> str:
    house, floor = rng.randint(1, 800), rng.randint(2, 30)
    return "地址" + rng.choice(
        (
            f"{{台北市信義區市府路{house}號{floor}樓}}",
            f"{{高雄市前鎮區中山二路{house}號}}",
            f"{{九龍旺角彌敦道{house}號{floor}樓A室}}",
            f"{{香港銅鑼灣軒尼詩道{house}號}}",
            f"{{新北市板橋區文化路一段{house}號{floor}樓之{rng.randint(1, 9)}}}",
            f"{{沙田第一城{floor}座{floor}樓B室}}",
        )
    )


def _english_address(rng: Random) -> str:
    house, flat = rng.randint(1, 2400), rng.randint(1, 60)
    road = rng.choice(
        (
            "Baker Street",
            "Oak Ave",
            "Nanjing West Road",
            "Queen's Road Central",
            "Elm Court",
            "Park Terrace",
            "Sunset Blvd",
        )
    )
    return rng.choice(
        (
            f"I live at {{{house} {road}}}",
            f"ship to {{{house} {road}, Apt {flat}B}}",
            f"address: {{Flat {flat}, {house} {road}}}",
            f"{{Room {flat}03, Building {flat}, No. {house} {road}}}",
            f"{{No.{house} {road}}}",
            f"sent to {{{house} {road.lower()}}}",
            f"{{P.O. Box {house}7}}",
            f"my address is {{{house}-{house + 2} {road}}}",
            f"{{{flat}/F, Tower 3, {house} {road}}}",
            f"{{{house} N. {road}}}",
        )
    )


def _plate(rng: Random) -> str:
    where, letter = rng.choice("京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"), rng.choice("ABCDEFGH")
    tail = rng.choice(
        (_digits(rng, 5), "D" + _digits(rng, 5), _digits(rng, 4) + "K", "B" + _digits(rng, 4), _digits(rng, 5) + "F")
    )
    return (
        rng.choice(("车牌", "我的车", "停车 "))
        + "{"
        + where
        + rng.choice(
            (
                letter + tail,
                letter + "·" + tail,
                letter + " " + tail,
                letter + "-" + tail,
                letter.lower() + tail.lower(),
                _wide(letter + tail),
            )
        )
        + "}"
    )


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


def _order(rng: Random) -> str:
    return rng.choice(
        (
            "订单号：{2026" + _digits(rng, 13) + "}",
            "快递单号{SF" + _digits(rng, 13) + "}",
            "order number {" + _digits(rng, 9) + "}",
            "订单编号 {" + _drawn(_digits(rng, 14), "０１２３４５６７８９") + "}",
        )
    )


KINDS: dict[str, tuple[int, Callable[[Random], str]]] = {
    "mobile": (60, _phone),
    "mobile, parted": (90, _phone_parted),
    "mobile, 86": (60, _phone_abroad),
    "mobile, other digits": (70, _phone_drawn),
    "mobile, spoken": (50, _phone_spoken),
    "phone, Hong Kong": (50, _hongkong),
    "phone, Taiwan": (50, _taiwan),
    "phone, landline and abroad": (50, _landline),
    "id, mainland": (70, _resident),
    "id, Hong Kong": (30, _hongkong_card),
    "id, Taiwan": (30, _taiwan_card),
    "passport and permit": (30, _passport),
    "card": (50, _card),
    "WeChat": (50, _wechat),
    "QQ": (40, _qq),
    "other account": (50, _account),
    "e-mail": (40, _email),
    "name": (30, _name),
    "name, English": (10, _english_name),
    "address": (40, _chinese_address),
    "address, traditional": (10, _traditional_address),
    "address, English": (20, _english_address),
    "plate": (10, _plate),
    "order": (10, _order),
}
"""How many of each kind are planted, and what writes one: the braces hold the secret."""


def planted(seed: int) -> list[Planted]:
    """Make 1,000 texts with one detail each."""
    rng = Random(seed)
    return [_planted(rng, kind, write(rng)) for kind, (count, write) in KINDS.items() for _ in range(count)]


def _planted(rng: Random, kind: str, written: str) -> Planted:
    before, _, rest = written.partition("{")
    secret, _, after = rest.partition("}")
    sentence = rng.choice(_SAID_ENGLISH if written.isascii() else _SAID)
    return Planted(kind, sentence.format(f"{before}{secret}{after}"), secret)


_ORDINARY: dict[str, tuple[str, ...]] = {
    "price": (
        "花了{p}元",
        "{p}块钱买的",
        "¥{p}.00 有点贵",
        "原价{p}现价{q}",
        "${p}.99 only",
        "从{p}降到{q}",
        "满{p}减{n}",
        "{p}-{q}元之间",
        "NT${p}",
        "HK$ {p}",
        "{p},{q},{p}三个价",
    ),
    "date": (
        "{y}年{m}月{d}日买的",
        "{y}-{m:02}-{d:02}下单",
        "{y}/{m}/{d} 到货",
        "{m}月{d}号发货",
        "{y}.{m:02}.{d:02}",
        "{y}{m:02}{d:02}批次",
        "on {m}/{d}/{y}",
        "{y}-{m:02}-{d:02} 18:30:05",
        "①{m}月②{d}日",
        "{y}{m:02}{d:02}1830",
    ),
    "year": (
        "用到{y}年",
        "{y}款 比 2019款好",
        "since {y}",
        "{y}-2027赛季",
        "二零二六年买的",
        "一九九八年的老店",
        "{y} 2025 2024 三年",
    ),
    "model": (
        "iPhone {n} Pro",
        "RTX40{n} 显卡",
        "新RTX4090真快",
        "WH-1000XM5 降噪",
        "i7-13{n}00K",
        "型号 A{q}B",
        "小米{n} Ultra 16+512",
        "V{n}.0.1版本",
        "Model T{p}",
        "E{q} 型号",
        "SKU: 1000{q}",
        "XPS 13 93{n}",
        "ThinkPad X1 2026",
    ),
    "quantity": (
        "{p}个赞",
        "{n}克 {n}毫升",
        "涨了{p}粉",
        "播放量{q}00",
        "{q}0000次播放",
        "{n}%的人",
        "群里{p}人",
        "排第{p}名",
        "{n}x{n}x{n}cm",
        "QQ群{p}人",
        "1:{n} 比例",
        "{p}公里",
        "{p}mAh 电池",
    ),
    "product code": (
        "条码 690{q}123{n:02}1",
        "ISBN 978-7-{q}-{n:02}-1",
        "批号{y}{m:02}{d:02}",
        "商品编号 1000{q}978",
        "货号：{q}",
        "活动编号{y}{m:02}",
    ),
    "platform": (
        "微信支付{p}元",
        "微信{y}年更新了",
        "wechat pay works well",
        "WeChat payment failed",
        "抖音号称最好用",
        "小红书{p}篇笔记推荐",
        "支付宝付了{p}元",
        "支付宝 {p}元",
        "QQ音乐会员{n}元",
        "抖音{p}万粉丝",
        "ins风 {n}平米",
        "加v领毛衣",
        "line up at {n}",
        "微信小程序v{n}",
        "telegram channel with {p} people",
    ),
    "place": (
        "一路顺风",
        "这条路走了{n}分钟",
        "地铁{n}号线",
        "住{n}楼很吵",
        "路边{n}家店",
        "小区里{n}只猫",
        "在北京市开了{n}家店",
        "{n}号店员态度差",
        "3 miles down the road",
        "24 hour street food",
        "the best way to drive",
        "{n} lane road",
        "第{n}单元第3课",
        "5 star drive",
        "{n} Day Drive",
        "香港{n}家店",
        "区别很大,市面上{n}种",
    ),
    "name-like": (
        "我叫了{n}次客服",
        "我叫外卖",
        "我叫快递上门",
        "本人已经用了{n}天",
        "本人强烈推荐",
        "联系人工客服",
        "my name is on the box",
        "名字很好听",
        "我叫车了",
        "收货人很满意",
        "姓名贴{n}张",
        "我叫他退货",
        "本人高度近视",
        "本人马上退货",
        "本人于{m}月买的",
        "联系人不在",
    ),
    "time and score": (
        "10:30-22:00 营业",
        "比分{n}:{n}",
        "9.{n}分",
        "一二三四五",
        "五六七八个",
        "三三两两一百二十个",
        "{n}-{n}-{n}",
        "24*7",
        "一一对应 二八定律",
        "第一二三四五六七八九十章",
        "+{n}% yoy",
        "评分 4.9/5.0, {p}/{q}",
    ),
}


@dataclass(frozen=True)
class Ordinary:
    """A text without anything personal."""

    kind: str
    text: str


def ordinary(seed: int, rounds: int = 8) -> list[Ordinary]:
    """Make `rounds` ordinary texts from each pattern."""
    rng = Random(seed)
    return [
        Ordinary(kind, _ordinary(rng, text))
        for kind, texts in _ORDINARY.items()
        for text in texts
        for _ in range(rounds)
    ]


def _ordinary(rng: Random, text: str) -> str:
    numbers = {"p": rng.randint(100, 9999), "q": rng.randint(1000, 99999), "n": rng.randint(2, 60)}
    return text.format(**numbers, y=rng.randint(2018, 2026), m=rng.randint(1, 12), d=rng.randint(1, 28))
