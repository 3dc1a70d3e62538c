"""The decision card: verdict, decision with its figure, findings against their reference, and what all rests on."""

from dataclasses import dataclass

from markupsafe import Markup

from reachbook.engine.page.gate_names import gate_name
from reachbook.engine.page.range_plot import range_plot
from reachbook.engine.page.wording import BY_OBJECT, TONES, verdict_class, verdict_words
from reachbook.presentation.numbers import unbroken
from reachbook.report import finding_text, gate_class
from reachbook.result import Finding, Result
from reachbook.translation import clauses, joined, sentences, tr, trn
from reachbook.verdict import Gate, failed

MOST = 4
"""Findings beside the decision; the others open with what it rests on."""
CHIPS = 3
"""Objects of a decision that each have a chip."""
NAMED = 3
"""Warnings that the line on the checks names."""
_MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}


@dataclass(frozen=True)
class ShownFinding:
    """A finding as text and as a range plot in SVG.

    Attributes
    ----------
    text : Markup
        Value and interval.
    value : Markup
        The value alone.
    between : Markup
        The interval alone.
    plot : Markup
        Drawing of both against the reference; "" where there is nothing to hold it against.
    meaning : Markup
        What they say in words; "" where nothing is said.
    """

    label: str
    text: Markup
    value: Markup
    between: Markup
    plot: Markup
    meaning: Markup


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
class Chip:
    """Label of what the decision asks for, or of what it asks for one of its objects.

    Attributes
    ----------
    tone : str
        CSS class.
    label : str
        Label in words.
    """

    tone: str
    label: str


@dataclass(frozen=True)
class DecisionCard:
    """The card at the top of a report.

    Attributes
    ----------
    tone : str
        CSS class of the verdict, which says whether the numbers can be relied on.
    verdict : str
        The verdict in words.
    checks : Markup
        How many gates passed and which warn, by their names, or where a failed run stopped.
    decision : Markup
        What to do, in words.
    asks : tuple of Chip
        What the decision asks for, one for each object where that differs between them; () where the numbers cannot be
        relied on, the notebook does not say, or the verdict says it.
    reasons : tuple of Markup
        Why not to act: the failed blocking gates, in words.
    figure : Markup
        The figure that shows the decision, as HTML; "" for none.
    findings : tuple of ShownFinding
        The first few findings.
    sure : str
        How sure their intervals are and why as sure as that, in words; "" where there are none or it is not known.
    more : tuple of ShownFinding
        The others.
    gates : tuple of ShownGate
        All gates, failed ones first.
    grounds : tuple of Markup
        What the decision rests on.
    """

    tone: str
    verdict: str
    checks: Markup
    decision: Markup
    asks: tuple[Chip, ...]
    reasons: tuple[Markup, ...]
    figure: Markup
    findings: tuple[ShownFinding, ...]
    sure: str
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
    return DecisionCard(
        tone="stop" if failure else verdict_class(result),
        verdict=tr("This run stopped before its end") if failure else verdict_words(result),
        checks=_prose(failure or _checks(result, blocking)),
        decision=_prose("" if failure else result.decision),
        asks=() if failure else _asks(result),
        reasons=tuple(_prose(gate.detail) for gate in blocking),
        figure=Markup("" if failure else figure),
        findings=tuple(_finding(each, currency) for each in result.findings[:MOST]),
        sure=_sure(result),
        more=tuple(_finding(each, currency) for each in result.findings[MOST:]),
        gates=tuple(_gate(each) for each in sorted(result.gates, key=lambda gate: gate.passed)),
        grounds=() if failure else tuple(map(_prose, result.grounds)),
    )


def _asks(result: Result) -> tuple[Chip, ...]:
    """Chips of a decision that may be acted on; those by object only as many as are read at a glance."""
    if not result.tone or result.verdict != "act":
        return ()
    if 1 < len(result.instructions) <= CHIPS:
        return tuple(Chip(each.tone, tr(BY_OBJECT[each.tone], name=each.name)) for each in result.instructions)
    if result.instructions:
        return (Chip("wait", tr("Decision: not the same for all")),)
    return (Chip(result.tone, tr(TONES[result.tone])),) if result.tone in TONES else ()


def _checks(result: Result, blocking: list[Gate]) -> str:
    if not result.gates:
        return tr("no checks were made")
    count = len(result.gates)
    passed = sum(gate.passed for gate in result.gates)
    warnings = [gate for gate in result.gates if not gate.passed and gate not in blocking]
    parts = [
        tr("{failed} of {n} checks failed", failed=len(blocking), n=count)
        if blocking
        else tr("{passed} of {n} checks passed", passed=passed, n=count),
        _warned(warnings) if warnings else "",
    ]
    return joined(part for part in parts if part)


def _warned(warnings: list[Gate]) -> str:
    """How many warnings there are, and the names of the first of them."""
    names = list(dict.fromkeys(gate_name(gate.id) for gate in warnings))
    named = clauses(names[:NAMED])
    if len(names) > NAMED:
        named = tr("{named}; {more} more", named=named, more=len(names) - NAMED)
    return trn("{n} warning: {named}", "{n} warnings: {named}", len(warnings), named=named)


def _sure(result: Result) -> str:
    """How sure the intervals of the findings are; "" where there are none or the notebook does not say."""
    if result.level is None or not any(each.low is not None and each.high is not None for each in result.findings):
        return ""
    level = f"{100 * result.level:g}%"
    return sentences(
        tr("Each range holds the true value with about {level} probability.", level=level), result.level_reason
    )


def _gate(gate: Gate) -> ShownGate:
    tone = gate_class(gate)
    return ShownGate(tone, _MARKS[tone], _prose(gate.detail))


def _prose(text: str) -> Markup:
    return Markup(unbroken(text))


def _finding(finding: Finding, currency: str) -> ShownFinding:
    text = finding_text(finding, currency)
    value = text.removesuffix("]").rpartition(" [")[0] or text
    plot = range_plot(finding, currency)
    between, meaning = _prose(text.removeprefix(value).strip()), _prose(finding.meaning)
    return ShownFinding(finding.label, _prose(text), _amount(value), between, plot, meaning)


def _amount(text: str) -> Markup:
    """A value whose unit in words, where it has one, is set smaller, so that both fit on one line."""
    amount, _, unit = text.partition(" ")
    if unit[:1].isalpha() and any(character.isdigit() for character in amount):
        return Markup("{} <small>{}</small>").format(_prose(amount), unit)
    return _prose(text)
