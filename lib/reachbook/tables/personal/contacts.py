"""E-mails, order numbers and names of accounts."""

import re

from reachbook.tables.personal.rule import HANDLE, LABEL, UNITS, MaskingRule, rule

_HEART = "[❤♥💗💓💕💖💛💙💚💜]"
_ADD = r"[加➕+]我?\s?[vV微薇](?![A-Za-z])"
_WECHAT = (
    rf"(?:微\s?信|[威薇维徽卫]信|卫星号|(?:[威薇微]|(?<![A-Za-z])[vV]){_HEART}+|{_ADD}"
    r"|[vV]信|(?<![A-Za-z])[vV](?=\s?:)|(?<![A-Za-z])(?:[wW]e[cC]hat|[wW]eixin|[vVwW][xX]))"
)
_QQ = r"(?:(?<![A-Za-z])[qQ]{1,2}(?![A-Za-z])\s?群?|扣扣|秋秋|企鹅|群)"
_APP = "(?:小红[书薯]|小紅書|抖音|快手|支付[宝寶]|微博|[Bb]站|淘宝|旺旺|闲鱼|知乎|钉钉)"
_ABROAD = (
    r"(?<![A-Za-z])(?i:instagram|insta|ins|ig|line|telegram|tg|whatsapp|skype|twitter|facebook|fb|snapchat|tiktok|alipay"
    r"|douyin|weibo|xiaohongshu)(?![A-Za-z])"
)
_SAID = r"\s?(?:号码|账号|帐号|帳號|账户|账戶|号|號|(?i:id|uid|account|handle|user\s?name))"
_NAMED = r"\s?(?:是|为|is)?\s?[:=#]?\s?@?"
_COUNTED = rf"(?![A-Za-z0-9_\-]|\s?[{UNITS}])"
_AT, _DOT = (
    r"(?:艾特|\s?[\[(](?:at|AT|a)[\])]\s?|\s(?:at|AT)\s|#)",
    r"(?:\.|\s?[\[(](?:dot|DOT)[\])]\s?|\s(?:dot|DOT)\s|点)",
)
_SOMEBODY = re.compile(r"[0-9_]")


def contacts() -> list[MaskingRule]:
    """List the rules for e-mails, orders, WeChat, QQ and other accounts."""
    return [*_mails(), *_orders(), *_accounts()]


def _mails() -> list[MaskingRule]:
    wide = r"[A-Za-z0-9._%+\-]"
    spelled = (
        rf"(?<![A-Za-z0-9._])[A-Za-z0-9._\-]{{3,64}}{_AT}[A-Za-z0-9\-]{{2,30}}(?:{_DOT}[A-Za-z]{{2,4}})+(?![A-Za-z])"
    )
    return [
        rule(rf"{wide}{{1,64}}\s?@\s?{wide}{{1,190}}\.[A-Za-z]{{2,24}}", "[email]"),
        rule(spelled, "[email]", _is_mail),
    ]


def _is_mail(text: str) -> bool:
    """Tell "wang88 at 163.com" and "wang at gmail dot com" from "look at taobao.com"."""
    name, _, host = re.sub(_AT, "@", text, count=1).partition("@")
    spelled_out = re.search(r"\sat\s", text, re.IGNORECASE) is None or "." not in host
    return spelled_out or _SOMEBODY.search(name) is not None


def _orders() -> list[MaskingRule]:
    paper = (
        r"(?:(?:订|訂|运|運|工|快递|快遞|物流|退货|退款)[单單](?:编号|編號|号码?|號碼?|编码)|单号|單號|流水号|交易号)"
    )
    english = r"(?:[oO]rder|[tT]racking)\s?(?:[nN]o\.?|[nN]umber|[iI][dD])?"
    number = r"[A-Za-z]{0,4}\d(?:-?\d){5,30}"
    return [
        rule(rf"(?P<kept>{paper}\s?(?:是|为)?\s?[:#]?\s?){number}", "[order]"),
        rule(rf"(?P<kept>{english}\s?[:#]?\s?){number}", "[order]"),
        rule(r"(?P<kept>(?:订|运)单\s?[:#]?\s?)[A-Za-z]{0,4}\d{10,30}", "[order]"),
        rule(r"(?P<kept>取[件货]码\s?(?:是|为)?\s?:?\s?)\d(?:-?\d){2,11}", "[order]"),
    ]


def _accounts() -> list[MaskingRule]:
    handle = r"[A-Za-z0-9_][A-Za-z0-9_\-]{3,24}"
    gap = r"[\s\-·.]?"
    return [
        rule(rf"(?P<kept>{_WECHAT}{LABEL}){handle}{_COUNTED}", "[wechat]", _is_account),
        rule(
            rf"(?P<kept>{_WECHAT}\s?(?:号码?|ID|id)?\s?(?:[:=~是]|(?<=[vV微薇])\s?)\s?){handle}{_COUNTED}",
            "[wechat]",
            _is_name,
        ),
        rule(rf"(?P<kept>{_QQ}{LABEL})\d(?:{gap}\d){{4,11}}(?!\d|\s?[{UNITS}])", "[qq]"),
        rule(rf"(?P<kept>{_APP}{_SAID}{_NAMED}){HANDLE}{_COUNTED}", "[account]"),
        rule(rf"(?P<kept>{_APP}\s?(?:是|为)?\s?[:=]\s?@?){HANDLE}{_COUNTED}", "[account]", _is_account),
        rule(rf"(?P<kept>{_ABROAD}{_SAID}{_NAMED}){HANDLE}{_COUNTED}", "[account]"),
        rule(rf"(?P<kept>{_ABROAD}\s?[:=@]\s?@?){HANDLE}{_COUNTED}", "[account]", _is_account),
    ]


def _is_account(text: str) -> bool:
    """Tell an account from a word: it holds a digit or an underscore, and is no short number."""
    return _SOMEBODY.search(text) is not None and not re.fullmatch(r"\d{1,4}", text)


def _is_name(text: str) -> bool:
    """Tell a name from a number; a colon or "add me" before it says that it is an account."""
    return re.search(r"[A-Za-z_]", text) is not None
