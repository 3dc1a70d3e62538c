"""Slang, emoticons and sarcasm are read as they are meant, by a classifier that learnt from reviews only."""

import pytest
from slang_probes import PROBES, ours, trained


@pytest.fixture(scope="module")
def answers() -> list[float]:
    return ours(trained(step=4))


@pytest.mark.parametrize("number", range(len(PROBES)))
def test_slang_probe(answers: list[float], number: int) -> None:
    assert (answers[number] > 0.5) == (PROBES[number][2] == "positive"), PROBES[number][0]
