"""What a wing hands to a notebook to tell: checks, headlines and drawings, in the order that `Report` takes them."""

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Check(NamedTuple):
    """One gate: id, whether it holds, what was seen, in words, and whether a failure blocks."""

    id: str
    passed: bool
    detail: str
    level: Literal["block", "warn"] = "block"


class Headline(NamedTuple):
    """One finding: id, label, value with its interval, unit, and what to hold it against."""

    id: str
    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    reference: float | None = None


class Drawn(NamedTuple):
    """A figure and what it shows, in words."""

    figure: "Figure"
    alt: str
