"""The figures of two reports, side by side."""

import re
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from reachbook.engine.kept import KeptVersion

_FIGURE = re.compile(r'<figure id="figure-([^"]*)">.*?</figure>', re.DOTALL)
_ID = re.compile(r'(\bid="|url\(#|href="#)')


@dataclass(frozen=True)
class FigurePair:
    """One figure before and after, as HTML; "" where a report has none of that id."""

    id: str
    before: Markup
    after: Markup


def pairs(before: KeptVersion, after: KeptVersion) -> tuple[list[FigurePair], int]:
    """Pair the figures of two reports by their ids.

    Returns
    -------
    list of FigurePair
        Those that differ, in the order of the newer report.
    int
        How many are the same.
    """
    old, new = (_figures(each.folder / "report.html") for each in (before, after))
    ids = list(dict.fromkeys([*new, *old]))
    differ = [id for id in ids if old.get(id) != new.get(id)]
    shown = [FigurePair(id, _own(old.get(id, ""), "before-"), _own(new.get(id, ""), "after-")) for id in differ]
    return shown, len(ids) - len(differ)


def _figures(page: Path) -> dict[str, str]:
    found = _FIGURE.finditer(page.read_text(encoding="utf-8", errors="replace"))
    return {each[1]: each[0] for each in found}


def _own(figure: str, prefix: str) -> Markup:
    """The figure with ids of its own, so that both can stand on one page, and within reach of the keyboard."""
    return Markup(_ID.sub(rf"\g<1>{prefix}", figure).replace("<figure ", '<figure tabindex="0" ', 1))
