"""The inspection in words: decision, findings and gates."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reachbook.quality.checks import Check, Use, checks, use
from reachbook.quality.inspection import Inspected, Inspection
from reachbook.quality.labels import CHECKS, check, table
from reachbook.quality.periods import covers, lacks
from reachbook.quality.sections import advice
from reachbook.quality.sections.gates import gate
from reachbook.result import Finding, Tone
from reachbook.translation import joined, listing, mark, tr
from reachbook.verdict import Gate

_IN_ALL = mark("rows in all")
"""Unit of a table's size, beside what to do about some of its rows."""


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
        """Tone of the decision: "stop" where a table cannot be used, "except" where something is asked of one."""
        uses = {use(each.name, self.checks) for each in self.found.tables}
        return "stop" if "no" in uses else "except" if "with care" in uses else "go"

    def by_use(self, answer: Use) -> list[str]:
        """Names of the tables whose use is `answer`."""
        return [each.name for each in self.found.tables if use(each.name, self.checks) == answer]

    def decision(self) -> str:
        """State what to do about which tables, and which can be used as they are."""
        return advice.decision(self.checks, [each.name for each in self.found.tables])

    def grounds(self) -> tuple[str, ...]:
        """What is wrong with each table, one sentence each, and what follows elsewhere."""
        bad = [*self.by_use("no"), *self.by_use("with care")]
        told = [self._wrong(name) for name in (*bad, *(name for name in self.by_use("yes") if self.failed(name)))]
        if told and (good := [name for name in self.by_use("yes") if not self.failed(name)]):
            told.append(tr("Nothing is wrong with {tables}.", tables=listing(table(name) for name in good)))
        if "bots" in {each.name for each in self.checks if not each.passed}:
            told.append(tr("No number should rest on suspected accounts before it is known who they are."))
        if "late" in {each.name for each in self.checks if each.presses}:
            told.append(
                tr(
                    "Other reports count late days as they are. To leave them out of those on the audience and on "
                    "comments, end `period` in study.yaml the day before."
                )
            )
        told.append(tr("Nothing was repaired or left out here."))
        return (*told, tr("Each other report repeats, as a warning, what is said here of its own tables."))

    def _wrong(self, name: str) -> str:
        """A table with the checks that it fails, those that block first."""
        failed = sorted(self.failed(name), key=lambda each: not each.blocks)
        return tr("{table}: {reasons}.", table=table(name), reasons=joined(check(each.name) for each in failed))

    def findings(self) -> list[Finding]:
        """Rows of each table and what to do about it, the worst first; false alarms and bots before the good ones.

        Notes
        -----
        Where every table is good, the tables come first.
        """
        bad, good = [*self.by_use("no"), *self.by_use("with care")], self.by_use("yes")
        by_name = {each.name: self._finding(each) for each in self.found.tables}
        rates = [*self._false_alarms(), *self._weight()]
        told = [by_name[name] for name in good]
        return [*(by_name[name] for name in bad), *rates, *told] if bad else [*told, *rates]

    def _false_alarms(self) -> Iterator[Finding]:
        """How sure the alarms are, where any table was searched for one."""
        if any(each.watched is not None for each in self.found.tables):
            label = tr("Chance of a false alarm on a sound table, at most")
            yield Finding("false_alarms", label, self.found.spec.false_alarms, unit="ratio")

    def _finding(self, each: Inspected) -> Finding:
        return Finding(f"table_{each.name}", advice.label(each.name, self.checks), each.counted, unit=_IN_ALL)

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
