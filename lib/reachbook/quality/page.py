"""The data-quality report: decision, findings, gates, and every section with its figures and tables."""

from collections.abc import Sequence

import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Story, Table
from reachbook.quality import figures
from reachbook.quality.checks import as_table
from reachbook.quality.inspection import Inspection
from reachbook.quality.story import Summary

type Lines = Sequence[tuple[str, str]]
"""(table, line) of what reading summary."""


def compose(found: Inspection, warnings: Lines = (), left_out: Lines = ()) -> Story:
    """Compose the report.

    Parameters
    ----------
    warnings : sequence of (str, str)
        Table and line of what looked wrong about rows while they were read.
    left_out : sequence of (str, str)
        Table and line of rows that were left out by a stated rule.
    """
    summary = Summary(found)
    return Story(
        described=found.describe(),
        decision=summary.decision(),
        tone=summary.tone,
        findings=tuple(summary.findings()),
        gates=tuple(summary.gates()),
        sections={
            "glance": Section(tables=(Table("glance", summary.glance(), units={"rows": "count"}),)),
            "rows": _rows(found),
            "gaps": _gaps(found),
            "alarms": _alarms(found),
            "duplicates": _duplicates(found),
            "times": _times(found),
            "platforms": _platforms(found),
            "bots": _bots(found),
            "rules": _rules(found),
            "empty": Section(tables=(Table("empty", found.empty, units={"empty": "ratio"}),)),
            "warnings": _lines("warnings", warnings, "Reading the tables found nothing that looks wrong in a row."),
            "left_out": _lines("left_out", left_out, "No row was left out: every row of every file counts."),
            "checks": Section(tables=(Table("checks", as_table(summary.checks)),)),
        },
    )


def _rows(found: Inspection) -> Section:
    drawing = figures.rows_by_day(found)
    return Section("No table here has days.") if drawing is None else Section(figures=(Figure("rows", *drawing),))


def _gaps(found: Inspection) -> Section:
    table = found.gap_table()
    if table.empty:
        return Section("No table has a gap.")
    return Section(tables=(Table("gaps", table, units={"missing": "count"}),))


def _alarms(found: Inspection) -> Section:
    table, spec = found.alarm_table(), found.spec
    searched = [f"{each.name} ({each.watched.describe()})" for each in found.tables if each.watched]
    skipped = [each.name for each in found.tables if each.rows is not None and each.watched is None]
    note = (
        f"Searched: {', '.join(searched) or 'no table'}. Each quiet table alarms falsely with a chance of at most "
        f"{number(spec.false_alarms, 'ratio')}, gaps included."
    )
    note += f" Not searched, being too quiet, too short or decided by people: {', '.join(skipped)}." if skipped else ""
    if table.empty:
        return Section(f"No alarm. {note}")
    return Section(note, tables=(Table("alarms", table, units={"seen": "count", "past": "count"}),))


def _duplicates(found: Inspection) -> Section:
    rows = [
        {
            "table": each.name,
            "compared": each.duplicates.asked,
            "repeats": each.duplicates.repeats,
            "share": each.duplicates.share,
            "most on": each.duplicates.worst_day,
            "that day": each.duplicates.on_worst_day,
            "equal in": ", ".join(each.duplicates.equal),
        }
        for each in found.tables
        if each.duplicates is not None
    ]
    if not rows:
        return Section(
            "No table here has rows that could be repeated: their keys are unique, or chance makes rows equal."
        )
    units = {"compared": "count", "repeats": "count", "share": "ratio", "that day": "count"}
    return Section(tables=(Table("duplicates", pd.DataFrame(rows), units=units),))


def _times(found: Inspection) -> Section:
    rows = [
        {"table": each.name, "commonest time": each.times.clock, "share": each.times.share,
         "at whole minutes": each.times.coarse, "hours known": "no" if each.times.day_only else "yes"}
        for each in found.tables
        if each.times is not None
    ]  # fmt: skip
    if not rows:
        return Section("No table here has times: they are of days or weeks.")
    units = {"share": "ratio", "at whole minutes": "ratio"}
    return Section(tables=(Table("times", pd.DataFrame(rows), units=units),))


def _platforms(found: Inspection) -> Section:
    known = found.platforms
    if known is None:
        return Section("Nobody is known on more than one platform, because no table has people on two of them.")
    note = (
        f"{number(known.share, 'ratio')} of {known.people:,} people in {', '.join(known.sources)} are known on one "
        "platform only."
    )
    units = {"people": "count", "alone": "count", "share": "ratio"}
    return Section(note, tables=(Table("platforms", known.table, units=units),))


def _bots(found: Inspection) -> Section:
    """Main figures with and without suspects; who they are stands in the files only."""
    suspects, weight = found.bots.suspects(), found.bots.compared()
    if weight.empty:
        return Section("No table here has people.")
    money = (weight["figure"] == "revenue").any()
    caption = "Revenue is money, all else are numbers." if money else ""
    table = Table("weight", weight, caption, {"all": "count", "without": "count", "share": "ratio"})
    drawing = figures.with_and_without(found)
    if drawing is None:
        return Section("No rule suspects anybody: every figure is the same with and without.", tables=(table,))
    files = Table("suspects", suspects, "Ids stand in the files only.", None, True, ["table", "rule"])
    note = f"{len(found.bots.accounts):,} accounts are suspected by at least one rule. They count everywhere else."
    return Section(note, (Figure("weight", *drawing),), (table, files))


def _rules(found: Inspection) -> Section:
    table = found.bots.table()
    if table.empty:
        return Section("No table here has accounts and times, so that no rule can be asked.")
    unasked = sorted({rule.table for rule in found.bots.rules if not rule.asked})
    note = f"Not asked of {', '.join(unasked)} where no number stands: times are too coarse." if unasked else ""
    return Section(note, tables=(Table("rules", table, units={"suspects": "count"}),))


def _lines(name: str, lines: Lines, none: str) -> Section:
    if not lines:
        return Section(none)
    return Section(tables=(Table(name, pd.DataFrame(list(lines), columns=["table", "line"])),))
