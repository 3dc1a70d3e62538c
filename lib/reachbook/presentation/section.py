"""What a wing hands to a notebook: findings, gates, a decision, and sections with their figures and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib import figure as mpl

    from reachbook.result import Finding, Gate, Tone


class Drawing(NamedTuple):
    """A drawing and what it shows, in words."""

    figure: mpl.Figure
    alt: str


class Figure(NamedTuple):
    """A drawing with its id and what it shows, in words."""

    id: str
    figure: mpl.Figure
    alt: str


class Table(NamedTuple):
    """A table with its id, caption, units of columns, and the columns that the page shows."""

    id: str
    frame: pd.DataFrame
    caption: str = ""
    units: dict[str, str] | None = None
    download: bool = False
    shown: list[str] | None = None


@dataclass(frozen=True)
class Section:
    """What to know in words, then what to see; a note alone says why there is nothing to see."""

    note: str = ""
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Story:
    """What a notebook shows.

    described : what was asked and read, in words; sections : by name
    tone : what the decision asks for; None where it asks for nothing
    """

    described: str
    decision: str
    findings: tuple[Finding, ...]
    gates: tuple[Gate, ...]
    sections: Mapping[str, Section]
    tone: Tone | None = None

    def __getitem__(self, name: str) -> Section:
        """A section. Raises KeyError where there is none of that name."""
        return self.sections[name]
