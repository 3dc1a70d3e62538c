"""What is left in English of a story that was composed in another language."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from reachbook.presentation.section import Story

ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three words in a row."""


def texts(story: Story) -> Iterator[str]:
    """Every text of a story that readers see, but for the cells of its tables."""
    yield from (story.described, story.decision, *story.grounds)
    yield from (finding.label for finding in story.findings)
    yield from (gate.detail for gate in story.gates)
    figures = [story.lead] if story.lead else []
    for section in story.sections.values():
        yield section.note
        yield from (table.caption for table in section.tables)
        figures += section.figures
    for each in figures:
        yield each.alt
        yield from drawn(each.figure)


def drawn(figure: Any) -> Iterator[str]:
    """Every text of a Matplotlib figure."""
    from matplotlib.text import Text

    return (text.get_text() for text in figure.findobj(Text))


def left(given: Iterable[str], *data: str) -> list[str]:
    """Texts with three English words in a row, values of the `data` excepted."""
    found = []
    for text in given:
        without = text
        for value in data:
            without = without.replace(value, "")
        found += [text] if ENGLISH.search(without) else []
    return found
