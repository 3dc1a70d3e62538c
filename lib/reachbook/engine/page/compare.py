"""Differences between two versions: their inputs, findings and cells."""

import json
from collections.abc import Mapping
from typing import Any

from reachbook.presentation.numbers import number
from reachbook.report import finding_text
from reachbook.result import Result

_PARTS = {"lock": "requirements.lock", "python": "Python", "format": "the format of versions"}


def inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """List the changes between the inputs of two runs, one line for each."""
    lines = [f"{name}: {_short(old)} → {_short(new)}" for name, old, new in _changes(before, after, "study")]
    lines += [f"{name}: {_short(old)} → {_short(new)}" for name, old, new in _changes(before, after, "parameters")]
    lines += [_table(name, old, new) for name, old, new in _changes(before, after, "tables")]
    lines += [f"module {name} {_fate(old, new)}" for name, old, new in _changes(before, after, "modules")]
    lines += [f"notebook {name} changed" for name, _, _ in _changes(before, after, "notebook")]
    lines += [f"results of {name} {_fate(old, new)}" for name, old, new in _changes(before, after, "upstream")]
    return lines + [f"{said} changed" for part, said in _PARTS.items() if before.get(part) != after.get(part)]


def findings(before: Result, after: Result, currency: str) -> list[str]:
    """List the findings and verdicts that differ, as `label: before → after`."""
    lines = [f"verdict: {before.verdict} → {after.verdict}"] if before.verdict != after.verdict else []
    old = {each.id: each for each in before.findings}
    for each in after.findings:
        was, now = old.get(each.id), finding_text(each, currency)
        then = finding_text(was, currency) if was else "–"
        if then != now:
            change = f" ({_change(was.value, each.value, each.unit, currency)})" if was else ""
            lines.append(f"{each.label}: {then} → {now}{change}")
    gone = old.keys() - {each.id for each in after.findings}
    return lines + [f"{each.label}: {finding_text(each, currency)} → –" for each in before.findings if each.id in gone]


def first_cell(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Describe the first cell in which two executed notebooks differ; "" where none does."""
    pairs = zip(before["cells"], after["cells"], strict=False)
    for index, (old, new) in enumerate(pairs, start=1):
        if json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True):
            code = next((line for line in old["source"].splitlines() if line.strip()), "")
            return f"cell {index} (`{code[:60]}`)"
    return "" if len(before["cells"]) == len(after["cells"]) else "the number of cells"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], part: str) -> list[tuple[str, Any, Any]]:
    old, new = before.get(part, {}), after.get(part, {})
    names = dict.fromkeys([*old, *new])
    return [(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _table(name: str, old: Any, new: Any) -> str:
    if old is None or new is None:
        return f"table {name} {_fate(old, new)}"
    other = ", other content" if old["rows"] == new["rows"] else ""
    return f"table {name}: {old['rows']:,} → {new['rows']:,} rows{other}"


def _fate(old: Any, new: Any) -> str:
    return "added" if old is None else ("removed" if new is None else "changed")


def _short(value: Any) -> str:
    text = "–" if value is None else (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return text if len(text) <= 60 else text[:57] + "..."


def _change(old: float | None, new: float | None, unit: str, currency: str) -> str:
    if old is None or new is None:
        return "not comparable"
    return ("+" if new >= old else "") + number(new - old, "points" if unit == "ratio" else unit, currency)
