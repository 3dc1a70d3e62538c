"""Matplotlib figures as inline SVG that follows the page: its fonts, its colours in light and dark, its width."""

import html
import io
import re
from typing import TYPE_CHECKING
from warnings import catch_warnings, filterwarnings

from reachbook.style import INK, SOFT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FONTS = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
_ID = re.compile(r'(\bid="|url\(#|href="#)')
_FAMILY = re.compile(r"font:\s*([^;\"']*?[0-9.]+px)[^;\"]*|font-family:\s*[^;\"]*")


def inline(figure: "Figure", id: str, alt: str) -> str:
    """The figure as an <svg> element for the page; the figure is closed.

    Text stays text, ids carry the figure's id so that two figures never share one, and no date, version or random
    id is left: the same figure gives the same bytes.
    """
    import matplotlib.pyplot as plt

    buffer = io.StringIO()
    # Labels of ticks are made only now, outside the theme: a name or an amount with $ is no mathematics there either.
    settings = {"svg.hashsalt": "reachbook", "svg.fonttype": "none", "svg.id": None, "text.parse_math": False}
    with plt.rc_context(settings), catch_warnings():  # type: ignore[arg-type]
        filterwarnings("ignore", "Glyph .* missing from font")  # the reader's browser has it: text stays text
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(buffer, format="svg", metadata=nothing, transparent=True)
    plt.close(figure)
    return _for_page(buffer.getvalue(), id, alt)


def _for_page(drawing: str, id: str, alt: str) -> str:
    body = drawing[drawing.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    box = re.search(r'viewBox="\S+ \S+ (\S+) [^"]*"', body)
    # Narrower than drawn, its words would be too small to read: there the page lets it be moved sideways.
    size = f'{box[0]} style="min-width:{float(box[1]):.0f}px"' if box else ""
    head = f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" {size} role="img" aria-label="{escape(alt)}">'
    body = head + body[body.index(">") + 1 :]
    body = _ID.sub(rf"\g<1>{id}-", body)
    body = _FAMILY.sub(lambda found: f"font: {found[1]} {FONTS}" if found[1] else f"font-family: {FONTS}", body)
    body = re.sub(rf"{re.escape(INK)}\b", "currentColor", body, flags=re.IGNORECASE)
    body = re.sub(rf"{re.escape(SOFT)}\b", "var(--soft)", body, flags=re.IGNORECASE)
    return re.sub(r"[ \t]+\n", "\n", body).strip()


def escape(text: str) -> str:
    """Text for use in HTML, also inside quotes."""
    return html.escape(text, quote=True)
