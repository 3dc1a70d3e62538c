"""The page of counts: how many people, each number with a random error, and what that does and does not hide."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from reachbook.headcount.cells import Cells, cells
from reachbook.headcount.lead import people_by_cell
from reachbook.headcount.spec import HeadcountSpec
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Story, Table
from reachbook.privacy.key import Key
from reachbook.privacy.release import ReleasedCounts, ground, release, right_guesses, split
from reachbook.result import Finding
from reachbook.translation import mark, sentences, tr, trn
from reachbook.verdict import Gate

LEVEL = 0.95
HEADINGS = (mark("stage"), mark("age band"), mark("gender"), mark("city tier"), mark("region"))
"""Columns that every study may have."""


def compose(tables: Mapping[str, Path], spec: HeadcountSpec, start: date, end: date, epsilon: float, key: Key) -> Story:
    """Count people in stated cells and compose the page from counts with random errors alone.

    Parameters
    ----------
    epsilon : float
        What the page spends on all of its tables together.
    key : Key
        What the errors are drawn from.
    """
    counted = cells(tables, spec, start, end)
    each = split(epsilon, len(counted))
    released = [release(one.counts, each, key, _question(one, start, end), ground(one.ids, one.codes.tolist()))
                for one in counted]  # fmt: skip
    first = released[0]
    gate = _gate(first, spec.largest_error)
    return Story(
        described=tr("People with an event in the period, counted with random errors that hide who they are."),
        decision=_decision(first, gate.passed),
        tone="go" if gate.passed else "wait",
        grounds=_grounds(epsilon, released),
        lead=Figure("lead", *people_by_cell(counted[0], first)),
        level=LEVEL,
        findings=_findings(first),
        gates=(gate,),
        sections={
            "platforms": _section(counted[0], first),
            "traits": _traits(counted[1:], released[1:]),
            "protected": Section(_protected(epsilon)),
        },
    )


def _question(one: Cells, start: date, end: date) -> str:
    """What is counted: another period or other cells are another question, whose errors are drawn anew."""
    return f"{one.id} {start} {end} {one.labels.to_json(orient='values')}"


def _findings(first: ReleasedCounts) -> tuple[Finding, ...]:
    low, high = max(0, first.total - first.error_of_total), first.total + first.error_of_total
    return (
        Finding("people", tr("People with an event in the period"), first.total, low, high, "count"),
        Finding("error", tr("Error of a number, at most, in 95 of 100"), first.error, unit="count"),
    )


def _gate(first: ReleasedCounts, largest: float) -> Gate:
    """Whether the errors leave anything to be read; made from the published numbers, so that it tells nothing more."""
    share = first.error_of_total / max(first.total, 1)
    said = tr(
        "The sum of all numbers is off by at most {error} people (95%), {share} of it (at most {largest}).",
        error=number(first.error_of_total, "count"),
        share=number(share, "ratio"),
        largest=number(largest, "ratio"),
    )
    return Gate("random_error", share <= largest, said)


def _decision(first: ReleasedCounts, passed: bool) -> str:
    error = number(first.error, "count")
    if not passed:
        return tr("Do not plan by these numbers: there are too few people for errors of up to {error}.", error=error)
    return tr("Use these numbers, and read none more finely than to {error} people.", error=error)


def _grounds(epsilon: float, released: list[ReleasedCounts]) -> tuple[str, ...]:
    chance = tr(
        "Whoever knows everybody else and guesses from this page whether one person was counted is right in at most "
        "{right} of cases; a coin is in 50.0% (epsilon {epsilon:g}).",
        right=number(right_guesses(epsilon), "ratio"),
        epsilon=epsilon,
    )
    change = trn(
        "One person more or fewer changes one number by one, and the whole of epsilon is spent on that table.",
        "One person more or fewer changes one number of each of {n} tables by one; each table has an equal part of "
        "epsilon.",
        len(released),
    )
    once = tr(
        "The errors are drawn once, from a secret key, for these people and this question: making the report again "
        "gives the same numbers, and no average takes the errors away."
    )
    return (chance, change, once)


def _section(one: Cells, counts: ReleasedCounts) -> Section:
    low, high = (counts.drawn + sign * counts.error for sign in (-1, 1))
    frame = one.labels.assign(people=counts.people, low=low.clip(0), high=high.clip(0))
    caption = tr(
        "Each number has a random error; the true one lies between low and high in 95 of 100 cases. A number that fell "
        "below 0 is shown as 0."
    )
    keys = tuple(map(str, one.labels))
    units = dict.fromkeys(("people", "low", "high"), "count")
    made = Table(one.id, frame, caption, units, download=True, worded=keys, named=keys)
    return Section(tables=(made,))


def _traits(counted: list[Cells], released: list[ReleasedCounts]) -> Section:
    """A table for each stated column."""
    if not counted:
        return Section(tr("No column of the table users was stated to count by."))
    parts = [_section(one, counts) for one, counts in zip(counted, released, strict=True)]
    return Section(tables=tuple(table for part in parts for table in part.tables))


def _protected(epsilon: float) -> str:
    return sentences(
        tr(
            "Hidden is whether one person is among the counted, and in which cell: everything that the page says of "
            "people was made from the numbers with errors."
        ),
        tr("Not hidden are habits of a group, which would be the same without any one of its people."),
        tr(
            "Each later version that counts other people spends epsilon {epsilon:g} again: two together hide a person "
            "half as well.",
            epsilon=epsilon,
        ),
        tr("Several ids of one person count as several people."),
    )
