"""House style of every figure: colours that hold on a light and on a dark page, room for Chinese labels.

Matplotlib measures text in DejaVu Sans, which it brings along, so that the same figure has the same bytes on every
machine; the page shows it in its own fonts. INK and SOFT are replaced by the page's colours.
"""

import logging
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#1b1f24"
"""Text and marks that carry the message without a colour; the page's text colour."""
SOFT = "#57606a"
"""Axes, grids, notes; the page's soft colour."""

PALETTE = ("#2b7cd3", "#d9622b", "#22946e", "#b05cc4", "#a27d12", "#d6488b", "#3b93ad", "#7d6fe0", "#8a8f3a", "#b0685a")
"""Colours of groups. Each has a contrast of 3 or more on white and on #0d1117; they differ for colour-blind eyes."""
LESS, MORE = PALETTE[1], PALETTE[0]
"""Below and above a reference."""

WIDTH = 8.0
"""Inches: a figure of this width fills the column of text."""


def quiet() -> None:
    """Chinese has no glyph in DejaVu Sans; the page's fonts have it. Nothing is to be said about that."""
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
    """Everything drawn inside has the house style; nothing outside changes."""
    import matplotlib.pyplot as plt
    from cycler import cycler

    with plt.rc_context({**RC, "axes.prop_cycle": cycler(color=PALETTE)}):  # type: ignore[dict-item]
        yield


def figure(height: float, columns: int = 1) -> "tuple[Figure, list[Axes]]":
    """A figure as wide as the column of text, `height` inches high; not registered with pyplot."""
    from matplotlib.figure import Figure

    made = Figure(figsize=(WIDTH, height))
    axes = made.subplots(1, columns, squeeze=False)[0]
    made.subplots_adjust(left=0.09, right=0.97, top=0.88, bottom=max(0.13, 0.55 / height))
    return made, list(axes)


def colour(index: int) -> str:
    """Colour of group `index`; begins again after the last."""
    return PALETTE[index % len(PALETTE)]


def ems(text: str) -> float:
    """Width of the widest line of `text` in ems: a Chinese character is one em wide, others about 0.6."""
    return max(sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.6 for c in line) for line in text.split("\n"))


def inches(labels: Iterable[str], size: float = 10) -> float:
    """Room that the widest of `labels` needs, in inches, with a little air."""
    return max((ems(str(label)) for label in labels), default=0.0) * size / 72 + 0.2


def room_left(figure: "Figure", labels: Iterable[str], size: float = 10, most: float = 0.45) -> None:
    """Set the left margin so that `labels` of the vertical axis are not clipped, at most the share `most`."""
    figure.subplots_adjust(left=min(inches(labels, size) / figure.get_figwidth(), most))


def wrapped(text: str, width: int = 24) -> str:
    """`text` on several lines of about `width` characters."""
    return "\n".join(wrap(text, width, break_long_words=ems(text) > 0.6 * len(text))) or text


def percent_axis(axis: "Axes", which: str = "x") -> None:
    """Show ratios as per cent."""
    from matplotlib.ticker import PercentFormatter

    target = axis.xaxis if which == "x" else axis.yaxis
    target.set_major_formatter(PercentFormatter(1.0, decimals=0))


def date_axis(axis: "Axes", most: int = 8) -> None:
    """Show dates along the bottom, at most `most` of them, without saying the year at each."""
    from matplotlib import dates

    kinds: Any = dates
    locator = kinds.AutoDateLocator(maxticks=most)
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(kinds.ConciseDateFormatter(locator))
