"""Phones, identity numbers, bank cards and number plates."""

import re

from reachbook.tables.personal import check_digits
from reachbook.tables.personal.rule import LABEL, MaskingRule, rule

_GAP = r"[\s\-_./·•、,*~|]{0,3}"
_NARROW = r"[\s\-./·]{0,2}"
_APART = r"(?<![0-9])"
_END = r"(?![0-9])"
_ONE, _HIGH = "[1一壹幺]", "[3-9三四五六七八九叁肆伍陆柒捌玖拐勾]"
_SPOKEN = "[0-9零〇一二三四五六七八九壹贰叁肆伍陆陸柒捌玖幺洞拐勾]"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PHONE = (
    r"(?:座机|固话|电话|電話|手机|手機|热线|(?<![A-Za-z])(?i:tel|phone|mobile|whatsapp|cell)(?![A-Za-z]))"
    r"[号號码碼是为為:.\s]{0,4}"
)
_PAPER = (
    r"(?:身[份分][证證]|[证證]件|[护護]照|通行[证證]|回[乡鄉][证證]|[台臺]胞[证證]|居留[证證]|驾[驶照]证?"
    r"|(?<![A-Za-z])(?i:passport|hkid|id card)(?![A-Za-z]))"
)
_WAYS = {
    (11,), (3, 8), (7, 4), (3, 4, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (3, 5, 3), (3, 4, 2, 2), (3, 3, 3, 2),
    (3, 2, 2, 2, 2), (1, 3, 3, 4), (1, 2, 2, 2, 2, 2), (1,) * 11,
}  # fmt: skip
"""How people part the eleven digits of a mobile number."""


def numbers() -> list[MaskingRule]:
    """List the rules for identity numbers, cards, phones and plates, the longest first."""
    return [*_papers(), *_mobiles(), *_landlines(), *_plates()]


def _papers() -> list[MaskingRule]:
    return [
        rule(rf"{_APART}[1-9](?:{_NARROW}\d){{16}}{_NARROW}[0-9xX](?![0-9A-Za-z])", "[id]", _is_resident),
        rule(rf"{_APART}\d(?:{_NARROW}\d){{15,18}}{_END}", "[card]", _is_card),
        rule(rf"{_APART}3[47]\d\d[\s\-]\d{{6}}[\s\-]\d{{5}}{_END}", "[card]"),
        rule(rf"{_APART}\d{{15}}{_END}", "[id]"),
        rule(rf"(?P<kept>{_PAPER}{LABEL})[A-Za-z]{{0,2}}\d(?:[\s\-/]?\d){{5,17}}\s?(?:\([0-9A]\)|[0-9AXx])?", "[id]"),
        rule(
            r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d{6}\s?\([0-9Aa]\)",
            "[id]",
            lambda text: check_digits.hong_kong(check_digits.bare(text)),
        ),
        rule(r"(?<![A-Za-z0-9])[A-Za-z][1289]\d{8}(?![A-Za-z0-9])", "[id]", check_digits.taiwan),
        rule(r"(?<![A-Za-z0-9])(?:[EeGgPpDdSsHh]\d{8}|[Ee][A-Za-z]\d{7}|[HhMm]\d{10})(?![A-Za-z0-9])", "[id]"),
        rule(r"\b\d{3}-\d{2}-\d{4}\b", "[id]"),
    ]


def _mobiles() -> list[MaskingRule]:
    spoken = rf"{_ONE}[\s\-,]{{0,2}}{_HIGH}(?:[\s\-,]{{0,2}}{_SPOKEN}){{9}}"
    country = rf"(?:\(?(?:(?:\+|00){_NARROW})?86\)?{_NARROW})"
    return [
        rule(rf"{_APART}{country}?1{_GAP}[3-9](?:{_GAP}\d){{9}}{_END}", "[phone]", _is_mobile),
        rule(rf"(?<!{_SPOKEN}){spoken}(?!{_SPOKEN})", "[phone]", lambda text: not text.isascii()),
        rule(r"(?<![A-Za-z0-9])1[3-9][0-9Ool]{9}(?![A-Za-z0-9])", "[phone]"),
        rule(rf"{_APART}(?:\(?(?:\+|00)?85[23]\)?[\s\-]{{0,2}})[2-9]\d{{3}}[\s\-]?\d{{4}}{_END}", "[phone]"),
        rule(rf"{_APART}\(?(?:\+|00)?886\)?[\s\-]{{0,2}}\(?0?\)?9\d\d[\s\-]?\d{{3}}[\s\-]?\d{{3}}{_END}", "[phone]"),
        rule(rf"{_APART}09\d\d[\s\-]?\d{{3}}[\s\-]?\d{{3}}{_END}", "[phone]"),
    ]


def _landlines() -> list[MaskingRule]:
    area = rf"{_APART}\(?0\d{{2,3}}\)?[\s\-]?\d{{3,4}}[\s\-]?\d{{4}}(?:[\-转轉]\d{{1,5}})?{_END}"
    taiwan = (
        rf"{_APART}(?:\(0[2-8]\)\s?\d{{3,4}}[\s\-]?\d{{4}}|0[2-8]-\d{{3,4}}-?\d{{4}}|0[2-8] \d{{3,4}} \d{{4}}){_END}"
    )
    return [
        rule(area, "[phone]"),
        rule(rf"{_APART}(?:\+|00)\s?86[\s\-]{{0,2}}[2-9]\d{{1,2}}[\s\-]?\d{{3,4}}[\s\-]?\d{{4}}{_END}", "[phone]"),
        rule(taiwan, "[phone]"),
        rule(rf"(?P<kept>{_PHONE})\d{{3,4}}[\s\-]?\d{{4}}{_END}", "[phone]"),
        rule(rf"{_APART}[48]00[\s\-]?\d{{3,4}}[\s\-]?\d{{3,4}}{_END}", "[phone]"),
        rule(rf"(?<![0-9A-Za-z])\+(?=(?:\D?\d){{9}})\d{{1,3}}(?:[\s\-.]?[\(]?\d{{2,4}}[\)]?){{2,4}}{_END}", "[phone]"),
        rule(rf"{_APART}\(?[2-9]\d{{2}}\)?[\s\-.]\d{{3}}[\-.]\d{{4}}{_END}", "[phone]"),
    ]


def _plates() -> list[MaskingRule]:
    """GA 36-2018: five places with at least three digits, or six for new energy."""
    place = "[A-HJ-NP-Za-hj-np-z0-9]"
    usual = rf"(?=[A-Za-z]{{0,2}}\d)(?=(?:[A-Za-z]?\d){{3}}){place}{{5}}|\d{{4}}[警学挂]|{place}{{4}}[港澳]"
    electric = rf"[A-HJKa-hjk]{place}\d{{4}}|\d{{5}}[A-HJKa-hjk]"
    sign = f"(?:{electric}|{usual})"
    return [
        rule(rf"[{_PROVINCES}][A-HJ-Za-hj-z][·•\s\-]?{sign}(?![A-Za-z0-9])", "[plate]"),
        rule(r"(?P<kept>(?:车|車)牌(?:号码?|號碼?)?\s?[:是]?\s?)[A-Z]{2}\s?\d{3,4}(?![A-Za-z0-9])", "[plate]"),
    ]


def _groups(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _is_resident(text: str) -> bool:
    number = check_digits.bare(text)
    month, day = int(number[10:12]), int(number[12:14])
    born = number[6:8] in {"18", "19", "20"} and 1 <= month <= 12 and 1 <= day <= 31
    return born or check_digits.resident(number)


def _is_card(text: str) -> bool:
    """Tell a card from two dates or a row of years: as cards are printed, or with a right check digit; no dates."""
    groups = _groups(text)
    if len(groups) == 1:
        return True
    years = all(re.fullmatch(r"(?:19|20)\d{2}(?:[01]\d[0-3]\d)?", group) for group in groups)
    printed = all(len(group) == 4 for group in groups[:-1])
    return not years and (
        printed or (min(map(len, groups)) > 2 and check_digits.luhn("".join(groups))) or len(groups) > 15
    )


def _is_mobile(text: str) -> bool:
    """Tell a mobile number from figures that stand beside one another: by how its digits are parted."""
    groups = _groups(re.sub(r"^\D*(?:\+|00)?\D*86(?=\D*1\D*[3-9])", "", text))
    return tuple(map(len, groups)) in _WAYS
