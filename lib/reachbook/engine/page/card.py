"""The decision card: verdict, decision with its figure, findings against their reference, and what all rests on."""

from dataclasses import dataclass

from markupsafe import Markup

from reachbook.engine.page.wording import TONES, VERDICTS
from reachbook.presentation.numbers import number, unbroken
from reachbook.report import finding_text, gate_class
from reachbook.result import Finding, Result
from reachbook.translation import joined, tr, trn
from reachbook.verdict import Gate, failed

WIDTH = 200
MOST = 4
"""Findings beside the decision; the others open with what it rests on."""
_MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}


@dataclass(frozen=True)
class ShownFinding:
    """A finding as text and as a range plot in SVG."""

    label: str
    text: Markup
    plot: Markup


@dataclass(frozen=True)
class ShownGate:
    """A gate as a line.

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
    figure : Markup
        The figure that shows the decision, as HTML; "" for none.
    findings : tuple of ShownFinding
        The first few findings.
    more : tuple of ShownFinding
        The others.
    gates : tuple of ShownGate
        All gates, failed ones first.
    grounds : tuple of Markup
        What the decision rests on.
    """

    tone: str
    verdict: str
    checks: str
    decision: Markup
    asks: str
    asked: str
    reasons: tuple[Markup, ...]
    figure: Markup
    findings: tuple[ShownFinding, ...]
    more: tuple[ShownFinding, ...]
    gates: tuple[ShownGate, ...]
    grounds: tuple[Markup, ...]


def card(result: Result, currency: str, failure: str = "", figure: str = "") -> DecisionCard:
    """Build the card of a result.

    Parameters
    ----------
    failure : str
        Where a run stopped before its end; "" for a complete run.
    figure : str
        HTML of the figure that shows the decision.
    """
    blocking = failed(result.gates)
    asks = result.tone if result.tone and result.verdict == "act" and not failure else ""
    tones = {"act": "act", "do not act": "stop", "no decision": ""}
    return DecisionCard(
        tone="stop" if failure else tones[result.verdict],
        verdict=tr("This run stopped before its end") if failure else tr(VERDICTS[result.verdict]),
        checks=failure or _checks(result, blocking),
        decision=_prose("" if failure else result.decision),
        asks=asks,
        asked=tr(TONES[asks]) if asks else "",
        reasons=tuple(_prose(gate.detail) for gate in blocking),
        figure=Markup("" if failure else figure),
        findings=tuple(_finding(each, currency) for each in result.findings[:MOST]),
        more=tuple(_finding(each, currency) for each in result.findings[MOST:]),
        gates=tuple(_gate(each) for each in sorted(result.gates, key=lambda gate: gate.passed)),
        grounds=() if failure else tuple(map(_prose, result.grounds)),
    )


def _checks(result: Result, blocking: list[Gate]) -> str:
    if not result.gates:
        return tr("no checks were made")
    count = len(result.gates)
    passed = sum(gate.passed for gate in result.gates)
    warnings = count - passed - len(blocking)
    parts = [
        tr("{failed} of {n} checks failed", failed=len(blocking), n=count)
        if blocking
        else tr("{passed} of {n} checks passed", passed=passed, n=count),
        trn("{n} warning", "{n} warnings", warnings) if warnings else "",
    ]
    return joined(part for part in parts if part)


def _gate(gate: Gate) -> ShownGate:
    tone = gate_class(gate)
    return ShownGate(tone, _MARKS[tone], _prose(gate.detail))


def _prose(text: str) -> Markup:
    return Markup(unbroken(text))


def _finding(finding: Finding, currency: str) -> ShownFinding:
    return ShownFinding(finding.label, _prose(finding_text(finding, currency)), Markup(_plot(finding, currency)))


def _plot(finding: Finding, currency: str) -> str:
    """Point and interval against their reference, as SVG; "" where there is no value or no reference."""
    points = [each for each in (finding.low, finding.value, finding.high, finding.reference) if each is not None]
    if finding.value is None or finding.reference is None or min(points) == max(points):
        return ""
    low, span = min(points), max(points) - min(points)
    x = {name: 12 + (WIDTH - 24) * (value - low) / span for name, value in _named(finding)}
    parts = [f'<path d="M0 12H{WIDTH}" stroke="var(--line)"/>', _reference(finding, x["reference"], currency)]
    if "low" in x and "high" in x:
        line = f'x1="{x["low"]:.1f}" x2="{x["high"]:.1f}" y1="12" y2="12"'
        parts.append(f'<line {line} stroke="var(--accent)" stroke-width="4" stroke-linecap="round" opacity=".45"/>')
    parts.append(f'<circle cx="{x["value"]:.1f}" cy="12" r="5" fill="var(--accent)"/>')
    label = Markup.escape(_described(finding, currency))
    title = f"<title>{label}</title>"
    return f'<svg viewBox="0 0 {WIDTH} 36" role="img" aria-label="{label}">{title}{"".join(parts)}</svg>'


def _reference(finding: Finding, x: float, currency: str) -> str:
    """The reference as a line with its value below."""
    text = Markup.escape(number(finding.reference or 0.0, finding.unit, currency))
    anchor = "start" if x < 30 else "end" if x > WIDTH - 30 else "middle"
    line = f'<path d="M{x:.1f} 3V21" stroke="currentColor"/>'
    return f'{line}<text x="{x:.1f}" y="33" text-anchor="{anchor}" font-size="11" fill="var(--soft)">{text}</text>'


def _named(finding: Finding) -> list[tuple[str, float]]:
    pairs = (("low", finding.low), ("high", finding.high), ("value", finding.value), ("reference", finding.reference))
    return [(name, value) for name, value in pairs if value is not None]


def _described(finding: Finding, currency: str) -> str:
    held_against = number(finding.reference or 0.0, finding.unit, currency)
    said = finding_text(finding, currency)
    return tr("{label}: {said}; reference {reference}", label=finding.label, said=said, reference=held_against)
