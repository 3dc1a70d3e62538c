"""Differences between two versions: their inputs, findings and cells."""

import json
from collections.abc import Mapping
from typing import Any

from reachbook.presentation.numbers import number
from reachbook.report import finding_text
from reachbook.result import Finding, Result
from reachbook.translation import mark, tr

_PARTS = {
    "lock": mark("requirements.lock changed"),
    "python": mark("Python changed"),
    "format": mark("the format of versions changed"),
}

_VERDICTS = (mark("act"), mark("do not act"), mark("no decision"))


def inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """List the changes between the inputs of two runs, one line for each."""
    return [
        *(line(*each) for each in changes(before, after, "study")),
        *(line(*each) for each in changes(before, after, "parameters")),
        *(table(*each) for each in changes(before, after, "tables")),
        *(module(*each) for each in changes(before, after, "modules")),
        *(tr("notebook {name} changed", name=name) for name, _, _ in changes(before, after, "notebook")),
        *(upstream(*each) for each in changes(before, after, "upstream")),
        *environment(before, after),
    ]


def environment(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """List what changed of packages, Python and the format of versions."""
    return [tr(said) for part, said in _PARTS.items() if before.get(part) != after.get(part)]


def findings(before: Result, after: Result, currency: str) -> list[str]:
    """List the findings and verdicts that differ, as `label: before → after`."""
    turned = tr("verdict: {before} → {after}", before=tr(before.verdict), after=tr(after.verdict))
    lines = [turned] if before.verdict != after.verdict else []
    old = {each.id: each for each in before.findings}
    for each in after.findings:
        was, now = old.get(each.id), finding_text(each, currency)
        then = finding_text(was, currency) if was else "–"
        if then != now:
            change = f" ({difference(was, each, currency)})" if was else ""
            lines.append(f"{each.label}: {then} → {now}{change}")
    gone = old.keys() - {each.id for each in after.findings}
    return lines + [f"{each.label}: {finding_text(each, currency)} → –" for each in before.findings if each.id in gone]


def first_cell(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Describe the first cell in which two executed notebooks differ; "" where none does."""
    pairs = zip(before["cells"], after["cells"], strict=False)
    for index, (old, new) in enumerate(pairs, start=1):
        if json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True):
            code = next((line for line in old["source"].splitlines() if line.strip()), "")
            return tr("cell {index} (`{code}`)", index=index, code=code[:60])
    return "" if len(before["cells"]) == len(after["cells"]) else tr("the number of cells")


def changes(before: Mapping[str, Any], after: Mapping[str, Any], part: str) -> list[tuple[str, Any, Any]]:
    """List (name, before, after) of everything that differs in one part of the inputs; None where it is not there."""
    old, new = before.get(part, {}), after.get(part, {})
    names = dict.fromkeys([*old, *new])
    return [(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def line(name: str, old: Any, new: Any) -> str:
    """Describe a change as `name: before → after`."""
    return f"{name}: {short(old)} → {short(new)}"


def table(name: str, old: Any, new: Any) -> str:
    """Describe how an input table changed: its rows, and whether its content did where they are as many."""
    if old is None:
        return tr("table {name} added", name=name)
    if new is None:
        return tr("table {name} removed", name=name)
    if "rows" not in old or "rows" not in new:
        return tr("table {name}: other content", name=name)
    was, now = f"{old['rows']:,}", f"{new['rows']:,}"
    if old["rows"] == new["rows"]:
        return tr("table {name}: {was} → {now} rows, other content", name=name, was=was, now=now)
    return tr("table {name}: {was} → {now} rows", name=name, was=was, now=now)


def module(name: str, old: Any, new: Any) -> str:
    """Describe what became of a module."""
    if old is None:
        return tr("module {name} added", name=name)
    return tr("module {name} removed", name=name) if new is None else tr("module {name} changed", name=name)


def upstream(name: str, old: Any, new: Any) -> str:
    """Describe what became of results that a run reads."""
    if old is None:
        return tr("results of {name} added", name=name)
    return tr("results of {name} removed", name=name) if new is None else tr("results of {name} changed", name=name)


def short(value: Any) -> str:
    """Write a value of any kind in at most 60 characters; "–" for None."""
    text = "–" if value is None else (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return text if len(text) <= 60 else text[:57] + "..."


def difference(before: Finding, after: Finding, currency: str) -> str:
    """Write by how much a finding changed, in its unit (for ratios in percentage points)."""
    old, new, unit = before.value, after.value, after.unit
    if old is None or new is None or before.unit != unit:
        return tr("not comparable")
    shown = number(new - old, "points" if unit in ("ratio", "chance", "change") else unit, currency)
    return ("+" if new >= old else "") + shown
