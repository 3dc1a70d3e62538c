"""Personal data in free text replaced by what it was: phones, ids, cards, e-mails, WeChat and QQ ids, addresses, names.

Everything else stays letter for letter, so that a quote can still be found in the source by those who may see it.
When in doubt it masks: a number too many hidden costs a reader nothing.
"""

import re
from collections.abc import Callable, Iterable

_D = "[0-9０-９]"
_GAP = r"[\s\-－—·.]?"
_APART = rf"(?<!{_D})"
_END = rf"(?!{_D})"
_HANDLE = r"[A-Za-z0-9_][A-Za-z0-9_\-]{3,24}"
_SIGN = r"\s*(?:号码?|id|ID|是|为|名)?\s*[:：=\-~～]?\s*"
_WECHAT = r"(?:微信|威信|薇信|维信|徽信|加微|加[vV]|[vV]信|(?<![A-Za-z])(?:[wW]e[cC]hat|[wW]eixin|[vVwW][xX]))"
_QQ = r"(?:(?<![A-Za-z])[qQ]{2}|扣扣|秋秋|企鹅|群)"
_PLACE = r"[\u4e00-\u9fff]"
_NUMBER = r"[0-9０-９一二三四五六七八九十百]+"


def _rules() -> list[tuple[re.Pattern[str], str]]:
    city = rf"(?:{_PLACE}{{2,7}}?(?:省|自治区|市|区|县|镇|乡))"
    street = rf"{_PLACE}{{1,9}}?(?:路|街|大道|巷|弄|胡同|村|道)"
    door = rf"{_NUMBER}(?:-{_NUMBER})*(?:号楼|号院|号|弄|幢|栋|座|单元|楼|层|室|组|户)"
    estate = rf"{_PLACE}{{2,9}}?(?:小区|花园|公寓|大厦|广场|苑|新村|家园|学校|大学|宿舍)"
    text = [
        (r"[A-Za-z0-9._%+\-]{1,64}\s?[@＠]\s?[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})*\.[A-Za-z]{2,24}", "[email]"),
        (rf"({_WECHAT}{_SIGN}){_HANDLE}", r"\1[wechat]"),
        (rf"({_QQ}{_SIGN}){_D}(?:{_GAP}{_D}){{4,11}}{_END}", r"\1[qq]"),
        (rf"{_APART}[1-9１-９](?:{_GAP}{_D}){{16}}{_GAP}[0-9０-９xXｘＸ](?![0-9０-９A-Za-z])", "[id]"),
        (rf"{_APART}{_D}(?:[\s\-]?{_D}){{15,18}}{_END}", "[card]"),
        (rf"{_APART}(?:(?:\+|＋|00){_GAP}86{_GAP}|86[\s\-])?[1１][3-9３-９](?:{_GAP}{_D}){{9}}{_END}", "[phone]"),
        (rf"{_APART}{_D}{{15}}{_END}", "[id]"),
        (
            rf"{_APART}[\(（]?[0０]{_D}{{2,3}}[\)）]?[\s\-－—]?{_D}{{3,4}}[\s\-]?{_D}{{4}}(?:[\-转]{_D}{{1,5}})?{_END}",
            "[phone]",
        ),
        (rf"{_APART}[48]00[\s\-－]?{_D}{{3,4}}[\s\-－]?{_D}{{3,4}}{_END}", "[phone]"),
        (rf"(?<![0-9０-９A-Za-z])\+{_D}{{1,3}}(?:[\s\-.]?[\(]?{_D}{{2,4}}[\)]?){{2,4}}{_END}", "[phone]"),
        (rf"{_APART}\(?[2-9]{_D}{{2}}\)?[\s\-.]{_D}{{3}}[\-.]{_D}{{4}}{_END}", "[phone]"),
        (r"(?<![A-Za-z0-9])[EeGgPpDdSsHh]\d{8}(?![A-Za-z0-9])", "[id]"),
        (r"\b\d{3}-\d{2}-\d{4}\b", "[id]"),
        (
            rf"(?:{city}{{0,4}}(?:{street})?(?:{estate})?(?:{door})+)(?<=号楼|.[弄幢栋座室户院元]|[0-9０-９一二三四五六七八九十]号)",
            "[address]",
        ),
        (rf"{city}{{1,4}}{street}(?:{_NUMBER}号?)?(?:{estate})?", "[address]"),
        (
            r"\b\d{1,5}\s+(?:[A-Z][a-z]+\s){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd)\b\.?",
            "[address]",
        ),
        (r"(?<![A-Za-z0-9._%+\-])[@＠][\w\-·]{1,30}", "@[name]"),
    ]
    return [(re.compile(pattern), mark) for pattern, mark in text]


RULES = _rules()
_HINT = re.compile(r"[0-9０-９@＠]|[微威薇维徽vVwWqQ扣秋企群号室栋单弄路街]")


def mask(text: str) -> str:
    """`text` with every piece of personal data that the rules know replaced by [phone], [id], [address] ..."""
    if not _HINT.search(text):
        return text
    for pattern, mark in RULES:
        text = pattern.sub(mark, text)
    return text


def masked(texts: Iterable[str | None], function: Callable[[str], str] = mask) -> list[str | None]:
    """The same for many; what is missing stays missing."""
    return [None if text is None else function(text) for text in texts]
