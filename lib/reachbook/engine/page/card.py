"""The decision card: verdict, decision, findings as range plots against their reference, gates as chips."""

from dataclasses import dataclass

from markupsafe import Markup

from reachbook.presentation.numbers import number, unbroken
from reachbook.report import finding_text, gate_class
from reachbook.result import Finding, Result
from reachbook.verdict import Gate, failed

WIDTH = 200
_MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}


@dataclass(frozen=True)
class ShownFinding:
    """A finding as text and as a range plot in SVG."""

    label: str
    text: Markup
    plot: Markup


@dataclass(frozen=True)
class ShownGate:
    """A gate as a chip.

    Attributes
    ----------
    tone : str
        CSS class: "ok", "warn" or "fail".
    mark : str
        Symbol for the outcome.
    """

    tone: str
    mark: str
    detail: Markup


@dataclass(frozen=True)
class DecisionCard:
    """The card at the top of a report.

    Attributes
    ----------
    tone : str
        CSS class of the verdict, which says whether the numbers can be relied on.
    verdict : str
        The verdict in words.
    checks : str
        How many gates passed, in words, or where a failed run stopped.
    decision : Markup
        What to do, in words.
    asks : str
        CSS class of the decision, which says what to do; "" where the numbers cannot be relied on or the notebook does
        not say.
    asked : str
        Label of the decision; "" with `asks`.
    reasons : tuple of Markup
        Why not to act: the failed blocking gates, in words.
    gates : tuple of ShownGate
        All gates but those in `reasons`.
    """

    tone: str
    verdict: str
    checks: str
    decision: Markup
    asks: str
    asked: str
    reasons: tuple[Markup, ...]
    findings: tuple[ShownFinding, ...]
    gates: tuple[ShownGate, ...]


def card(result: Result, currency: str, words: dict[str, str], failure: str = "") -> DecisionCard:
    """Build the card of a result.

    Parameters
    ----------
    words : dict of str to str
        The page's own words, see `reachbook.engine.wording`.
    failure : str
        Where a run stopped before its end; "" for a complete run.
    """
    blocking = failed(result.gates)
    asks = result.tone if result.tone and result.verdict == "act" and not failure else ""
    tones = {"act": "act", "do not act": "stop", "no decision": ""}
    return DecisionCard(
        tone="stop" if failure else tones[result.verdict],
        verdict=words["failed"] if failure else words[result.verdict],
        checks=failure or _checks(result, blocking, words),
        decision=_prose("" if failure else result.decision),
        asks=asks,
        asked=words[asks] if asks else "",
        reasons=tuple(_prose(gate.detail) for gate in blocking),
        findings=tuple(_finding(each, currency, words) for each in result.findings),
        gates=tuple(_gate(each) for each in result.gates if each not in blocking),
    )


def _checks(result: Result, blocking: list[Gate], words: dict[str, str]) -> str:
    if not result.gates:
        return words["no_checks"]
    warnings = sum(not gate.passed for gate in result.gates if gate.level == "warn")
    said = words["checks_failed"] if blocking else words["checks_passed"]
    text = said.format(n=len(result.gates), failed=len(blocking), passed=sum(gate.passed for gate in result.gates))
    return text + (", " + words["warnings"].format(n=warnings) if warnings else "")


def _gate(gate: Gate) -> ShownGate:
    tone = gate_class(gate)
    return ShownGate(tone, _MARKS[tone], _prose(gate.detail))


def _prose(text: str) -> Markup:
    return Markup(unbroken(text))


def _finding(finding: Finding, currency: str, words: dict[str, str]) -> ShownFinding:
    return ShownFinding(finding.label, _prose(finding_text(finding, currency)), Markup(_plot(finding, currency, words)))


def _plot(finding: Finding, currency: str, words: dict[str, str]) -> str:
    """Point and interval against their reference, as SVG; "" where there is no value or no reference."""
    points = [each for each in (finding.low, finding.value, finding.high, finding.reference) if each is not None]
    if finding.value is None or finding.reference is None or min(points) == max(points):
        return ""
    low, span = min(points), max(points) - min(points)
    x = {name: 12 + (WIDTH - 24) * (value - low) / span for name, value in _named(finding)}
    parts = [f'<path d="M{x["reference"]:.1f} 3V21" stroke="currentColor" opacity=".45"/>']
    if "low" in x and "high" in x:
        line = f'x1="{x["low"]:.1f}" x2="{x["high"]:.1f}" y1="12" y2="12"'
        parts.append(f'<line {line} stroke="var(--accent)" stroke-width="4" stroke-linecap="round" opacity=".45"/>')
    parts.append(f'<circle cx="{x["value"]:.1f}" cy="12" r="5" fill="var(--accent)"/>')
    label = Markup.escape(_described(finding, currency, words))
    title = f"<title>{label}</title>"
    return f'<svg viewBox="0 0 {WIDTH} 24" role="img" aria-label="{label}">{title}{"".join(parts)}</svg>'


def _named(finding: Finding) -> list[tuple[str, float]]:
    pairs = (("low", finding.low), ("high", finding.high), ("value", finding.value), ("reference", finding.reference))
    return [(name, value) for name, value in pairs if value is not None]


def _described(finding: Finding, currency: str, words: dict[str, str]) -> str:
    held_against = number(finding.reference or 0.0, finding.unit, currency)
    return f"{finding.label}: {finding_text(finding, currency)}; {words['reference']} {held_against}"
