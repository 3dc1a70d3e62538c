"""The verdict of a report: whether its numbers hold, by the gates that they had to pass."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

type Verdict = Literal["act", "do not act", "no decision"]


@dataclass(frozen=True)
class Gate:
    """A check that must pass before anyone acts; level "warn" is reported but does not block."""

    id: str
    passed: bool
    detail: str
    level: Literal["block", "warn"] = "block"


def failed(gates: Iterable[Gate]) -> list[Gate]:
    """The gates that block and did not pass, in their order."""
    return [gate for gate in gates if gate.level == "block" and not gate.passed]


def verdict(gates: Iterable[Gate], decision: str) -> Verdict:
    """Return "act" only if there is a decision and every blocking gate passed."""
    if failed(gates):
        return "do not act"
    return "act" if decision else "no decision"
