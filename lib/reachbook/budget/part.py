"""A section of the report: a sentence, figures and tables, as `Report` takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Picture(NamedTuple):
    """A figure with its id and what it shows, in words."""

    id: str
    figure: Figure
    alt: str


class Sheet(NamedTuple):
    """A table with its id, caption, units of columns, and the columns that the page shows."""

    id: str
    frame: pd.DataFrame
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
