"""How values are written: counts since 1970, day-first dates, signs and words in numbers, words for nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from reachbook.tables.kinds.cells import truth
from reachbook.tables.kinds.numbers import NUMBER
from reachbook.tables.options.numbers import formatted
from reachbook.tables.source import NumberRule
from reachbook.translation import joined, mark, tr

NOTHING = tuple("- -- — —— / 无 暂无 null NULL None none N/A n/a #N/A nan NaN \\N".split())
"""Cells that say "no value" in a column of numbers or times."""
_DRESS = re.compile(r'\s*="[^"]*"\s*|[\'‘’`].*|\s.*|.*\s', re.DOTALL)
_DAY_FIRST = re.compile(
    r"\s*(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})(?P<clock>\s+\d{1,2}:\d{2}(?P<s>:\d{2})?)?\s*"
)
_SPOKEN = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2} \d{2}:\d{2}:\d{2} [+-]\d{4} \d{4}")
_OFFSET = re.compile(r"\d\s*(?P<z>[Zz]|UTC|[+-]\d{2}:?\d{2})\s*$")
_RULES: tuple[tuple[NumberRule, str, str], ...] = (
    ("currency", r"[¥￥$€£元圆]|(?i:CNY|RMB|USD|EUR|HKD)", mark("signs of currency")),
    ("rounded", r"\d\s*(?:万|萬|亿|千|[wWkKmM])\+?\s*$", mark("numbers such as 1.2万")),
    ("at_least", r"\d[万wWkK]?\+\s*$", mark("numbers such as 10+")),
    ("below_as_limit", r"^\s*[<＜]", mark("numbers such as < 10")),
    ("percent", r"[%％]\s*$", mark("signs of percent")),
    ("duration", r"\d\s*[秒分]|^\d+:\d\d", mark("durations")),
)

_MILLISECONDS = mark("guessed: 13 digits, milliseconds since 1970")
_SECONDS = mark("guessed: 10 digits, seconds since 1970")


@dataclass(frozen=True)
class Written:
    """How the cells of one column are written.

    Attributes
    ----------
    form : str or None
        Format of times where it has to be stated.
    rules : tuple of NumberRule
        Ways of writing numbers that occur.
    why : str
        What was seen.
    doubt : str
        What cannot be told from the cells alone; "" for nothing.
    """

    form: str | None = None
    rules: tuple[NumberRule, ...] = ()
    why: str = ""
    doubt: str = ""


def is_dressed(values: Sequence[str]) -> bool:
    """Whether any value stands in ="...", behind an apostrophe or between blanks."""
    return any(_DRESS.fullmatch(each) for each in values)


def times(values: Sequence[str]) -> Written:
    """How times are written."""
    bare = [each.strip() for each in values]
    for digits, form, said in ((13, "epoch_ms", _MILLISECONDS), (10, "epoch_s", _SECONDS)):
        if bare and all(re.fullmatch(rf"1\d{{{digits - 1}}}", each) for each in bare):
            return Written(form, why=tr(said))
    if bare and all(_SPOKEN.fullmatch(each) for each in bare):
        return Written("%a %b %d %H:%M:%S %z %Y", why=tr("guessed: as in Wed Jul 01 09:00:00 +0800 2026"))
    found = [_DAY_FIRST.fullmatch(each) for each in bare]
    parts = [each for each in found if each is not None]
    if not parts or len(parts) < len(bare):
        return Written()
    return _day_first(parts)


def _day_first(parts: Sequence[re.Match[str]]) -> Written:
    one = parts[0]
    year = "%Y" if len(one["y"]) == 4 else "%y"
    clock = (" %H:%M:%S" if one["s"] else " %H:%M") if one["clock"] else ""
    day, month = (f"%d{one['sep']}%m{one['sep']}{year}{clock}", f"%m{one['sep']}%d{one['sep']}{year}{clock}")
    a, b = max(int(each["a"]) for each in parts), max(int(each["b"]) for each in parts)
    if a > 12 >= b:
        return Written(day, why=tr("guessed: the first number goes up to {a}, so it is the day", a=a))
    if b > 12 >= a:
        return Written(month, why=tr("guessed: the second number goes up to {b}, so it is the day", b=b))
    return Written(day, doubt=tr("day or month first? If the month: {month}", month=month))


def offsets(values: Sequence[str]) -> set[str]:
    """UTC offsets written behind times, as +0800."""
    spoken = {each.strip()[-10:-5] for each in values if _SPOKEN.fullmatch(each.strip())}
    found = (_OFFSET.search(each) for each in values if ":" in each and not _SPOKEN.fullmatch(each.strip()))
    return spoken | {"+0000" if match["z"] in "ZzUTC" else match["z"].replace(":", "") for match in found if match}


def numbers(values: Sequence[str], decimal: str) -> Written:
    """How numbers are written; without rules where plain, or where no rule explains all."""
    odd = [each.strip() for each in values if not re.fullmatch(NUMBER, each.strip())]
    rules = tuple((rule, said) for rule, pattern, said in _RULES if any(re.search(pattern, each) for each in odd))
    if not rules:
        return Written()
    names = tuple(rule for rule, _ in rules)
    left = unexplained(odd, names, decimal)
    doubt = tr("these stay unread: {cells}", cells=joined(left[:3])) if left else ""
    return Written(None, names, tr("guessed: {what}", what=tr(" and ").join(tr(said) for _, said in rules)), doubt)


def unexplained(values: Sequence[str], rules: Sequence[NumberRule], decimal: str) -> list[str]:
    """Values that are no numbers by these rules, each once."""
    distinct = list(dict.fromkeys(values))
    text = formatted(pa.array(distinct, pa.string()), rules, decimal).values
    good = truth(pc.fill_null(pc.match_substring_regex(pc.utf8_trim_whitespace(text), NUMBER), True))
    return [each for each, fine in zip(distinct, good, strict=True) if not fine]


def has_decimal_comma(values: Sequence[str]) -> bool:
    """Whether numbers are written as 1.234,50: some have one or two digits behind a comma, none behind a point."""
    comma = [bool(re.fullmatch(r"\s*[¥$€£]?\s*[+-]?\d{1,3}(?:\.?\d{3})*,\d{1,2}\s*[€%]?\s*", each)) for each in values]
    point = any(re.search(r"\.\d{1,2}\s*[€%]?\s*$", each) for each in values)
    return any(comma) and not point


def nothings(values: Sequence[str]) -> list[str]:
    """Words for "no value" that occur."""
    there = {each.strip() for each in values}
    return [each for each in NOTHING if each in there]
