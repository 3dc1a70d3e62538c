"""The data-quality report: decision, findings, gates, and every section with its figures and tables."""

from collections.abc import Iterator, Sequence

import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Story, Table
from reachbook.privacy.groups import said_of_hidden
from reachbook.quality.checks import as_table
from reachbook.quality.inspection import Inspection
from reachbook.quality.labels import table
from reachbook.quality.sections import departed as people
from reachbook.quality.sections import figures, lead
from reachbook.quality.sections.departed import Departed
from reachbook.quality.sections.story import Summary
from reachbook.translation import joined, listing, sentences, tr, trn

type Lines = Sequence[tuple[str, str]]
"""(table, line) of what reading summary."""


def compose(
    found: Inspection, warnings: Lines = (), left_out: Lines = (), departed: Departed | None = None, minimum: int = 1
) -> Story:
    """Compose the report.

    Parameters
    ----------
    warnings : sequence of (str, str)
        Table and line of what looked wrong about rows while they were read.
    left_out : sequence of (str, str)
        Table and line of rows that were left out by a stated rule.
    departed : mapping or None
        Sums about the people who stayed and those who left, by table that people have left.
    minimum : int
        Fewest people of a group that is told.
    """
    summary = Summary(found)
    return Story(
        described=found.describe(),
        decision=summary.decision(),
        tone=summary.tone,
        grounds=summary.grounds(),
        lead=_lead(summary),
        findings=tuple(summary.findings()),
        gates=tuple(summary.gates()),
        sections={
            "glance": _glance(summary),
            "rows": _rows(found),
            "gaps": _gaps(found),
            "alarms": _alarms(found),
            "duplicates": _duplicates(found),
            "times": _times(found),
            "platforms": _platforms(found, minimum),
            "bots": _bots(found),
            "rules": _rules(found),
            "empty": _empty(found),
            "warnings": _lines("warnings", warnings, tr("Reading the tables found nothing that looks wrong in a row.")),
            "left_out": _lines("left_out", left_out, tr("No row was left out: every row of every file counts.")),
            "departed": people.section(departed or {}),
            "checks": _checks(summary),
        },
    )


def _lead(summary: Summary) -> Figure | None:
    tables = {each.name: each for each in summary.found.tables}
    worst = [tables[name] for answer in ("no", "with care", "yes") for name in summary.by_use(answer)]
    drawing = lead.rows_of_the_worst(worst, summary.found.start)
    return None if drawing is None else Figure("lead", *drawing)


def _glance(summary: Summary) -> Section:
    return Section(tables=(Table("glance", summary.glance(), units={"rows": "count"}, worded=("table", "use")),))


def _empty(found: Inspection) -> Section:
    return Section(tables=(Table("empty", found.empty, units={"empty": "ratio"}, worded=("table",)),))


def _checks(summary: Summary) -> Section:
    """All checks; the page shows their names in words, and other notebooks read them by their keys."""
    made = as_table(summary.checks)
    shown = ["table", "words", "passed", "blocks", "seen"]
    return Section(tables=(Table("checks", made, shown=shown, worded=("table", "words")),))


def _rows(found: Inspection) -> Section:
    drawing = figures.rows_by_day(found)
    return Section(tr("No table here has days.")) if drawing is None else Section(figures=(Figure("rows", *drawing),))


def _gaps(found: Inspection) -> Section:
    made = found.gap_table()
    if made.empty:
        return Section(tr("No table has a gap."))
    return Section(tables=(Table("gaps", made, units={"missing": "count"}, worded=("table", "part")),))


def _alarms(found: Inspection) -> Section:
    made = found.alarm_table()
    note = sentences(tr("No alarm.") if made.empty else "", *_searched(found))
    if made.empty:
        return Section(note)
    units = {"seen": "count", "past": "count"}
    return Section(note, tables=(Table("alarms", made, units=units, worded=("table", "part", "alarm")),))


def _searched(found: Inspection) -> Iterator[str]:
    """Which series were searched for alarms, how often they alarm falsely, and which tables were not searched."""
    searched = [
        tr("{table} ({series})", table=table(each.name), series=each.watched.describe())
        for each in found.tables
        if each.watched
    ]
    skipped = [table(each.name) for each in found.tables if each.rows is not None and each.watched is None]
    yield tr("Searched: {tables}.", tables=joined(searched)) if searched else tr("No table was searched.")
    yield tr(
        "Each quiet table alarms falsely with a chance of at most {rate}, gaps included.",
        rate=number(found.spec.false_alarms, "ratio"),
    )
    if skipped:
        yield tr("Not searched, being too quiet, too short or decided by people: {tables}.", tables=joined(skipped))


def _duplicates(found: Inspection) -> Section:
    rows = [
        {
            "table": each.name,
            "compared": each.duplicates.asked,
            "repeats": each.duplicates.repeats,
            "share": each.duplicates.share,
            "most on": each.duplicates.worst_day,
            "that day": each.duplicates.on_worst_day,
            "equal in": joined(each.duplicates.equal),
        }
        for each in found.tables
        if each.duplicates is not None
    ]
    if not rows:
        return Section(
            tr("No table here has rows that could be repeated: their keys are unique, or chance makes rows equal.")
        )
    units = {"compared": "count", "repeats": "count", "share": "ratio", "that day": "count"}
    return Section(tables=(Table("duplicates", pd.DataFrame(rows), units=units, worded=("table",)),))


def _times(found: Inspection) -> Section:
    rows = [
        {"table": each.name, "commonest time": each.times.clock, "share": each.times.share,
         "at whole minutes": each.times.coarse, "hours known": "no" if each.times.day_only else "yes"}
        for each in found.tables
        if each.times is not None
    ]  # fmt: skip
    if not rows:
        return Section(tr("No table here has times: they are of days or weeks."))
    units = {"share": "ratio", "at whole minutes": "ratio"}
    return Section(tables=(Table("times", pd.DataFrame(rows), units=units, worded=("table", "hours known")),))


def _platforms(found: Inspection, minimum: int) -> Section:
    known = found.platforms
    if known is None:
        return Section(tr("Nobody is known on more than one platform, because no table has people on two of them."))
    note = tr(
        "{share} of {people} people in {tables} are known on one platform only.",
        share=number(known.share, "ratio"),
        people=number(known.people, "count"),
        tables=listing(map(table, known.sources)),
    )
    shown = known.told(minimum)
    units = {"people": "count", "alone": "count", "share": "ratio"}
    return Section(
        sentences(note, said_of_hidden(int(shown["alone"].isna().sum()), minimum)),
        tables=(
            Table(
                "platforms",
                shown,
                units=units,
                worded=("platform",),
                named=("platform",),
                people=("people", "alone"),
            ),
        ),
    )


def _bots(found: Inspection) -> Section:
    """Main figures with and without suspects; who they are stands in the files only."""
    suspects, weight = found.bots.suspects(), found.bots.compared()
    if weight.empty:
        return Section(tr("No table here has people."))
    money = (weight["figure"] == "revenue").any()
    caption = tr("Revenue is money, all else are numbers.") if money else ""
    units = {"all": "count", "without": "count", "share": "ratio"}
    made = Table("weight", weight, caption, units, worded=("table", "figure"))
    drawing = figures.with_and_without(found)
    if drawing is None:
        return Section(tr("No rule suspects anybody: every figure is the same with and without."), tables=(made,))
    files = Table("suspects", suspects, download=True, worded=("table", "rule"), private="always")
    note = trn(
        "{n} account is suspected by at least one rule. It counts everywhere else.",
        "{n} accounts are suspected by at least one rule. They count everywhere else.",
        len(found.bots.accounts),
    )
    return Section(note, (Figure("weight", *drawing),), (made, files))


def _rules(found: Inspection) -> Section:
    made = found.bots.table()
    if made.empty:
        return Section(tr("No table here has accounts and times, so that no rule can be asked."))
    unasked = sorted({rule.table for rule in found.bots.rules if not rule.asked})
    note = (
        tr("Not asked of {tables} where no number stands: times are too coarse.", tables=listing(map(table, unasked)))
        if unasked
        else ""
    )
    return Section(note, tables=(Table("rules", made, units={"suspects": "count"}, worded=("table",)),))


def _lines(name: str, lines: Lines, none: str) -> Section:
    if not lines:
        return Section(none)
    made = pd.DataFrame(list(lines), columns=["table", "line"])
    return Section(tables=(Table(name, made, worded=("table",)),))
