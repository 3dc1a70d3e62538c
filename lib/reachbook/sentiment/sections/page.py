"""The sentiment report: findings, gates, the decision, and every section with its figures and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.presentation.section import NEITHER, TRUTH_UNKNOWN, Figure, Section, Story, Table, unless_checked
from reachbook.sentiment.sections import figures
from reachbook.sentiment.sections.advice import advise
from reachbook.sentiment.sections.checks import gates
from reachbook.sentiment.sections.lead import lead
from reachbook.sentiment.text.labels import POLARITIES
from reachbook.translation import mark, sentences, tr
from reachbook.verdict import failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from reachbook.sentiment.sections.changes import Changes
    from reachbook.sentiment.sections.story import SentimentResults
    from reachbook.verdict import Gate

_UNSTATED = mark("Not told: shares cannot be stated before enough comments are read at random.")
_DRAWN = ("texts", "negative")
"""Columns beside a figure that draws the intervals."""
_COUNTS = ("negative", "comments", "these", "those", "count")


def compose(results: SentimentResults, seed: int, planted: pd.DataFrame | None = None) -> Story:
    """Compose the report from the results.

    Parameters
    ----------
    planted : pandas.DataFrame or None
        The simulator's table truth_sentiment; None for real data.
    """
    checks = gates(results)
    advice, shown = advise(results, checks), lead(results, results.stated and not failed(checks))
    return Story(
        described=results.predictions.describe(),
        decision=advice.decision,
        tone=advice.tone,
        grounds=advice.grounds,
        lead=shown,
        level=results.spec.level,
        findings=tuple(results.findings()),
        gates=tuple(checks),
        sections={
            "platforms": _platforms(results),
            "weeks": _weeks(results, planted),
            "incidents": _incidents(results, checks),
            "aspects": _aspects(results),
            "opinions": _opinions(results),
            "words": _words(results),
            "keys": _keys(results),
            "organised": _organised(results, checks),
            "card": _card(results),
            "transfer": _transfer(results),
            "queues": _queues(results, seed),
            "agreement": _agreement(results),
            "truth": _truth(results),
        },
    )


def changed(found: Changes, mine: pd.DataFrame) -> Section:
    """Changes of each share, the test of each kind of drift, and every comment with its prediction.

    Parameters
    ----------
    mine : pandas.DataFrame
        Table from `changes.comparison_table`.
    """
    points = dict.fromkeys(["low", "change", "high", "counted"], "points")
    tables = (
        Table("drift", found.table(), units=points, worded=("polarity",)),
        Table("drift_tests", found.tests(), worded=("drift",)),
        Table(
            "judged",
            mine,
            units=dict.fromkeys(POLARITIES, "ratio"),
            worded=("label",),
            named=("platform",),
            private="shared",
        ),
    )
    return Section(tables=tables)


def _counts(id: str, frame: pd.DataFrame, *worded: str) -> Table:
    return Table(id, frame, units={name: "count" for name in _COUNTS if name in frame}, worded=worded)


def _shares(results: SentimentResults, id: str, key: str) -> Table:
    """Shares by a key; the few values taken together have a name of ours."""
    return Table(
        id,
        results.breakdowns.by[key],
        units=results.units,
        shown=results.shown(key),
        worded=(key,),
        named=("platform", key),
    )


def _opinions(results: SentimentResults) -> Section:
    phrases = _counts("opinions", results.reasons.opinions, "polarity")
    return Section(tables=(phrases, Table("quotes", results.reasons.quotes, worded=("polarity",), private="shared")))


def _platforms(results: SentimentResults) -> Section:
    if not results.stated:
        return Section(tr(_UNSTATED))
    drawn = figures.shares(results.breakdowns, results.counted_by("platform"), results.planted, results.channels)
    table = _shares(results, "platforms", "platform")._replace(shown=["platform", *_DRAWN])
    return Section(figures=(Figure("platforms", *drawn),), tables=(table,))


def _weeks(results: SentimentResults, planted: pd.DataFrame | None) -> Section:
    tables = (
        Table("sentiment_index", results.index(), units=results.units, shown=results.index_shown, named=("platform",)),
        Table("daily", results.daily, units=results.units, shown=results.shown("day")),
    )
    if not results.stated:
        return Section(tr(NEITHER), tables=tables)
    drawn = figures.weeks(results.breakdowns, results.planted_by_week(planted), results.channels)
    return Section(figures=(Figure("weeks", *drawn),), tables=tables)


def _incidents(results: SentimentResults, checks: Sequence[Gate]) -> Section:
    happened = results.incidents
    drawn = [Figure("incident", *figures.incident(happened, each)) for each in happened.leading[:1]]
    quotes = Table("incident_quotes", happened.quotes(), private="shared")
    table = _counts("incidents", happened.table(), "where", "found by")._replace(named=("where",))
    measured = unless_checked(
        happened.replayed.describe(), checks, tr("How many came on quiet days is among the checks above.")
    )
    return Section(sentences(happened.describe(), measured), tuple(drawn), (table, quotes))


def _aspects(results: SentimentResults) -> Section:
    if not results.stated:
        return Section(tr(NEITHER))
    if not len(results.reasons.shares):
        return Section(tr("No aspect is spoken of often enough."))
    table = Table(
        "aspects",
        results.reasons.shares,
        units=results.units,
        shown=["name", *_DRAWN, "rest", "more_low", "more", "more_high"],
    )
    return Section(figures=(Figure("aspects", *figures.aspects(results.reasons)),), tables=(table,))


def _words(results: SentimentResults) -> Section:
    why = results.reasons
    drawn = (Figure("words", *figures.words(why, results.name)),) if len(why.significant) else ()
    return Section(why.describe(results.name), drawn, (Table("words", why.significant),))


def _keys(results: SentimentResults) -> Section:
    if not results.stated:
        return Section(tr(NEITHER))
    if not results.other_keys:
        return Section(tr("No comment names a brand, a campaign, a segment or a post."))
    return Section(tables=tuple(_shares(results, f"by_{key}", key) for key in results.other_keys))


def _organised(results: SentimentResults, checks: Sequence[Gate]) -> Section:
    without = results.organised.without(results.predictions.probabilities)
    units = results.units | {"moved": "points"}
    tables = (
        Table("organised", results.organised.table, worded=("sign",), named=("platforms",), quoted=("example",)),
        Table("without_organised", without, units=units, worded=("polarity",)),
    )
    note = unless_checked(
        results.organised.describe(), checks, tr("How many comments these are is among the checks above.")
    )
    return Section(note, tables=tables)


def _card(results: SentimentResults) -> Section:
    card = results.trust.card
    if card is None:
        return Section(tr("There are too few labels to measure the model on."))
    units = {"count": "count", "share": "ratio"}
    mistakes = Table("mistakes", results.mistakes(), units=units, worded=("label", "answer"), private="shared")
    return Section(card.describe(), (Figure("reliability", *figures.reliability(results.trust)),), (mistakes,))


def _transfer(results: SentimentResults) -> Section:
    both = ("trained_on", "tested_on")
    return Section(tables=(Table("transfer", results.trust.transfer, units=results.units, named=both),))


def _queues(results: SentimentResults, seed: int) -> Section:
    drawn = figures.labels_bought(results.trust, results.spec.wanted)
    tables = (
        Table(
            "audit_queue",
            results.audit_queue(seed),
            download=True,
            verbatim=True,
            named=("platform",),
            private="shared",
        ),
        Table(
            "learning_queue",
            results.learning_queue(),
            download=True,
            verbatim=True,
            named=("platform",),
            private="shared",
        ),
    )
    return Section(figures=(Figure("labels", *drawn),), tables=tables)


def _agreement(results: SentimentResults) -> Section:
    caption = tr("Labels that the model contradicts; read them again.")
    units = dict.fromkeys(["confidence", "own"], "ratio")
    doubtful = Table(
        "suspected_labels",
        results.trust.suspects,
        caption,
        units,
        worded=("label", "model"),
        named=("platform",),
        private="shared",
    )
    return Section(results.agreement(), tables=(doubtful,))


def _truth(results: SentimentResults) -> Section:
    known = results.truth
    if known is None:
        return Section(tr(TRUTH_UNKNOWN))
    shares = Table("truth_shares", known.shares, units=results.units, worded=("platform",), named=("platform",))
    return Section(known.describe(), tables=(shares, Table("truth_bursts", known.bursts, named=("platform",))))
