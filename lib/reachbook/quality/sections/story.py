"""The inspection in words: decision, findings and gates."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reachbook.quality.alarms import Alarm
from reachbook.quality.checks import Check, Use, checks, use
from reachbook.quality.gaps import Gap
from reachbook.quality.inspection import Inspected, Inspection
from reachbook.quality.labels import CHECKS, check, few, table
from reachbook.quality.periods import Span, covers, few_days, lacks, span
from reachbook.quality.sections.gates import gate
from reachbook.result import Finding, Tone
from reachbook.translation import clauses, joined, listing, mark, sentences, tr
from reachbook.verdict import Gate

_REMEDY = {
    "rows": mark("bring rows of the period"),
    "gaps": mark("export {days} again"),
    "duplicates": mark("take repeated rows out"),
    "bots": mark("find out who the suspected accounts are"),
}
"""What to do about each check that blocks."""
_CARE = {
    "late": mark("leave out {days}"),
    "gaps": mark("mind the missing {days}"),
    "sudden": mark("ask about {days}"),
    "shift": mark("compare no days across {days}"),
    "day_only": mark("read no hours"),
    "platforms": mark("count nobody across platforms"),
}
"""What to do about each check that only warns, the most pressing first."""
_MOST = 3
"""Things to do that the decision names; the grounds name what is wrong with every table."""
_USE = {
    "no": mark("{table}: do not use"),
    "with care": mark("{table}: use with care"),
    "yes": mark("{table}: can be used"),
}
"""Label of a table by its use, which is also the order of the tables: the worst first."""


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
        """Tone of the decision: "stop" where a table cannot be used, "care" where one can be used with care."""
        uses = {use(each.name, self.checks) for each in self.found.tables}
        return "stop" if "no" in uses else "care" if "with care" in uses else "go"

    def by_use(self, answer: Use) -> list[str]:
        """Names of the tables whose use is `answer`."""
        return [each.name for each in self.found.tables if use(each.name, self.checks) == answer]

    def decision(self) -> str:
        """State which tables can be used, and what has to be mended."""
        no, care, yes = (self.by_use(answer) for answer in ("no", "with care", "yes"))
        if not no and not care:
            if len(yes) > 1:
                return tr("Use all {n} tables as they are.", n=len(yes))
            return tr("Use {table} as it is.", table=table(yes[0]))
        if no:
            rest = tr("The others can be used, some with care.") if care else tr("The others can be used.")
            return sentences(self._mend(no), rest if care or yes else "")
        return sentences(self._mind(care), tr("The others can be used as they are.") if yes else "")

    def _mend(self, tables: list[str]) -> str:
        failed = (each.name for name in tables for each in self.failed(name) if each.blocks)
        remedies = [tr(_REMEDY[name], days=self._days(name, tables)) for name in dict.fromkeys(failed)]
        return tr(
            "Do not use {tables} yet: {remedies}.",
            tables=few([table(name) for name in tables]),
            remedies=clauses(remedies),
        )

    def _mind(self, tables: list[str]) -> str:
        failed = {each.name for name in tables for each in self.failed(name)}
        care = [tr(what, days=self._days(name, tables)) for name, what in _CARE.items() if name in failed]
        return tr(
            "Use {tables} with care: {care}.",
            tables=few([table(name) for name in tables]),
            care=clauses(care[:_MOST]),
        )

    def _days(self, name: str, tables: list[str]) -> str:
        """The days for which these tables fail a check, as text; those of the largest gap or alarm first."""
        found: list[tuple[Span, float]] = []
        for each in self.found.tables:
            if each.name in tables and each.rows is not None:
                faults = each.gaps if name == "gaps" else [one for one in each.alarms if one.kind == name]
                found += [(span(each.rows, one.first, one.last), _size(one)) for one in faults]
        return few_days([days for days, _ in sorted(found, key=lambda one: (-one[1], one[0]))])

    def grounds(self) -> tuple[str, ...]:
        """What is wrong with each table, one sentence each, and what follows elsewhere."""
        told = [*(self._wrong(name) for name in (*self.by_use("no"), *self.by_use("with care")))]
        if told and (good := self.by_use("yes")):
            told.append(tr("Nothing is wrong with {tables}.", tables=listing(table(name) for name in good)))
        if "bots" in {each.name for each in self.checks if not each.passed}:
            told.append(tr("No number should rest on suspected accounts before it is known who they are."))
        told.append(tr("Nothing was repaired or left out here."))
        return (*told, tr("Each other report repeats, as a warning, what is said here of its own tables."))

    def _wrong(self, name: str) -> str:
        """A table with the checks that it fails, those that block first."""
        failed = sorted(self.failed(name), key=lambda each: not each.blocks)
        return tr("{table}: {reasons}.", table=table(name), reasons=joined(check(each.name) for each in failed))

    def findings(self) -> list[Finding]:
        """Rows of each table and whether it can be used, the worst first; the weight of bots before the good ones."""
        bad, good = [*self.by_use("no"), *self.by_use("with care")], self.by_use("yes")
        by_name = {each.name: self._finding(each) for each in self.found.tables}
        return [*(by_name[name] for name in bad), *self._weight(), *(by_name[name] for name in good)]

    def _finding(self, each: Inspected) -> Finding:
        label = _USE[use(each.name, self.checks)]
        return Finding(f"table_{each.name}", tr(label, table=table(each.name)), each.counted, unit="rows")

    def _weight(self) -> Iterator[Finding]:
        most = self.found.bots.heaviest()
        if most is None:
            return
        label = tr("Likely bots in any figure")
        if most.share:
            label = tr("Likely bots in {figure}", figure=tr(most.figure))
        limit = self.found.spec.most_weight
        yield Finding("bots", label, most.share, unit="ratio", reference=limit, against=tr("at most"))

    def glance(self) -> pd.DataFrame:
        """One row for each table: table, use, covers, rows, missing, mind."""
        nothing = tr("nothing")
        rows = [
            {
                "table": each.name,
                "use": use(each.name, self.checks),
                "covers": covers(each),
                "rows": each.counted,
                "missing": lacks(each) or nothing,
                "mind": joined(check(c.name) for c in self.failed(each.name)) or nothing,
            }
            for each in self.found.tables
        ]
        return pd.DataFrame(rows)

    def gates(self) -> list[Gate]:
        """One gate for each check, over all tables that it was asked of."""
        asked = ([each for each in self.checks if each.name == name] for name in CHECKS)
        return [gate(each, self.found.spec) for each in asked if each]


def _size(fault: Gap | Alarm) -> float:
    """How far an alarm is from what is usual, the same for twice as much and half as much; of a gap its slots."""
    return abs(math.log(max(fault.ratio, 1e-9))) if isinstance(fault, Alarm) else float(fault.slots)
