"""Gates: what passes and what fails, with the number and its limit in the sentence."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.sentiment_study import study
from reachbook.sentiment.classifier.domain_gate import DomainGap
from reachbook.sentiment.sections.checks import gates, rare
from reachbook.sentiment.sections.story import SentimentResults
from reachbook.verdict import Gate, failed


@pytest.fixture(scope="module")
def whole() -> SentimentResults:
    return study(audited=True)


def gate(results: SentimentResults, id: str) -> Gate:
    (found,) = [each for each in gates(results) if each.id == id]
    return found


def test_nothing_blocks_where_half_of_the_comments_were_read_at_random(whole: SentimentResults) -> None:
    assert failed(gates(whole)) == []
    assert (
        "80 comments on brand_a read at random give the negative share within 4.6 percentage points"
        in gate(whole, "audit").detail
    )


def test_unread_comments_block_and_say_how_many_to_read() -> None:
    """385 labels give a half-width of 5 points at worst: 1.96² / 4 / 0.05²."""
    found = gate(study(audited=False), "audit")
    assert (found.passed, found.level) == (False, "block")
    assert "0 comments were read at random; at least 30 are needed" in found.detail
    assert "385 give the negative share within 5% either way" in found.detail


@pytest.mark.parametrize(("drawn", "skipped", "passed"), [(0.001, 4, True), (0.0009, 0, False), (0.5, 5, False)])
def test_a_sample_may_differ_by_chance_and_few_of_it_may_be_skipped(
    whole: SentimentResults, drawn: float, skipped: int, passed: bool
) -> None:
    """Of 80 labels one in twenty is four."""
    comments = replace(whole.predictions.comments, skipped=skipped)
    of = replace(
        whole, trust=replace(whole.trust, drawn=drawn), predictions=replace(whole.predictions, comments=comments)
    )
    found = gate(of, "drawn")
    assert found.passed == passed
    assert (f"{skipped} of the random queue were skipped." in found.detail) == (skipped > 0)
    assert ("Draw the audit at random" in found.detail) != passed


def test_texts_unlike_the_training_texts_are_corrected_by_enough_labels(whole: SentimentResults) -> None:
    strange = DomainGap(0.9, 0.0, 0.7, None, 100, 0.13)
    corrected = replace(whole, trust=replace(whole.trust, domain=strange))
    assert gate(corrected, "domain").detail.startswith("100 comments read by people correct every share")
    warned = gate(corrected, "likeness")
    assert (warned.passed, warned.level) == (False, "warn")
    assert "(0.90; 0.50 is alike, more than 0.65 too different; 70% of their words" in warned.detail
    assert "seems to differ, too, by 13.0 percentage points" in warned.detail
    few = replace(whole, trust=replace(whole.trust, domain=replace(strange, labels=99)))
    assert failed(gates(few))[0].id == "domain"


@pytest.mark.parametrize(("negatives", "passed"), [(9, False), (10, True)])
def test_ten_labels_of_each_kind_teach_the_model(whole: SentimentResults, negatives: int, passed: bool) -> None:
    frame = whole.predictions.comments.frame.copy()
    rows = np.flatnonzero(frame["label"].notna())
    frame["label"] = frame["label"].astype(object)
    frame.iloc[rows, frame.columns.get_loc("label")] = ["negative"] * negatives + ["positive"] * (80 - negatives)
    (found,) = rare(replace(whole.predictions, comments=replace(whole.predictions.comments, frame=frame)))
    assert found.passed == passed
    assert passed or found.detail.startswith("9 of 80 comments read at random are negative, too few")


def test_an_army_that_moves_the_share_is_told_with_its_limit(whole: SentimentResults) -> None:
    """The mean probability falls from 26.25% (forty of 160 at 90%, the others at 5%) to 5%."""
    flags = whole.predictions.probabilities.argmax(axis=1) == 0
    table = whole.organised.table.reindex(range(1)).assign(sign="burst")
    army = replace(whole, organised=replace(whole.organised, table=table, flags=flags))
    found = gate(army, "organised")
    assert not found.passed
    assert found.detail.endswith(
        "Without them the negative share would move by −21.2 percentage points (at most 2.5 percentage points)."
    )
