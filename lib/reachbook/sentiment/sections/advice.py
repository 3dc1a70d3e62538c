"""What to answer, fix and amplify, and what that rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reachbook.presentation.numbers import number
from reachbook.sentiment.sections.checks import rare
from reachbook.sentiment.sections.figures import share
from reachbook.sentiment.sections.topic_words import comments_of, foreign_language, topic_noted, topic_words
from reachbook.translation import day, joined, listing, sentences, tr
from reachbook.verdict import failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from reachbook.result import Tone
    from reachbook.sentiment.alerts.watch import Alert
    from reachbook.sentiment.sections.story import SentimentResults
    from reachbook.verdict import Gate

_PAST = 7
"""Days without the incident, at the end of the period, after which it is told as over."""


@dataclass(frozen=True)
class Decided:
    """The decision.

    Attributes
    ----------
    decision : str
        What to do, in at most 40 words.
    grounds : tuple of str
        Sentences on what it rests on.
    tone : Tone
        "go" where something is to be answered, fixed or amplified, else "wait".
    """

    decision: str
    grounds: tuple[str, ...]
    tone: Tone


def advise(results: SentimentResults, gates: Sequence[Gate]) -> Decided:
    """Decide what to do by what stands clear of its interval; where a gate blocks, what to do about that."""
    leading = results.incidents.leading
    largest = leading[0] if leading else None
    over = largest is not None and _quiet(results, largest) > _PAST
    blocked = failed(gates)
    if blocked or not results.stated:
        cure = _cure(blocked, results)
        meanwhile = _meanwhile(largest) if largest and not over else ""
        return Decided(sentences(cure, meanwhile), (*_incident(results, largest), *_corrected(results)), "wait")
    fix, amplify = _clear(results)
    urgent = largest if not over else None
    parts = [
        _answer(urgent) if urgent else "",
        _fix(fix, alone=urgent is None),
        _amplify(amplify, alone=urgent is None and fix is None),
        _over(largest) if largest and over else "",
    ]
    decision = sentences(*parts) or tr("Nothing stands out from its usual level. Keep listening, and change nothing.")
    grounds = (*_incident(results, largest), *_spoken(results, fix), *_spoken(results, amplify), *_left_open(results))
    grounds = (*grounds, *_own_language(fix, amplify), *_corrected(results))
    return Decided(decision, grounds, "go" if any(parts) else "wait")


def _cure(blocked: Sequence[Gate], results: SentimentResults) -> str:
    """Why no share can be relied on, and what to do about it, by the first gate that blocks."""
    id = blocked[0].id if blocked else "audit"
    if id == "domain" and results.trust.domain is None:
        return tr("No share can be told: too few comments have words. Gather more comments and run again.")
    if id == "drawn":
        return tr(
            "Do not rely on the shares: the comments read are no random sample. Read audit_queue without skipping, or "
            "set label_sample: chosen."
        )
    if id == "convergence":
        return tr("Do not rely on the shares: their calculation has not settled. Read more of audit_queue, run again.")
    return tr(
        "No share can be told: too few comments were read by people. Read audit_queue, name it under reviews in "
        "study.yaml, run again."
    )


def _answer(alert: Alert) -> str:
    """What to do about an incident that is going on."""
    return tr(
        "Reply now to {comments}, {days}: {negative:,} negative, usually about {expected}.",
        comments=comments_of(alert),
        **_counted(alert),
    )


def _over(alert: Alert) -> str:
    """That an incident is over, so that nothing has to be done at once; its numbers stand beside the decision."""
    where = comments_of(alert, short=True)
    return tr(
        "The incident in {comments} ended on {day}: no immediate action needed.", comments=where, day=day(alert.end)
    )


def _meanwhile(alert: Alert) -> str:
    return tr(
        "Meanwhile reply to {comments}, {days}: {negative:,} negative, usually {expected}.",
        comments=comments_of(alert, short=True),
        **_counted(alert),
    )


def _counted(alert: Alert) -> dict[str, object]:
    return {"days": alert.span, "negative": alert.negative, "expected": f"{alert.expected:.0f}"}


def _quiet(results: SentimentResults, alert: Alert) -> int:
    """Days of the period after the last day on which the incident stood out."""
    return max((results.incidents.streams.days[-1] - alert.end).days, 0)


def _incident(results: SentimentResults, alert: Alert | None) -> tuple[str, ...]:
    """How rare the incident is, and, if it is over, what is left to do about it."""
    if alert is None:
        return ()
    quiet = _quiet(results, alert)
    if quiet <= _PAST:
        return (alert.rarity,)
    over = tr(
        "The incident was over {n} days before the period ends: find its cause and learn from it.",
        n=quiet,
    )
    return alert.rarity, over


def _clear(results: SentimentResults) -> tuple[pd.Series | None, pd.Series | None]:
    """The aspects that are clearly worse and clearly better than the rest, by comments in excess or in want.

    Both are None where labels are too few for predictions of single comments.
    """
    table = results.reasons.shares
    if not len(table) or not all(check.passed for check in rare(results.predictions)):
        return None, None
    table = table.assign(excess=table["more"] * table["texts"])
    worse, better = table[table["more_low"] > 0], table[table["more_high"] < 0]
    return (
        None if worse.empty else worse.iloc[int(worse["excess"].argmax())],
        None if better.empty else better.iloc[int(better["excess"].argmin())],
    )


def _fix(row: pd.Series | None, alone: bool) -> str:
    """What to fix; its numbers stand in the decision if it is the first thing to do, else in the grounds."""
    if row is None:
        return ""
    name = topic_words(str(row["name"]))
    if not alone:
        return tr("Fix {name}.", name=name)
    return tr(
        "Fix {name}: {share:.1%} of these comments are negative, {rest:.1%} of others ({points} [{low}, {high}] more).",
        **_beside(row, more=True),
    )


def _amplify(row: pd.Series | None, alone: bool) -> str:
    """What to amplify, with its numbers as in `_fix`."""
    if row is None:
        return ""
    name = topic_words(str(row["name"]))
    if not alone:
        return tr("Amplify {name}.", name=name)
    return tr(
        "Amplify {name}: {share:.1%} of these comments are negative, {rest:.1%} of others ({points} [{low}, "
        "{high}] less).",
        **_beside(row, more=False),
    )


def _beside(row: pd.Series, more: bool) -> dict[str, object]:
    """An aspect, its negative share, that of the other comments, and how much more or less it is, with interval."""
    ends = (row["more_low"], row["more_high"]) if more else (-row["more_high"], -row["more_low"])
    low, high = (f"{100 * end:.1f}" for end in ends)
    return {
        "name": topic_noted(str(row["name"])),
        "share": row["negative"],
        "rest": row["rest"],
        "points": number(abs(row["more"]), "points"),
        "low": low,
        "high": high,
    }


def _spoken(results: SentimentResults, row: pd.Series | None) -> tuple[str, ...]:
    """How many comments speak of an aspect, how many of them are negative, and by which terms they were found."""
    if row is None:
        return ()
    name, count = str(row["name"]), number(int(row["texts"]), "count")
    topic = topic_words(name)
    terms = results.reasons.aspects.terms.get(name, ())
    said = tr(
        "{share} of the {count} comments on {name} are negative, {rest:.1%} of the other comments.",
        share=share(row),
        count=count,
        name=topic,
        rest=row["rest"],
    )
    if not terms:
        return (said,)
    return said, tr("Comments on {name} are found by these terms: {terms}.", name=topic, terms=joined(terms))


def _left_open(results: SentimentResults) -> tuple[str, ...]:
    if all(check.passed for check in rare(results.predictions)):
        return ()
    return (tr("What to fix or amplify is left open: too few comments of one kind were read to judge single ones."),)


def _corrected(results: SentimentResults) -> tuple[str, ...]:
    """Why the negative share is not what counting the model's answers gives."""
    if not results.stated or results.breakdowns.overall is None:
        return ()
    said = tr(
        "Counting the model's answers would give a negative share of {counted}. The comments that people read show how "
        "often it errs either way, which corrects this to {share}.",
        counted=number(float(results.breakdowns.counted[0]), "ratio"),
        share=number(results.breakdowns.overall.interval("negative").middle, "ratio"),
    )
    return (said,)


def _own_language(*rows: pd.Series | None) -> tuple[str, ...]:
    """In which language the keywords are, where it is not the page's."""
    found = [foreign_language(str(row["name"])) for row in rows if row is not None]
    names = listing(dict.fromkeys(filter(None, found)))
    return (tr("Keywords are in the comments' own language ({language}).", language=names),) if names else ()
