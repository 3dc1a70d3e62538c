"""Mask personal data in free text: phones, ids, cards, orders, e-mails, WeChat names, addresses, person names."""

import re
from collections.abc import Callable, Iterable
from functools import cache

_D = "[0-9０-９]"
_GAP = r"[\s\-－—·.]?"
_APART = rf"(?<!{_D})"
_END = rf"(?!{_D})"
_HANDLE = r"[A-Za-z0-9_][A-Za-z0-9_\-]{3,24}"
_WIDE = r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９._%+\-．]"
_SIGN = r"\s*(?:号码?|id|ID)?\s*(?:是|为|名)?\s*[:：=\-~～]?\s*"
_HEART = "[❤♥💗💓💕💖💛💙💚💜\ufe0f]"
_WECHAT = (
    rf"(?:微\s?信|[威薇维徽卫]信|卫星号|(?:[威薇微]|(?<![A-Za-z])[vV]){_HEART}+|[加➕+＋]我?\s?[vV微薇](?![A-Za-z])"
    r"|[vV]信|(?<![A-Za-z])[vV](?=\s?[:：])|(?<![A-Za-z])(?:[wW]e[cC]hat|[wW]eixin|[vVwW][xX]))"
)
_QQ = r"(?:(?<![A-Za-z])[qQ]{1,2}|扣扣|秋秋|企鹅|群)"
_PLACE = r"(?![的了是在和很就不都也有我你他这那个])[\u4e00-\u9fff]"
"""One character of a place name."""
_COUNT = "[0-9０-９一二三四五六七八九十百]"
_NUMBER = f"{_COUNT}{{1,6}}"
_SPOKEN = "[0-9０-９零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺]"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


@cache
def _rules() -> list[tuple[re.Pattern[str], str]]:
    """Patterns and what replaces them; compiling them takes longer than reading a small table, which may need none."""
    text = [*_contacts(), *_numbers(), *_addresses(), *_names()]
    return [(re.compile(pattern), mark) for pattern, mark in text]


def _contacts() -> list[tuple[str, str]]:
    paper = r"(?:(?:订|运|工|快递|物流|退货|退款)单(?:编号|号码?|编码)|单号|流水号|交易号)"
    english = r"(?:[oO]rder|[tT]racking)\s?(?:[nN]o\.?|[nN]umber|[iI][dD])?"
    return [
        (rf"{_WIDE}{{1,64}}\s?[@＠]\s?{_WIDE}{{1,190}}[.．][A-Za-zＡ-Ｚａ-ｚ]{{2,24}}", "[email]"),
        (
            r"(?<![A-Za-z0-9._])[A-Za-z0-9._]{3,64}(?:艾特|\s?[\(\[]at[\)\]]\s?|\sat\s)[A-Za-z0-9\-]{2,30}(?:\.|\sdot\s|点)"
            r"(?:com|cn|net|org)(?![A-Za-z])",
            "[email]",
        ),
        (rf"({paper}\s?(?:是|为)?\s?[:：#]?\s?)[A-Za-z]{{0,4}}{_D}(?:-?{_D}){{5,30}}", r"\1[order]"),
        (rf"({english}\s?[:：#]?\s?)[A-Za-z]{{0,4}}{_D}(?:-?{_D}){{5,30}}", r"\1[order]"),
        (rf"((?:订|运)单\s?[:：#]?\s?)[A-Za-z]{{0,4}}{_D}{{10,30}}", r"\1[order]"),
        (rf"(取[件货]码\s?(?:是|为)?\s?[:：]?\s?){_D}(?:-?{_D}){{2,11}}", r"\1[order]"),
        (rf"({_WECHAT}{_SIGN}){_HANDLE}", r"\1[wechat]"),
        (rf"({_QQ}{_SIGN}){_D}(?:{_GAP}{_D}){{4,11}}{_END}", r"\1[qq]"),
    ]


def _numbers() -> list[tuple[str, str]]:
    area = rf"{_APART}[\(（]?[0０]{_D}{{2,3}}[\)）]?[\s\-－—]?{_D}{{3,4}}[\s\-]?{_D}{{4}}(?:[\-转]{_D}{{1,5}})?{_END}"
    return [
        (rf"{_APART}[1-9１-９](?:{_GAP}{_D}){{16}}{_GAP}[0-9０-９xXｘＸ](?![0-9０-９A-Za-z])", "[id]"),
        (rf"{_APART}{_D}(?:[\s\-]?{_D}){{15,18}}{_END}", "[card]"),
        (
            rf"{_APART}(?:(?:\+|＋|00){_GAP}86{_GAP}|86[\s\-])?[1１]{_GAP}[3-9３-９](?:{_GAP}{_D}){{9}}{_END}",
            "[phone]",
        ),
        (rf"(?<!{_SPOKEN})[1１一壹幺](?:{_SPOKEN}){{10}}(?!{_SPOKEN})", "[phone]"),
        (rf"{_APART}{_D}{{15}}{_END}", "[id]"),
        (area, "[phone]"),
        (
            rf"((?:座机|固话|电话|热线|(?<![A-Za-z])[tT][eE][lL])[号码是为:：.\s]{{0,4}}){_D}{{3,4}}[\s\-]?{_D}{{4}}{_END}",
            r"\1[phone]",
        ),
        (rf"{_APART}[48]00[\s\-－]?{_D}{{3,4}}[\s\-－]?{_D}{{3,4}}{_END}", "[phone]"),
        (rf"(?<![0-9０-９A-Za-z])\+{_D}{{1,3}}(?:[\s\-.]?[\(]?{_D}{{2,4}}[\)]?){{2,4}}{_END}", "[phone]"),
        (rf"{_APART}\(?[2-9]{_D}{{2}}\)?[\s\-.]{_D}{{3}}[\-.]{_D}{{4}}{_END}", "[phone]"),
        (r"(?<![A-Za-z0-9])(?:[EeGgPpDdSsHh]\d{8}|[Ee][A-Za-z]\d{7})(?![A-Za-z0-9])", "[id]"),
        (r"\b\d{3}-\d{2}-\d{4}\b", "[id]"),
        (rf"[{_PROVINCES}][A-Z][·•\s]?(?=[A-Z]{{0,4}}\d)[A-Z0-9]{{5,6}}(?![A-Za-z0-9])", "[plate]"),
    ]


def _addresses() -> list[tuple[str, str]]:
    # A name holds no ending after its first character: then a text can be cut in one way only, and a long one is quick.
    city = rf"(?:{_PLACE}(?:(?![省市区县镇乡]){_PLACE}){{1,6}}(?:省|市|自治区|区|县|镇|乡))"
    street = rf"{_PLACE}(?:(?![路街道巷弄村]){_PLACE}){{0,8}}(?:路|街|大道|巷|弄|胡同|村|道)"
    house = r"号(?![线店馆机下到桌位色码文称令召]|楼梯)"
    door = rf"{_NUMBER}(?:-{_NUMBER}){{0,3}}(?:号楼(?!梯)|号院|{house}|弄|幢|栋|座|单元|楼(?!梯)|层|室|组|户)"
    room = rf"(?:{_D}{{3,4}}(?![0-9０-９元块年月日个]))?"
    estate = rf"(?:{_PLACE}|[A-Za-z0-9]){{2,9}}?(?:小区|花园|公寓|大厦|广场|苑|新村|家园|学校|大学|宿舍)"
    english = r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd)"
    return [
        (rf"{city}{{0,4}}{street}\s?(?:{_NUMBER}段)?(?:{estate})?(?:{door})+{room}", "[address]"),
        (rf"{city}{{0,4}}(?:{street})?{estate}(?:{door})+{room}", "[address]"),
        (rf"{city}{{1,4}}(?:{door})+{room}", "[address]"),
        (rf"(?<!{_COUNT})(?:{door}){{2,6}}{room}", "[address]"),
        (rf"{city}{{1,4}}(?:{_PLACE}){{1,6}}?(?:路|街|大道|巷|胡同)(?:{estate})?", "[address]"),
        (rf"\b\d{{1,5}}\s+(?:[A-Z][a-z]+\s){{1,3}}{english}\b\.?", "[address]"),
    ]


def _names() -> list[tuple[str, str]]:
    return [
        (r"((?:收货人|收件人|联系人|姓名)\s?[:：]\s?)[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff])", r"\1[name]"),
        (r"(?<![A-Za-z0-9._%+\-])[@＠](?=[\w\-·]*[^\W\d_]|\d{6})[\w\-·]{1,30}", "@[name]"),
    ]


_HINT = re.compile(
    r"[0-9０-９@＠]|[微威薇维徽卫vVwWqQ扣秋企群号室栋单弄路街艾]| at |[收联姓].{1,2}[:：]"
    r"|[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺]{5}"
)
_SHORT_NUMBER = re.compile(r"[0-9.]{1,6}万?")
"""Too short for any of the rules."""


def mask(text: str) -> str:
    """Replace all personal data that the rules recognise in `text` by [phone], [id], [address] ...

    Notes
    -----
    All other characters are unchanged, so that authorised readers can still find a quote in the source. When in doubt
    it masks: hiding one number too many costs a reader nothing.
    """
    if not _HINT.search(text) or _SHORT_NUMBER.fullmatch(text):
        return text
    for pattern, mark in _rules():
        text = pattern.sub(mark, text)
    return text


def masked(texts: Iterable[str | None], function: Callable[[str], str] = mask) -> list[str | None]:
    """Mask each text; missing texts stay None."""
    return [None if text is None else function(text) for text in texts]
