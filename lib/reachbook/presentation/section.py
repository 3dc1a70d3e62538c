"""Building blocks of a report that an analysis hands to its notebook: findings, gates, a decision, and sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from reachbook.translation import mark, sentences, tr

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib import figure as mpl

    from reachbook.presentation.cards import Cards
    from reachbook.presentation.what_if import WhatIf
    from reachbook.result import Finding, Instruction, Tone
    from reachbook.verdict import Gate


type Private = Literal["always", "shared"] | None
"""Which pages a table of single people is left out of: all, or shared ones."""
WITHHELD = mark("Not told: a check that blocks has failed, and no number here could be relied on.")
"""Note of a section that a failed gate leaves without numbers; translate it where it is shown."""
NEITHER = mark("Not told either.")
"""Note of a further section without numbers, after one that says why; translate it where it is shown."""
TRUTH_UNKNOWN = mark("The truth is not known: these are real data.")
"""Note of the section that compares with a simulated truth, for real data; translate it where it is shown."""


class Drawing(NamedTuple):
    """A Matplotlib figure with its alternative text."""

    figure: mpl.Figure
    alt: str


class Figure(NamedTuple):
    """A Matplotlib figure with its id and its alternative text.

    Attributes
    ----------
    private : "always", "shared" or None
        Whether what it draws is of single people, see `Table`.
    """

    id: str
    figure: mpl.Figure
    alt: str
    private: Private = None


class Table(NamedTuple):
    """A table of a section.

    Attributes
    ----------
    id : str
        Name within the report.
    caption : str
        Text below the table.
    units : dict of str to str or None
        Unit of each numeric column, see `reachbook.presentation.numbers.number`.
    download : bool
        Whether the table is also offered as .xlsx and .csv.
    shown : list of str or None
        Columns on the page; None shows all. The files hold all columns.
    worded : tuple of str
        Columns whose values are words of ours rather than of the data: stored in English, shown in the page's language.
    verbatim : bool
        Whether .xlsx and .csv keep names and words as stored, because something reads them.
    named : tuple of str
        Columns that hold values of the study, one or several after commas: stored as in the data, shown by their names.
    private : "always", "shared" or None
        Whether its rows are single people or what they wrote: such a table is never on a page, or not on one of a
        study whose audience is `shared`.
    quoted : tuple of str
        Columns with what people wrote, which a shared page and its files leave out.
    people : tuple of str
        Columns that count people, each row a group.
    """

    id: str
    frame: pd.DataFrame
    caption: str = ""
    units: dict[str, str] | None = None
    download: bool = False
    shown: list[str] | None = None
    worded: tuple[str, ...] = ()
    verbatim: bool = False
    named: tuple[str, ...] = ()
    private: Private = None
    quoted: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A note followed by cards, figures, what-if boxes and tables; one with only a note says why it shows nothing."""

    note: str = ""
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    what_ifs: tuple[WhatIf, ...] = ()
    cards: tuple[Cards, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Story:
    """Everything a notebook shows.

    Attributes
    ----------
    described : str
        The question and the data, in words.
    decision : str
        What to do, in one or two sentences of at most 40 words together; "" for no decision.
    findings : tuple of Finding
        Headline numbers, the most telling first: the first four stand beside the decision.
    sections : mapping of str to Section
        Sections by name.
    tone : Tone or None
        What the decision asks for; None where it asks for nothing.
    grounds : tuple of str
        Sentences on what the decision rests on, assumes and leaves open, one thought each.
    lead : Figure or None
        The one figure that shows the decision, as wide as `reachbook.presentation.style.LEAD`.
    level : float or None
        Level of the findings' intervals, such as 0.95; None where they have none or do not share one.
    level_reason : str
        Why it is that level, in a sentence; "" for the usual 0.95.
    instructions : tuple of Instruction
        What the decision asks for each of its objects where that differs between them, else ().
    """

    described: str
    decision: str
    findings: tuple[Finding, ...]
    gates: tuple[Gate, ...]
    sections: Mapping[str, Section]
    tone: Tone | None = None
    grounds: tuple[str, ...] = ()
    lead: Figure | None = None
    level: float | None = None
    level_reason: str = ""
    instructions: tuple[Instruction, ...] = ()

    def __getitem__(self, name: str) -> Section:
        """Return the section `name`.

        Raises
        ------
        KeyError
            There is no section of that name.
        """
        return self.sections[name]


def withheld(names: Iterable[str]) -> dict[str, Section]:
    """Sections that a failed gate leaves without numbers: the first of them says why, the others refer to it."""
    return {name: Section(tr(NEITHER if place else WITHHELD)) for place, name in enumerate(names)}


def cautioned(sections: Mapping[str, Section], first: str, others: str) -> dict[str, Section]:
    """The sections with a sentence before each note: on the first of them in full, on the others in short."""
    return {
        name: replace(part, note=sentences(others if place else first, part.note))
        for place, (name, part) in enumerate(sections.items())
    }


def unless_checked(said: str, gates: Iterable[Gate], instead: str) -> str:
    """What a section says, or `instead`, which refers to the gates, where one of them says so at the top."""
    return instead if any(said in gate.detail for gate in gates) else said
