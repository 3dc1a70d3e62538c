"""Gates of the sentiment analysis: domain, audit, rare labels, leaks, organised groups, alarms and convergence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.presentation.numbers import number
from reachbook.sentiment.classifier.domain_gate import labels_needed
from reachbook.sentiment.text.labels import POLARITIES
from reachbook.stats.sampling import EFFECTIVE, R_HAT
from reachbook.translation import sentences, tr
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from reachbook.sentiment.classifier.predict import Predictions
    from reachbook.sentiment.prevalence.breakdowns import Breakdowns
    from reachbook.sentiment.sections.story import SentimentResults

AUDIT_LEAST = 30
"""Smallest number of random labels from which an interval may carry a decision."""
_RARE = 10
"""Labels of the rarer polarity above which predictions of single comments hardly depend on the draw."""
_DRAWN_BY_CHANCE, _MOOD_LIMIT, _COPIES_LIMIT, _SKIPPED_LIMIT = 0.001, 0.10, 0.20, 0.05


def gates(results: SentimentResults) -> list[Gate]:
    """All gates, each with evidence and remedy."""
    return [
        *_domain(results),
        *_audit(results),
        *rare(results.predictions),
        *_leak(results),
        _organised(results),
        Gate("alarms", results.incidents.replayed.consistent, results.incidents.replayed.describe(), "warn"),
        *_sampled(results.breakdowns),
    ]


def _domain(results: SentimentResults) -> list[Gate]:
    found = results.trust.domain
    if found is None:
        said = tr("Too few comments have words to compare with the texts the model learnt from. Gather more.")
        return [Gate("domain", False, said)]
    out = [Gate("domain", found.passed, found.describe())]
    if found.passed and not found.same_domain:
        said = tr(
            "{labels:,} comments read by people correct every share, whatever the model learnt from.",
            labels=found.labels,
        )
        out = [Gate("domain", True, said), Gate("likeness", False, found.describe(), "warn")]
    if found.calibrated is not None and found.audit is not None:
        said = tr(
            "On the comments read at random, the model's certainty is off by {error:.1%} on average (limit "
            "{limit:.1%}).",
            error=found.audit.error,
            limit=found.error_limit,
        )
        out.append(Gate("calibration", found.calibrated, said, "warn"))
    return out


def _audit(results: SentimentResults) -> list[Gate]:
    size, overall, wanted = len(results.predictions.audit), results.breakdowns.overall, results.spec.wanted
    if overall is None or size < AUDIT_LEAST:
        said = tr(
            "{size} comments were read at random; at least {least} are needed before any share is acted on. {need} "
            "give the negative share within {wanted:.0%} either way: fill in audit_queue below.",
            size=size,
            least=AUDIT_LEAST,
            need=labels_needed(wanted, level=results.spec.level),
            wanted=wanted,
        )
        return [Gate("audit", False, said)]
    width = float(overall.half_width[0])
    said = tr(
        "{labels:,} comments on {name} read at random give the negative share within {width} either way (wanted: "
        "{wanted}).",
        labels=overall.audit,
        name=results.name,
        width=number(width, "points"),
        wanted=number(wanted, "points"),
    )
    return [Gate("audit", width <= wanted, said, "warn"), _random(results)]


def _random(results: SentimentResults) -> Gate:
    p, skipped = results.trust.drawn or 0.0, results.predictions.comments.skipped
    few = skipped <= _SKIPPED_LIMIT * max(len(results.predictions.audit), 1)
    passed = p >= _DRAWN_BY_CHANCE and few
    chance = f"{p:.2g}"
    if p >= _DRAWN_BY_CHANCE:
        said = tr(
            "The comments read look like a random sample: chance alone gives as large differences from all comments "
            "with probability {chance} (limit {limit}).",
            chance=chance,
            limit=_DRAWN_BY_CHANCE,
        )
    else:
        said = tr(
            "The comments read do not look like a random sample: chance alone gives as large differences from all "
            "comments only with probability {chance} (limit {limit}).",
            chance=chance,
            limit=_DRAWN_BY_CHANCE,
        )
    left = tr("{n} of the random queue were skipped.", n=skipped) if skipped else ""
    remedy = "" if passed else tr("Draw the audit at random, or set label_sample: chosen and fill in audit_queue.")
    return Gate("drawn", passed, sentences(said, left, remedy))


def rare(predictions: Predictions) -> list[Gate]:
    """Whether both polarities have enough labels for predictions of single comments; [] where too few were read."""
    labels = predictions.audit_labels
    if len(labels) < AUDIT_LEAST:
        return []
    rarer = min(("negative", "positive"), key=labels.count)
    count = labels.count(rarer)
    if count >= _RARE:
        said = tr("At least {count} labels of each, negative and positive, teach the model.", count=count)
        return [Gate("rare", True, said, "warn")]
    rows = predictions.audit[np.array(labels) == rarer]
    said = tr(
        "{count} of {read} comments read at random are {rarer}, too few to learn from (wanted: {wanted}); the model "
        "found {found} of them without their labels. Lists, quotes and alarms of {rarer} comments may miss most of "
        "them; the shares rest on the labels and hold. Have more comments of learning_queue read.",
        count=count,
        read=len(labels),
        rarer=tr(rarer),
        wanted=_RARE,
        found=int((predictions.probabilities[rows].argmax(axis=1) == POLARITIES.index(rarer)).sum()),
    )
    return [Gate("rare", False, said, "warn")]


def _leak(results: SentimentResults) -> list[Gate]:
    card = results.trust.card
    if card is None:
        return []
    share = card.copies / max(card.copies + len(card.rows), 1)
    held = card.emoticon_loss <= _MOOD_LIMIT and share <= _COPIES_LIMIT
    said = tr(
        "Before the model was tested, {copies:,} copies among the labels (at most {most:.0%}) and {base:,} in the "
        "public reviews were taken out; without emoji its accuracy changes by {change} (limit {least}).",
        copies=card.copies,
        most=_COPIES_LIMIT,
        base=card.base_copies,
        change=number(-card.emoticon_loss, "points"),
        least=number(-_MOOD_LIMIT, "points"),
    )
    flattered = tr("So many copies, or so much told by emoji alone, flatter a score: new comments are told less well.")
    return [Gate("leak", held, sentences(said, "" if held else flattered), "warn")]


def _organised(results: SentimentResults) -> Gate:
    """Whether organised groups, which may exist, leave the negative share nearly unchanged."""
    moved = float(results.organised.without(results.predictions.probabilities)["moved"].iloc[0])
    limit = results.spec.wanted / 2
    if not len(results.organised.table):
        return Gate("organised", True, results.organised.describe(), "warn")
    said = tr(
        "Without them the negative share would move by {moved} (at most {limit}).",
        moved=number(moved, "points"),
        limit=number(limit, "points"),
    )
    return Gate("organised", not abs(moved) > limit, sentences(results.organised.describe(), said), "warn")


def _sampled(breakdowns: Breakdowns) -> list[Gate]:
    if breakdowns.pooled is None:
        return []
    found = breakdowns.pooled.convergence
    how = tr(
        "repeats agree to {r_hat:.3f} (1 is equal, limit {limit}), {draws:,.0f} independent draws (at least {least}), "
        "{astray} of {all:,} went astray (none may)",
        r_hat=found.r_hat,
        limit=R_HAT,
        draws=min(found.bulk, found.tail),
        least=EFFECTIVE,
        astray=found.divergences,
        all=found.draws,
    )
    if found.passed:
        return [Gate("convergence", True, tr("The calculation has settled: {how}.", how=how))]
    said = tr("The calculation has not settled: {how}; worst is {worst}.", how=how, worst=found.worst)
    return [Gate("convergence", False, said)]
