"""Slang, emoticons and sarcasm are read as they are meant, by a classifier that learnt from reviews only."""

import pytest
from slang_probes import PROBES, ours

from reachbook.sentiment.classifier.model import Model


@pytest.fixture(scope="module")
def answers(reviewed: Model) -> list[float]:
    return ours(reviewed)


@pytest.mark.parametrize("number", range(len(PROBES)))
def test_slang_probe(answers: list[float], number: int) -> None:
    assert (answers[number] > 0.5) == (PROBES[number][2] == "positive"), PROBES[number][0]
