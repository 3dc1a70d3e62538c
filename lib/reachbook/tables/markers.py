"""Words by which exports mark rows that should not count: refunds, closed and unpaid orders, totals."""

import re

_LEFT = (
    r"等待(?:买家|客户|用户)?(?:付款|支付)|[未待](?:买家|客户|用户)?(?:付款|支付|付尾款|付定金|付清|付)(?!中)|尚未(?:付款|支付)"
    r"|(?:支付|付款|交易|扣款|下单|订单|訂單)失[败敗]|退款|退货|退貨|退单|退單|[关關][闭閉]|取消|作[废廢]|撤[销銷]|撤[单單]|拒付|拒收|拒签|[冲沖][销銷]|红冲|"
    r"已退|退回|[无無]效"
)
_AROUND = (
    r"已|被|全[额額]|部分|全部|整[单單]|中|成功|完成|交易|[订訂][单單]|支付|付款|[买買]家|[卖賣]家|用[户戶]|客[户戶]|[顾顧]客|[会會]员|系[统統]"
    r"|平[台臺]|商家|店[铺鋪]|超[时時]|自[动動]|主[动動]|申[请請]|[处處]理|[审審]核|等待|待|的|因|由|后|後|前|人工|手[动動]|[单單]|[仅僅]|售[后後]|未?[发發][货貨]|未?收[货貨]"
    r"|[状狀][态態]|类|或|[,，、/\-_()（）:：;；|.。!！\s\d]"
)
_CLAIM = (
    r"(?:退[换換][货貨]|[换換][货貨]|[仅僅]?退款|退[货貨]|退[单單]|售[后後]|[维維][权權]|[纠糾][纷紛]|投[诉訴])"
    r"(?:申[请請]|[单單])?"
)
"""What a buyer may ask for after an order."""
_CLAIMS = rf"{_CLAIM}(?:[/、或和及与與]?[无無]?{_CLAIM})*"
_ENDED = (
    r"(?:已|被|[买買]家|[卖賣]家|商家|用[户戶])*"
    r"(?:[关關][闭閉]|取消|撤[销銷]|撤回|失[败敗]|拒[绝絕]|驳回|駁回)(?![订訂][单單]|交易)"
)
_NOT_LEFT = re.compile(
    r"[暂暫尚]?(?:尚未|没有|沒有|無需|无需|不可|不能|不存在|未|[无無]|非|不|没)"
    r"(?:被|有|申[请請]|提交|[发發]起|[发發]生|[过過]|全[额額]|部分)*"
    rf"(?:{_CLAIMS}(?!{_ENDED})|[关關][闭閉]|取消|作[废廢]|撤[销銷]|撤单|拒付|拒收|拒签|冲销|红冲|退回)"
    rf"|{_CLAIMS}{_ENDED}"
    rf"|(?:已|被)*(?:[关關][闭閉]|取消|撤[销銷]|撤回|拒[绝絕]|驳回|駁回)(?:了)?{_CLAIMS}"
)
_LEFT_CN, _WHOLE_CN = re.compile(_LEFT), re.compile(f"(?:{_LEFT}|{_AROUND})+")
_ONLY_AROUND = re.compile(f"(?:{_AROUND})*")

_LEFT_EN = frozenset(
    "refund refunds refunded refunding cancelled canceled cancellation voided void pending closed unpaid failed "
    "declined returned chargeback chargebacks reversed revoked abandoned invalid cancel notpay payerror".split()
)
_AROUND_EN = frozenset(
    "order orders payment transaction partially fully partial full by customer buyer seller user merchant shop store "
    "admin system automatically auto status is was has been to due timeout the requested request in progress completed "
    "trade pay taobao tmall "
    "complete successful success and".split()
)
_NOT_EN = re.compile(
    r"\b(?:not|no|non|never|without)[\s_-]+(?:\w+[\s_-]+)?(?:refund\w*|cancel\w*|void\w*|closed|returned|failed|pending)"
    r"|\b(?:refund|return)s?[\s_-]+(?:request[\s_-]+)?(?:was[\s_-]+|is[\s_-]+)?"
    r"(?:cancell?ed|declined|rejected|denied|withdrawn|failed)\b"
)
_UNPAID_EN = re.compile(
    r"\b(?:not[\s_-]paid|wait(?:ing)?[\s_-](?:for[\s_-])?(?:buyer[\s_-])?pay(?:ment)?"
    r"|awaiting[\s_-]payment|payment[\s_-]awaited|on[\s_-]hold)\b"
)

_TOTAL = (
    r"合[计計]|小[计計]|[总總][计計]|[汇匯彙][总總]|[总總]合[计計]|共[计計]|全部|[总總]和"
    r"|grand[\s_-]*totals?|sub[\s_-]*totals?|totals?"
)
_PERHAPS = r"[总總][体體]|整[体體]|平均值?|均值|overall|sum|summary|average|avg|mean|all"
_BEHIND = (
    r"\s*(?:[:：].{0,40}"
    r"|[(（\[]\s*(?:共|of)?\s*[\d,]*\s*(?:条|行|笔|个|rows?|全部|all|元|人民币|[A-Za-z]{3})?\s*[)）\]]"
    r"|(?:of\s+|共)?\s*[\d,]+\s*(?:条|行|笔|个|[\w\s]{0,20})?|行)?"
)
WHEN_SIGNS = "0123456789/. 年月日份季度周页第本全上下半一二三四五六七八九十Qq-"
WHEN = rf"(?:[\s{WHEN_SIGNS}]{{1,14}})?"
"""What a sum is of, before its word: 7月小计, 2026-07 合计, 本页合计, Q3 total."""
TOTAL = rf"(?i)^\s*[-—=*]*\s*{WHEN}(?:{_TOTAL}){_BEHIND}\s*[-—=*]*\s*$"
"""Matches a cell that only names a sum, perhaps with what it sums, such as "Total: Account" (RE2 and re)."""
PERHAPS = rf"(?i)^\s*(?:{_PERHAPS}){_BEHIND}\s*$"
"""Matches words that may name a sum or a thing; they mark a totals row only at the edge of a table (RE2 and re)."""

_MARKS_OF_LEAVING = (
    r"退款金额|退款总额|已退款?金额|退款时间|退款成功时间|退款完成时间|退款日期|取消时间|取消日期|关闭时间|是否(?:已|有|全额)?(?:退款|退货|取消|关闭|作废)|退款数量?"
    r"|refund(?:ed)?[\s_]?amount|amount[\s_]?refunded|total[\s_]?refund(?:ed)?|refund(?:ed)?[\s_]?(?:at|on|date|time)"
    r"|cancel(?:l?ed)?[\s_]?(?:at|on|date|time)|voided[\s_]?(?:at|on)|(?:is[\s_])?(?:refunded|cancell?ed|voided|returned)"
)
HEADER = re.compile(rf"\s*(?:{_MARKS_OF_LEAVING})\s*(?:[(（].{{0,12}}[)）])?\s*", re.IGNORECASE)
"""Names of columns in which a value says that an order was refunded or cancelled."""


def is_left(value: str) -> bool:
    """Whether a cell says, and says only, that its row was refunded, closed, cancelled or not paid.

    Notes
    -----
    交易关闭 and "Cancelled by customer" do; the campaign 取消订阅专题, which contains 取消 among other things, does
    not, and neither does 订单未关闭.
    """
    text = value.strip().casefold()
    return 0 < len(text) <= 40 and (_left_chinese(text) or _left_english(text))


def is_denied(value: str) -> bool:
    """Whether a cell says, and says only, that nothing was refunded or cancelled, or that a refund came to nothing.

    Notes
    -----
    无退款申请, 未退款, 退款关闭, 无售后或售后取消 and "not refunded" do; 退款成功 and 退款中 do not.
    """
    text = value.strip().casefold()
    rest = _NOT_LEFT.sub("", text)
    if rest != text:
        return bool(_ONLY_AROUND.fullmatch(rest))
    plain = _NOT_EN.sub(" ", text) if text.isascii() else text
    return plain != text and all(each in _AROUND_EN for each in re.split(r"[^a-z]+", plain) if each)


def _left_chinese(text: str) -> bool:
    rest = _NOT_LEFT.sub("", text)
    return bool(_LEFT_CN.search(rest) and _WHOLE_CN.fullmatch(rest))


def _left_english(text: str) -> bool:
    if not text.isascii():
        return False
    rest = _NOT_EN.sub(" ", text)
    tokens = [each for each in re.split(r"[^a-z]+", _UNPAID_EN.sub(" unpaid ", rest)) if each]
    return any(each in _LEFT_EN for each in tokens) and all(each in _LEFT_EN | _AROUND_EN for each in tokens)
