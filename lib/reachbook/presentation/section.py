"""What a wing hands to a notebook to tell: checks, headlines, drawings, sections, as `Report` takes them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd
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


class Picture(NamedTuple):
    """A figure with its id and what it shows, in words."""

    id: str
    figure: "Figure"
    alt: str


class Sheet(NamedTuple):
    """A table with its id, caption, units of columns, and the columns that the page shows."""

    id: str
    frame: "pd.DataFrame"
    caption: str = ""
    units: dict[str, str] | None = None
    download: bool = False
    shown: list[str] | None = None


@dataclass(frozen=True)
class Part:
    """One section: what to know in words, then what to see."""

    note: str
    figures: tuple[Picture, ...] = ()
    tables: tuple[Sheet, ...] = ()
