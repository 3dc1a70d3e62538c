"""Detect money in a currency other than the study's, from a column, a column's name or a sign in a cell."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import whole
from reachbook.tables.contract import Contract
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.cells import is_text, truth
from reachbook.tables.preset import alternatives
from reachbook.tables.problems import Problem, positions, show
from reachbook.tables.screening import Signs
from reachbook.tables.source import Source
from reachbook.translation import tr

_CODES = frozenset(
    "AED ARS AUD BDT BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KRW KZT LKR MMK MOP MXN MYR "
    "NGN NOK NZD PEN PHP PKR PLN QAR RON RUB SAR SEK SGD THB TRY TWD UAH USD UYU VND ZAR".split()
)
_DOLLARS = frozenset("USD AUD CAD HKD TWD SGD NZD MXN ARS CLP COP".split())
_NAMES: dict[str, frozenset[str]] = {
    **{code.casefold(): frozenset({code}) for code in _CODES},
    **{
        name: frozenset(codes.split())
        for names, codes in (
            ("rmb cnh 人民币 人民幣 cn¥ cn￥ 人民币元", "CNY"),
            ("元 块 圆 圓", "CNY TWD HKD MOP"),
            ("¥ ￥", "CNY JPY"),
            ("us$ usd$ 美元 美金 us-dollar dollar_us", "USD"),
            ("€ euro euros 欧元 歐元", "EUR"),
            ("£ 英镑 英鎊 pound", "GBP"),
            ("hk$ 港币 港幣 港元", "HKD"),
            ("nt$ 台币 台幣 新台币 新台幣 ntd", "TWD"),
            ("日元 日圆 日圓 円 jp¥ yen", "JPY"),
            ("₩ 韩元 韓元 won", "KRW"),
            ("s$ 新加坡元 新币", "SGD"),
            ("a$ au$ 澳元", "AUD"),
            ("c$ ca$ 加元", "CAD"),
            ("฿ 泰铢", "THB"),
            ("₫ 越南盾", "VND"),
            ("₹ 卢比", "INR"),
            ("rm 林吉特", "MYR"),
            ("rp 印尼盾", "IDR"),
            ("₽ 卢布", "RUB"),
            ("澳门元 mop$", "MOP"),
        )
        for name in names.split()
    },
    "$": _DOLLARS,
}
_COLUMN = re.compile(
    r"(?:.*[\s_\-])?currency(?:[\s_\-]*(?:code|id|name))?|.*(?:币种|幣種|币别|幣別|货币|貨幣)(?:代码|代碼|类型|單位|单位|名称)?",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[(（\[【]\s*(?:单位|unit)?\s*[:：]?\s*([^)）\]】]{1,8}?)\s*[)）\]】]\s*$", re.IGNORECASE)
_ENDING = re.compile(
    r"[\s_\-/](usd|cny|rmb|eur|gbp|hkd|twd|ntd|jpy|krw|sgd|aud|thb|vnd|myr|idr|[￥¥$€£]|us\$)\s*$", re.IGNORECASE
)
_UNITS = re.compile("^[百千万萬亿億]+")
_FACTORS = {
    "千元": "1000",
    "万元": "10000",
    "萬元": "10000",
    "百万元": "1000000",
    "亿元": "100000000",
    "分": "0.01",
    "角": "0.1",
}
_SCALED = re.compile(r"[(（\[【]\s*(?:单位\s*[:：]?\s*)?(千元|万元|萬元|百万元|亿元|分|角)\s*[)）\]】]\s*$")
_SIGN = r"[A-Za-z]{0,3}[$¥￥€£₩฿₫₹₽]"
_CELL = (
    rf"^\s*[-+(]?\s*(?P<a>{_SIGN}|USD|US|CNY|RMB|EUR|GBP|HKD|TWD|JPY|KRW|SGD|AUD|CAD)?"
    rf"\s*[-+]?[\d.,\s]+(?P<b>{_SIGN}|[A-Za-z]{{3}}|[\p{{Han}}]{{1,3}})?\)?\s*$"
)
Rows = npt.NDArray[np.int64]
_TABLES = ("orders", "experiment", "panel", "series", "media", "outcome", "lift_tests")
_MONEY_NUMBERS = {"outcome": ("value",), "panel": ("outcome",), "series": ("outcome",), "lift_tests": ()}


def meant(mark: str) -> frozenset[str]:
    """Currency codes that a name or sign may stand for (`$` has several); empty where it is no currency."""
    return _NAMES.get(mark.strip().casefold(), frozenset())


def foreign(raw: Raw, contract: Contract, found: Mapping[str, str], source: Source, currency: str) -> list[Problem]:
    """Report cells and names that state a currency other than the study's, unless `scale:` gives a conversion rate, and
    cells of several currencies, which no rate converts.
    """
    stated = [name for name in found if "currency" in alternatives(source.numbers.get(name, ()))]
    if contract.name not in _TABLES:
        return list(_in_cells(raw, found, stated, currency, source))
    money = [name for name in found if _is_money(name, contract)]
    own = [name for name in found if contract.open and contract.column(name) is None]
    plain, own_plain = ([n for n in names if not _is_rate(source.scale.get(n))] for names in (money, own))
    converted = not plain if money else len(own_plain) < len(own)
    example = next(iter([*plain, *own_plain]), "amount")
    return [
        *_in_names(found, plain, (_BRACKET, _ENDING), currency),
        *_in_names(found, own_plain if not _says_ours(own, currency) else (), (_BRACKET,), currency),
        *_in_columns(raw, currency, converted, example),
        *_in_cells(raw, found, dict.fromkeys([*money, *stated]), currency, source),
    ]


def stated_otherwise(raw: Raw, names: Sequence[str], currency: str) -> list[Problem]:
    """Report columns of the file, to be taken off an amount, whose name or cells state another currency."""
    found = {name: name for name in names}
    return [*_in_names(found, names, (_BRACKET, _ENDING), currency), *_in_cells(raw, found, names, currency)]


def _says_ours(names: Sequence[str], currency: str) -> bool:
    """Whether one of the user's own columns names the study's currency, so that there is a choice of outcomes."""
    return any(currency in meant(_mark(name, (_BRACKET,))) for name in names)


def _is_money(name: str, contract: Contract) -> bool:
    column = contract.column(name)
    return column is not None and (column.kind == "money" or name in _MONEY_NUMBERS.get(contract.name, ()))


def _is_rate(factor: float | None) -> bool:
    """Whether a factor converts a currency; a power of ten only changes the unit, such as cents."""
    return factor is not None and abs(np.log10(factor) - round(np.log10(factor))) > 1e-9


def _in_columns(raw: Raw, currency: str, converted: bool, example: str) -> Iterator[Problem]:
    """Report rows whose currency column names another currency; a rate converts them only if all are in one
    currency.
    """
    for name in raw.frame.column_names:
        column = raw.frame.column(name)
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if not _COLUMN.fullmatch(name.strip()) or not is_text(kind):
            continue
        text = column.cast(pa.string()).combine_chunks()
        marks = [each for each in text.unique().to_pylist() if each and each.strip()]
        other = [each for each in marks if _is_other(each, currency)]
        rows = positions(truth(pc.is_in(text, pa.array(other, pa.string()))))
        if len(rows) and not (converted and len(marks) == 1):
            mixed = len({codes for each in marks if (codes := _codes(each))}) > 1
            yield _problem(name, rows, text, _apart(currency) if mixed else _remedy(currency, example))


def _codes(mark: str) -> frozenset[str]:
    """Currency codes that a mark may stand for; three capital letters are one, known or not."""
    return meant(mark) or frozenset({mark.strip()} if re.fullmatch(r"\s*[A-Z]{3}\s*", mark) else ())


def _is_other(mark: str, currency: str) -> bool:
    codes = _codes(mark)
    return bool(codes) and currency not in codes


def _remedy(currency: str, name: str) -> str:
    return tr(
        "but the study's money is in {currency} (currency: in study.yaml, CNY unless stated). Write the file's "
        "currency there if all money of the study is in it; else export it in the study's, or state the rate, as in "
        "scale: {{{name}: 7.2}}.",
        currency=currency,
        name=name,
    )


def _apart(currency: str) -> str:
    """What to do about a column of several currencies, where one rate would convert all of them."""
    return tr(
        "but the study's money is in {currency}, and other rows of the column name another currency or none: one rate "
        "would convert them all. Split the rows by currency (parts:, each with its own where: and scale:), or convert "
        "them before the export.",
        currency=currency,
    )


def _problem(name: str, rows: Rows, text: pa.Array, remedy: str) -> Problem:
    """Build the problem at its first row, with the number of rows: all need the same remedy."""

    def tell(row: int) -> str:
        said = show(text[row].as_py())
        if len(rows) == 1:
            return tr("says {said}, {remedy}", said=said, remedy=remedy)
        return tr("says {said} in {n:,} of {of:,} rows, {remedy}", said=said, n=len(rows), of=len(text), remedy=remedy)

    return Problem(-1, show(name), rows[:1], tell)


def _in_names(
    found: Mapping[str, str], names: Sequence[str], patterns: Sequence[re.Pattern[str]], currency: str
) -> Iterator[Problem]:
    """Report columns whose name states another currency, such as "Amount spent (USD)", once, at the first row."""
    for name in names:
        mark = _mark(found[name], patterns)
        if mark and currency not in meant(mark):
            said = tr("is in {mark} by its name, {remedy}", mark=show(mark), remedy=_remedy(currency, name))
            yield Problem(-1, show(found[name]), np.zeros(1, dtype=np.int64), lambda row, said=said: said)  # type: ignore[misc]


def _mark(name: str, patterns: Sequence[re.Pattern[str]]) -> str:
    """Currency at the end of a column's name, in brackets or after a space or underscore; "" for none."""
    found = (pattern.search(name) for pattern in patterns)
    marks = (_UNITS.sub("", match[1]) for match in found if match)
    return next((mark for mark in marks if meant(mark)), "")


def other_units(found: Mapping[str, str], contract: Contract, source: Source, place: str) -> Iterator[str]:
    """Yield one line for each money column whose name says 万元, 千元 or 分 and which has no `scale:`."""
    for name, theirs in found.items():
        unit = _SCALED.search(theirs)
        if unit and _is_money(name, contract) and name not in source.scale:
            factor = _FACTORS[unit[1]]
            yield (
                f"{place}: "
                + tr(
                    "{theirs} is in {unit} by its name, and is read as it stands. If so, write scale: "
                    "{{{name}: {factor}}}.",
                    theirs=show(theirs),
                    unit=unit[1],
                    name=name,
                    factor=factor,
                )
            )


def _in_cells(
    raw: Raw, found: Mapping[str, str], names: Iterable[str], currency: str, source: Source | None = None
) -> Iterator[Problem]:
    """Report money cells with the sign or code of another currency; where a rate converts the column, only if its
    cells name several.
    """
    for name in names:
        column = raw.frame.column(found[name])
        column = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        if not is_text(column.type):
            continue
        text = whole(column)
        if _without_marks(text, currency):
            continue
        signed = truth(pc.match_substring_regex(text, r"[^\d.,\s+\-eE()%]"))
        if not signed.any():
            continue
        rows = positions(signed)
        shapes = pc.replace_substring_regex(text.take(pa.array(rows)), r"[\d.,]+", "0").dictionary_encode()
        marks = [_marks(each) for each in pc.extract_regex(shapes.dictionary, _CELL).to_pylist()]
        other = np.asarray([any(_is_other(one, currency) for one in each) for each in marks], dtype=bool)[
            np.asarray(shapes.indices)
        ]
        named = [codes for each in marks for one in each if (codes := _codes(one))]
        several = bool(named) and not reduce(frozenset.__and__, named)
        if other.any() and (several or source is None or not _is_rate(source.scale.get(name))):
            bare = truth(pc.match_substring_regex(text, r"[1-9]")) & ~signed
            mixed = several or bare.any()
            yield _problem(found[name], rows[other], text, _apart(currency) if mixed else _remedy(currency, name))


def _marks(cell: dict[str, str] | None) -> list[str]:
    """Signs and codes before and behind the number of a cell."""
    return [mark for mark in (cell or {}).values() if mark]


def _without_marks(text: pa.Array, currency: str) -> bool:
    """Whether no cell holds more than a number and the study's own sign."""
    signs = Signs.of(text)
    own = [sign for sign in "¥￥" if not _is_other(sign, currency)]
    return signs.only(b"0123456789., +-eE()%") or any(signs.only(b"0123456789., +-()%", sign) for sign in own)
