"""House style of every figure: colours that work on light and dark pages, and room for Chinese labels."""

import logging
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from reachbook.translation import language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#1b1f24"
"""Text and marks that carry the message without a colour; the page's text colour."""
SOFT = "#57606a"
"""Axes, grids and notes; the page's secondary text colour."""

PALETTE = ("#2b7cd3", "#d9622b", "#22946e", "#b05cc4", "#a27d12", "#d6488b", "#3b93ad", "#7d6fe0", "#8a8f3a", "#b0685a")
"""Colours of groups, distinguishable with colour-blindness; each has a contrast of at least 3 on white and on
#0d1117.
"""
LESS, MORE = PALETTE[1], PALETTE[0]
"""Colours below and above a reference."""

WIDTH = 8.0
"""Width in inches of a figure that fills the text column."""
LEAD = (4.8, 2.7)
"""Width and height in inches of the figure beside the decision: legible on a telephone, too."""


def quiet() -> None:
    """Silence warnings about Chinese glyphs missing from DejaVu Sans; the page's own fonts have them."""
    warnings.filterwarnings("ignore", message=r"Glyph \d+ .*missing from.*font")
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


quiet()

RC: dict[str, object] = {
    "font.family": "DejaVu Sans", "font.size": 10, "axes.titlesize": 11, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "axes.labelsize": 10, "xtick.labelsize": 10, "ytick.labelsize": 10,
    "legend.fontsize": 10, "legend.frameon": False, "figure.dpi": 100, "savefig.dpi": 100,
    "text.color": INK, "axes.labelcolor": INK, "axes.titlecolor": INK, "xtick.color": SOFT, "ytick.color": SOFT,
    "xtick.labelcolor": INK, "ytick.labelcolor": INK, "axes.edgecolor": SOFT, "grid.color": SOFT, "grid.alpha": 0.25,
    "grid.linewidth": 0.6, "axes.grid": False, "axes.spines.top": False, "axes.spines.right": False,
    "axes.linewidth": 0.8, "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none",
    "lines.linewidth": 1.8, "lines.markersize": 6, "svg.fonttype": "none", "axes.unicode_minus": True,
    "text.parse_math": False,  # an arm named $5_off_$20 is a name, not a formula
}  # fmt: skip


@contextmanager
def theme() -> Iterator[None]:
    """Apply the house style to everything drawn inside the block, and to nothing outside.

    Notes
    -----
    Matplotlib measures text in DejaVu Sans, which it ships with, so that the same figure has the same bytes on every
    machine; the page shows the text in its own fonts and replaces INK and SOFT by its own colours.
    """
    import matplotlib.pyplot as plt
    from cycler import cycler

    with plt.rc_context({**RC, "axes.prop_cycle": cycler(color=PALETTE)}):  # type: ignore[dict-item]
        yield


def figure(height: float, columns: int = 1) -> "tuple[Figure, list[Axes]]":
    """Create a figure as wide as the text column and `height` inches high, not registered with pyplot."""
    from matplotlib.figure import Figure

    made = Figure(figsize=(WIDTH, height))
    axes = made.subplots(1, columns, squeeze=False)[0]
    made.subplots_adjust(left=0.09, right=0.97, top=0.88, bottom=max(0.13, 0.55 / height))
    return made, list(axes)


def colour(index: int) -> str:
    """Colour of group `index`; the palette repeats after its last colour."""
    return PALETTE[index % len(PALETTE)]


def ems(text: str) -> float:
    """Width of the widest line of `text` in ems: a Chinese character is one em wide, others about 0.6."""
    return max(sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.6 for c in line) for line in text.split("\n"))


def inches(labels: Iterable[str], size: float = 10) -> float:
    """Width in inches of the widest of `labels` at `size` points, plus a small margin."""
    return max((ems(str(label)) for label in labels), default=0.0) * size / 72 + 0.2


def room_left(figure: "Figure", labels: Iterable[str], size: float = 10, most: float = 0.45) -> None:
    """Set the left margin so that `labels` of the vertical axis fit, up to the share `most` of the width."""
    figure.subplots_adjust(left=min(inches(labels, size) / figure.get_figwidth(), most))


def wrapped(text: str, width: int = 24) -> str:
    """Break `text` into lines of about `width` characters."""
    return "\n".join(wrap(text, width, break_long_words=ems(text) > 0.6 * len(text))) or text


def percent_axis(axis: "Axes", which: str = "x") -> None:
    """Format the ticks of axis `which` as percentages of ratios."""
    from matplotlib.ticker import PercentFormatter

    target = axis.xaxis if which == "x" else axis.yaxis
    target.set_major_formatter(PercentFormatter(1.0, decimals=0))


def date_axis(axis: "Axes", most: int = 8) -> None:
    """Format the horizontal axis as dates, with at most `most` ticks and without repeating the year."""
    from matplotlib import dates

    kinds: Any = dates
    locator = kinds.AutoDateLocator(maxticks=most)
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(kinds.ConciseDateFormatter(locator, **(_CHINESE if language() == "zh" else {})))


_CHINESE: dict[str, list[str]] = {
    "formats": ["%Y年", "%m月", "%m-%d", "%H:%M", "%H:%M", "%S.%f"],
    "zero_formats": ["", "%Y年", "%m月", "%m-%d", "%H:%M", "%H:%M"],
    "offset_formats": ["", "%Y年", "%Y年%m月", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d %H:%M"],
}
"""Formats of ticks from years to seconds, where Matplotlib would write English months."""
