"""Matplotlib figures as inline SVG with the page's fonts, its light and dark colours, and its width."""

import html
import io
import re
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, filterwarnings

from reachbook.presentation.spreadsheets import pictured
from reachbook.presentation.style import INK, SOFT
from reachbook.presentation.svg_tree import thinned

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.ticker import Formatter

_RC: dict[Any, Any] = {
    "svg.hashsalt": "reachbook",
    "svg.fonttype": "none",
    "svg.id": None,
    "text.parse_math": False,
    "text.usetex": False,
}
_ID = re.compile(r'(\bid="|url\(#|href="#)')
_POWER, _MARKUP = re.compile(r"\^\{([^{}]*)\}"), re.compile(r"\\mathdefault|[${}]")
_RAISED = str.maketrans("0123456789-−.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻·")
_STYLE = re.compile(r'(<[^<>]*?)\bstyle="([^"]*)"')
_SHEET = re.compile(r"<defs>\s*<style\b[^>]*>.*?</style>\s*</defs>\s*", re.DOTALL)
_JOINTS = 'stroke-linejoin="round" stroke-linecap="butt"'
"""What Matplotlib's own sheet says of every line."""
_FONT = re.compile(r"(?:(?P<style>italic|oblique) )?(?:(?P<weight>bold|[1-9]00) )?(?P<size>[0-9.]+px)")
_WIDEST = 8


def inline(figure: "Figure", id: str, alt: str) -> str:
    """Render the figure as an `<svg>` element for the page and close it.

    Parameters
    ----------
    id : str
        Prefix of every id in the drawing, so that two figures never share one.
    alt : str
        Alternative text.

    Notes
    -----
    Text stays text and is never parsed as a formula, even where a name holds dollar signs. No date, version or random
    id remains: the same figure gives the same bytes.
    """
    import matplotlib.pyplot as plt

    buffer = io.StringIO()
    _as_names(figure)
    with plt.rc_context(_RC), catch_warnings():
        filterwarnings("ignore", "Glyph .* missing from font")  # the reader's browser has it: text stays text
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(buffer, format="svg", metadata=nothing, transparent=True)
    plt.close(figure)
    return _for_page(buffer.getvalue(), id, alt)


def _as_names(figure: "Figure") -> None:
    """Turn off mathtext in every text that exists already; text created while drawing follows _RC."""
    from matplotlib.text import Text
    from matplotlib.ticker import LogFormatterMathtext

    for text in figure.findobj(Text):
        text.set_parse_math(False)
    for axis in (each for axes in figure.axes for each in (axes.xaxis, axes.yaxis)):
        for get, put in (
            (axis.get_major_formatter, axis.set_major_formatter),
            (axis.get_minor_formatter, axis.set_minor_formatter),
        ):
            if isinstance(get(), LogFormatterMathtext):
                put(_powers(get()))


def _powers(inner: "Formatter") -> "Formatter":
    r"""Wrap a logarithmic axis's formatter to write powers of ten as plain text: 10² for $\mathdefault{10^{2}}$."""
    from matplotlib.ticker import Formatter

    class Powers(Formatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            text = _POWER.sub(lambda found: found[1].translate(_RAISED), inner(x, pos))
            return _MARKUP.sub("", text.replace(r"\times", "×")).replace("-", "−")

        def set_locs(self, locs: Any) -> None:
            inner.set_locs(locs)

    return Powers()


def _for_page(drawing: str, id: str, alt: str) -> str:
    body = drawing[drawing.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    box = re.search(r'viewBox="\S+ \S+ (\S+) [^"]*"', body)
    size = f'{box[0]} class="{_least_width(float(box[1]))}"' if box else ""
    described = f'role="img" aria-label="{escape(alt)}"'
    head = f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" {size} {described} {_JOINTS}>'
    body = head + _SHEET.sub("", body[body.index(">") + 1 :])
    body = _ID.sub(rf"\g<1>{id}-", body)
    body = _STYLE.sub(lambda found: found[1] + _attributes(found[2]), body)
    body = thinned(pictured(body))
    body = re.sub(rf"{re.escape(INK)}\b", "currentColor", body, flags=re.IGNORECASE)
    return re.sub(rf"{re.escape(SOFT)}\b", "var(--soft,gray)", body, flags=re.IGNORECASE)


def _least_width(points: float) -> str:
    """CSS class of a drawing: narrower than drawn, its words would be too small, so there it is moved sideways."""
    return f"w{min(int(points) // 100, _WIDEST)}"


def _attributes(style: str) -> str:
    """Declarations of a `style` as presentation attributes, which a page may have that forbids inline styles.

    Notes
    -----
    Fonts keep size, weight and slant; the family is the page's.
    """
    pairs = (each.partition(":") for each in style.split(";") if ":" in each)
    return " ".join(filter(None, (_attribute(name.strip(), value.strip()) for name, _, value in pairs)))


def _attribute(name: str, value: str) -> str:
    if name == "font-family":
        return ""
    if name != "font":
        return f'{name}="{value}"'
    found = _FONT.match(value)
    parts = found.groupdict() if found else {}
    return " ".join(f'font-{part}="{said}"' for part, said in parts.items() if said)


def escape(text: str) -> str:
    """Escape text for HTML, including inside quotes."""
    return html.escape(text, quote=True)
