"""The inspection in words: decision, findings and gates."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.quality.checks import WORDS, Check, checks, listed, use
from reachbook.quality.inspection import Inspected, Inspection
from reachbook.quality.spec import QualitySpec
from reachbook.result import Finding, Tone
from reachbook.verdict import Gate

_REMEDY = {
    "rows": "bring rows of the period, or take the table out of study.yaml",
    "gaps": "export the missing days again",
    "duplicates": "take the repeated rows out of the file",
    "bots": "find out who the suspected accounts are before a number rests on them",
}
"""What to do about each check that blocks."""


@dataclass(frozen=True)
class Summary:
    """An inspection, and the checks that follow from it."""

    found: Inspection

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """All checks of all tables."""
        return checks(self.found)

    def failed(self, table: str) -> list[Check]:
        """Checks that a table does not pass."""
        return [check for check in self.checks if check.table == table and not check.passed]

    @property
    def tone(self) -> Tone:
        """Tone of the decision: "stop" where a table cannot be used."""
        return "stop" if any(use(each.name, self.checks) == "no" for each in self.found.tables) else "go"

    def decision(self) -> str:
        """State which tables can be used, and what has to be mended."""
        by: dict[str, list[str]] = {"yes": [], "with care": [], "no": []}
        for each in self.found.tables:
            by[use(each.name, self.checks)].append(each.name)
        if len(by["yes"]) == len(self.found.tables):
            return f"Use all {len(by['yes'])} tables as they are." if len(by["yes"]) > 1 else "Use it as it is."
        parts = [self._mend(by["no"])] if by["no"] else []
        parts += (
            [f"Use with care: {'; '.join(self._reasons(name) for name in by['with care'])}."] if by["with care"] else []
        )
        parts += [f"As they are: {', '.join(by['yes'])}."] if by["yes"] else []
        return " ".join(parts)

    def _reasons(self, table: str) -> str:
        """A table with the checks that block it, or else with those that warn."""
        failed = self.failed(table)
        blocking = [check for check in failed if check.blocks]
        return f"{table} ({', '.join(WORDS[check.name] for check in blocking or failed)})"

    def _mend(self, tables: list[str]) -> str:
        remedies = dict.fromkeys(
            _REMEDY[check.name] for table in tables for check in self.failed(table) if check.blocks
        )
        return f"Do not use before mended: {'; '.join(map(self._reasons, tables))}. To mend: {'; '.join(remedies)}."

    def findings(self) -> list[Finding]:
        """One line for each table: whether it can be used, what it covers, what it lacks; and the weight of bots."""
        return [*(self._finding(each) for each in self.found.tables), *self._weight()]

    def _finding(self, each: Inspected) -> Finding:
        words = {"yes": "can be used", "with care": "with care", "no": "do not use"}[use(each.name, self.checks)]
        lost = f"; missing: {missing}" if (missing := lacks(each)) else ""
        return Finding(f"table_{each.name}", f"{each.name}, {words}: {covers(each)}{lost}", each.counted, unit="rows")

    def _weight(self) -> Iterator[Finding]:
        most = self.found.bots.heaviest()
        if most is not None:
            figure = f"{most.figure} in {most.table}" if most.share else "any main figure"
            label = f"Largest share of a main figure from likely bots ({figure})"
            yield Finding("bots", label, most.share, unit="ratio", reference=self.found.spec.most_weight)

    def glance(self) -> pd.DataFrame:
        """One row for each table: table, use, from, to, rows, missing, mind."""
        rows = [
            {
                "table": each.name,
                "use": use(each.name, self.checks),
                "covers": covers(each),
                "rows": each.counted,
                "missing": lacks(each) or "nothing",
                "mind": ", ".join(WORDS[c.name] for c in self.failed(each.name)) or "nothing",
            }
            for each in self.found.tables
        ]
        return pd.DataFrame(rows)

    def gates(self) -> list[Gate]:
        """One gate for each check, over all tables that it was asked of."""
        return [gate for name in WORDS if (gate := self._gate(name)) is not None]

    def _gate(self, name: str) -> Gate | None:
        asked = [check for check in self.checks if check.name == name]
        if not asked:
            return None
        failed = [check for check in asked if not check.passed]
        blocks = any(check.blocks for check in failed or asked)
        level: Literal["block", "warn"] = "block" if blocks or (name == "gaps" and not failed) else "warn"
        if not failed:
            detail = f"{_passed(name, self.found.spec)} ({_tables(asked)})."
            return Gate(name, True, detail, level)
        said = "; ".join(f"{check.table}: {check.seen}" for check in failed)
        return Gate(name, False, f"{WORDS[name].capitalize()}: {said}{_asked(name, self.found.spec)}.", level)


def covers(each: Inspected) -> str:
    """The days from the first to the last row of a table, as text."""
    if each.span is None:
        return "no row in the period" if each.subject.timed else "without days"
    first, last = each.span
    return f"{first} to {last:%m-%d}" if first.year == last.year else f"{first} to {last}"


def lacks(each: Inspected) -> str:
    """What is missing of a table, as text: slots of the whole, and of parts; "" where nothing is."""
    if each.rows is None:
        return ""
    lost: dict[str, int] = {}
    for gap in each.gaps:
        lost[gap.part] = lost.get(gap.part, 0) + gap.slots
    noun = each.rows.noun
    told = [f"{n} {noun}{'s' * (n != 1)}{f' of {part}' if part else ''}" for part, n in sorted(lost.items())]
    return listed(told)


def _tables(asked: list[Check]) -> str:
    names = list(dict.fromkeys(check.table for check in asked))
    return ", ".join(names)


def _passed(name: str, spec: QualitySpec) -> str:
    rate = number(spec.false_alarms, "ratio")
    return {
        "rows": "Every table has rows in the period",
        "gaps": "No day or week is without rows that should have some",
        "sudden": f"No day is {spec.sudden_factor:g} times its past or more, or less than 1 in {spec.sudden_factor:g} "
        f"of it, beyond chance; all alarms together ring falsely in at most {rate} of quiet tables",
        "shift": f"No level changes for good by {spec.sudden_factor:g} times or more",
        "late": f"The last days hold what their past says, or {number(spec.late_share, 'ratio')} of it and more",
        "duplicates": f"At most {number(spec.most_duplicates, 'ratio')} of rows repeat another one",
        "day_only": f"At most {number(spec.most_day_only, 'ratio')} of times stand at one second of the day",
        "platforms": f"At most {number(spec.most_alone, 'ratio')} of people are known on one platform only",
        "bots": f"Likely bots make up at most {number(spec.most_weight, 'ratio')} of each main figure",
    }[name]


def _asked(name: str, spec: QualitySpec) -> str:
    """The limit of a check, behind what was seen."""
    limits = {
        "gaps": f"; above {number(spec.most_missing, 'ratio')} of a table's rows they block",
        "sudden": f"; told from {spec.sudden_factor:g} times on, beyond chance",
        "shift": f"; told from {spec.sudden_factor:g} times on, beyond chance",
        "late": f"; told below {number(spec.late_share, 'ratio')}, beyond chance",
        "duplicates": f"; at most {number(spec.most_duplicates, 'ratio')}",
        "day_only": f"; at most {number(spec.most_day_only, 'ratio')}",
        "platforms": f"; at most {number(spec.most_alone, 'ratio')}",
        "bots": f"; at most {number(spec.most_weight, 'ratio')}",
    }
    return limits.get(name, "")
