"""Is a finding's change more than noise? A rule with a stated rate of false calls."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from scipy.special import ndtri

from reachbook.engine.kept import KeptVersion
from reachbook.result import Finding

RATE = 0.05
"""Largest probability that any finding of a pair of versions is called changed where nothing but chance has."""
UNSTATED_LEVEL = 0.9
"""Level of intervals taken where the parameters state none: lower than most, so that errors are rather overstated."""

type Call = Literal["more", "noise", "method", "same", "unknown", "new", "gone"]
"""What is said of a finding: a change beyond noise or within it, one that data cannot have caused because they are the
same, none at all, one that cannot be judged, or a finding that only one version has.
"""


@dataclass(frozen=True)
class Ground:
    """What is known of two versions' data before their findings are compared.

    Attributes
    ----------
    levels : tuple of float
        Probability level of the intervals before and after.
    same_data : bool
        Whether both read the same rows and results from the same seed.
    overlap : bool
        Whether rows may have entered both.
    """

    levels: tuple[float, float] = (0.95, 0.95)
    same_data: bool = False
    overlap: bool = True


@dataclass(frozen=True)
class FindingChange:
    """One finding in two versions, and what its change is called."""

    before: Finding | None
    after: Finding | None
    call: Call


def ground(before: KeptVersion, after: KeptVersion) -> Ground:
    """Find out from two records what their data share."""
    old, new = before.inputs, after.inputs
    same = all(old.get(part) == new.get(part) for part in ("tables", "upstream"))
    same = same and all(old["study"].get(part) == new["study"].get(part) for part in ("seed", "period", "timezone"))
    return Ground((_level(old), _level(new)), same, _overlap(old["study"]["period"], new["study"]["period"]))


def calls(before: Sequence[Finding], after: Sequence[Finding], known: Ground) -> list[FindingChange]:
    """Judge every finding of two versions, those of the newer one first.

    Notes
    -----
    With s₁ and s₂ the standard errors behind the two intervals and ρ the correlation of the two estimates, their
    difference has variance s₁² + s₂² − 2ρs₁s₂. Estimates of the same quantity by the same method share rows with the
    same sign, so that ρ ≥ 0, and ρ = 0 where no row is shared: √(s₁² + s₂²) is never too small. A change is more than
    noise where it exceeds z₁₋α/₂ₘ times that, with α = `RATE` and m findings compared (Bonferroni). Where rows are
    shared the rate of false calls lies below α, and small real changes go unnoticed.
    """
    old, new = {each.id: each for each in before}, {each.id: each for each in after}
    compared = sum(_errors(old[id], each, known.levels) is not None for id, each in new.items() if id in old)
    judged = [FindingChange(old.get(id), each, _call(old.get(id), each, known, compared)) for id, each in new.items()]
    return judged + [FindingChange(each, None, "gone") for id, each in old.items() if id not in new]


def critical(compared: int) -> float:
    """Number of standard errors from which a change is more than noise, among `compared` findings."""
    return float(-ndtri(RATE / 2 / max(compared, 1)))


def _call(old: Finding | None, new: Finding, known: Ground, compared: int) -> Call:
    if old is None:
        return "new"
    if (old.value, old.low, old.high, old.unit) == (new.value, new.low, new.high, new.unit):
        return "same"
    if known.same_data:
        return "method"
    errors = _errors(old, new, known.levels)
    if errors is None or old.value is None or new.value is None:
        return "unknown"
    return "more" if abs(new.value - old.value) > critical(compared) * math.hypot(*errors) else "noise"


def _errors(old: Finding, new: Finding, levels: tuple[float, float]) -> tuple[float, float] | None:
    """Standard errors from the sides of the two intervals that face each other; None where one is not known."""
    values = (old.value, old.low, old.high, new.value, new.low, new.high)
    if old.unit != new.unit or any(value is None or not math.isfinite(value) for value in values):
        return None
    was, was_low, was_high, now, low, high = (float(value) for value in values if value is not None)
    sides = (was_high - was, now - low) if now >= was else (was - was_low, high - now)
    if min(sides) <= 0:
        return None
    first, second = (-side / ndtri((1 - level) / 2) for side, level in zip(sides, levels, strict=True))
    return float(first), float(second)


def _level(inputs: dict[str, Any]) -> float:
    level = inputs["parameters"].get("level", UNSTATED_LEVEL)
    return float(level) if isinstance(level, float) and 0.5 < level < 1 else UNSTATED_LEVEL


def _overlap(old: dict[str, str], new: dict[str, str]) -> bool:
    first, second = ({name: date.fromisoformat(day) for name, day in each.items()} for each in (old, new))
    return first["start"] <= second["end"] and second["start"] <= first["end"]
