"""Mask personal data in free text: phones, ids, cards, orders, e-mails, accounts, addresses, plates, person names."""

import re
from collections.abc import Callable, Iterable
from functools import cache

from reachbook.tables.personal.addresses import addresses
from reachbook.tables.personal.contacts import contacts
from reachbook.tables.personal.names import names
from reachbook.tables.personal.normal_form import normal_form
from reachbook.tables.personal.numbers import numbers
from reachbook.tables.personal.rule import MaskingRule

_HINT = re.compile(
    r"[0-9@:#]|[微威薇维徽卫vVwWqQ扣秋企群号號室栋棟单單弄路街道艾]| (?:at|AT) |[\[(]at"
    r"|[收联聯姓].{2}|我叫|本人|名字|名叫|[nN]ame"
    r"|[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺]{3}"
)
_SHORT_NUMBER = re.compile(r"[0-9.]{1,6}万?")
"""Too short for any of the rules."""


@cache
def _rules() -> list[MaskingRule]:
    """All rules; compiling them takes longer than reading a small table, which may need none."""
    return [*contacts(), *numbers(), *addresses(), *names()]


def mask(text: str) -> str:
    """Replace all personal data that the rules recognise in `text` by [phone], [id], [address] ...

    Notes
    -----
    All other characters are unchanged, so that authorised readers can still find a quote in the source. When in doubt
    it masks: hiding one number too many costs a reader nothing.
    """
    if _SHORT_NUMBER.fullmatch(text):
        return text
    form = normal_form(text)
    if not _HINT.search(form.text):
        return text
    for rule in _rules():
        rule.apply(form)
    return form.original


def masked(texts: Iterable[str | None], function: Callable[[str], str] = mask) -> list[str | None]:
    """Mask each text; missing texts stay None."""
    return [None if text is None else function(text) for text in texts]
