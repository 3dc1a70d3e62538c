"""Sentences that a page says twice."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from reachbook.presentation.section import Story

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROSE = """() => {
    const part = 'p, li, dt, dd, figcaption, summary', silent = 'svg, pre, table, nav, script, .meaning, [hidden]';
    return [...document.body.querySelectorAll(part)]
        .filter(each => !each.closest(silent) && !each.querySelector(part))
        .map(each => {
            const copy = each.cloneNode(true);
            copy.querySelectorAll('svg, [hidden]').forEach(one => one.remove());
            return copy.textContent;
        });
}"""
"""Text of every piece of prose: no drawing, no table and no code, nor the glossary, which is opened word by word."""
_END = re.compile(r"(?<=[。！？])|(?<=[.!?])\s")
_SHORTEST = 24
"""Characters, a Chinese one counted twice, below which what is said again only refers to the first time."""


def repeated(texts: Iterable[str]) -> list[str]:
    """Sentences that stand more than once in the texts."""
    said = (" ".join(each.split()).strip(" ✓✗!") for text in texts for each in _END.split(text))
    return [each for each, times in Counter(filter(_is_long, said)).items() if times > 1]


def prose(page: "Page") -> list[str]:
    """Every piece of prose of a page."""
    found: list[str] = page.evaluate(PROSE)
    return found


def told(story: Story) -> Iterator[str]:
    """Every piece of prose that a story brings to its page."""
    yield from (story.decision, story.described, *story.grounds)
    yield from (gate.detail for gate in story.gates)
    for section in story.sections.values():
        yield section.note
        yield from (table.caption for table in section.tables)


def _is_long(sentence: str) -> bool:
    return len(sentence) + sum(ord(each) > 0x2E80 for each in sentence) >= _SHORTEST
