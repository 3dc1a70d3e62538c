"""Cards of which a reader shows one or all: all stand on the page, and a script hides those not chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from reachbook.presentation.numbers import number, unbroken
from reachbook.presentation.svg import escape as quoted


@dataclass(frozen=True)
class Comparison:
    """A quantity of one group beside that of all others.

    Attributes
    ----------
    here, others : float
        In `unit` (see `reachbook.presentation.numbers.number`).
    """

    label: str
    here: float
    others: float
    unit: str = "ratio"


@dataclass(frozen=True)
class Topic:
    """Comparisons that belong together; without any, `otherwise` is said in their place."""

    label: str
    rows: tuple[Comparison, ...]
    otherwise: str = ""


@dataclass(frozen=True)
class Card:
    """What is known of one group.

    Attributes
    ----------
    anchor : str
        Id on the page, so that a link such as #segment-2 leads to the card and shows it alone.
    facts : tuple of tuple of (str, str)
        Headline numbers: label and text.
    note : str
        A sentence below the facts; "" for none.
    """

    anchor: str
    title: str
    facts: tuple[tuple[str, str], ...]
    note: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Cards:
    """Cards with the control that chooses among them.

    Attributes
    ----------
    label, everything : str
        Label of the control, and its choice that shows all cards.
    columns : tuple of str
        What the group itself, and all others, are called above the comparisons.
    """

    id: str
    label: str
    everything: str
    columns: tuple[str, str]
    cards: tuple[Card, ...]


def html(deck: Cards, currency: str) -> str:
    """The cards as HTML, one below another; the control appears with the page's script."""
    choices = "".join(f'<option value="{quoted(each.anchor)}">{escape(each.title)}</option>' for each in deck.cards)
    select = f"choose-{deck.id}"
    control = (
        f'<div class="choose" hidden><label for="{select}">{escape(deck.label)}</label>'
        f'<select id="{select}" autocomplete="off"><option value="">{escape(deck.everything)}</option>{choices}'
        "</select></div>"
    )
    shown = "".join(_card(each, deck.columns, currency) for each in deck.cards)
    return f'<div class="cards" id="cards-{deck.id}">{control}{shown}</div>'


def text(deck: Cards) -> str:
    """The cards' titles and facts as plain text."""
    told = (", ".join([each.title, *(f"{label} {said}" for label, said in each.facts)]) for each in deck.cards)
    return "\n".join(told)


def _card(card: Card, columns: tuple[str, str], currency: str) -> str:
    facts = "".join(f"<div><dt>{escape(label)}</dt><dd>{unbroken(said)}</dd></div>" for label, said in card.facts)
    heads = "".join(f'<th scope="col" class="number">{escape(each)}</th>' for each in columns)
    rows = "".join(row for topic in card.topics for row in _rows(topic, currency))
    note = f'<p class="note">{unbroken(card.note)}</p>' if card.note else ""
    return (
        f'<article id="{quoted(card.anchor)}"><h3>{escape(card.title)}</h3><dl>{facts}</dl>{note}'
        f'<table><thead><tr><td colspan="2"></td>{heads}<td></td></tr></thead><tbody>{rows}</tbody></table></article>'
    )


def _rows(topic: Topic, currency: str) -> Iterator[str]:
    """Rows of a topic, whose label stands in the first one."""
    span = f' rowspan="{len(topic.rows)}"' if len(topic.rows) > 1 else ""
    head = f'<th scope="row"{span}>{escape(topic.label)}</th>'
    if not topic.rows:
        yield f'<tr>{head}<td class="none" colspan="4">{escape(topic.otherwise)}</td></tr>'
    for at, each in enumerate(topic.rows):
        numbers = "".join(
            f'<td class="number">{escape(number(value, each.unit, currency))}</td>'
            for value in (each.here, each.others)
        )
        first = "" if at else head
        yield f"<tr>{first}<td>{escape(each.label)}</td>{numbers}<td>{_bar(each)}</td></tr>"


def _bar(each: Comparison) -> str:
    """A bar for the group and a line for the others, as wide as the larger of both."""
    most = max(each.here, each.others)
    if not most > 0:
        return ""
    here, others = (100 * max(value, 0.0) / most for value in (each.here, each.others))
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect x="0" y="2" width="{here:.1f}" height="6"/><path d="M{others:.1f} 0V10"/></svg>'
    )
