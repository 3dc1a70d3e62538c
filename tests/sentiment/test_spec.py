"""Parameters of the sentiment analysis: what may be entered, and the sentence where it may not."""

from typing import Any

import pytest
from pydantic import ValidationError

from reachbook.sentiment.spec import SentimentSpec


def test_nothing_has_to_be_entered() -> None:
    spec = SentimentSpec()
    assert (spec.brand, spec.compare_with, spec.previous, spec.aspects) == ("", "", "", {})
    assert (spec.level, spec.alarms_a_year) == (0.95, 1.0)


@pytest.mark.parametrize("previous", ["", "acme_2026-09/3f9a1c20b7de", "小店/0123456789ab"])
def test_an_earlier_version_is_named_by_study_and_version(previous: str) -> None:
    assert SentimentSpec(previous=previous).previous == previous


@pytest.mark.parametrize("previous", ["acme", "3f9a1c20b7de", "/3f9a1c20b7de", "acme/3f9a1c", "acme/3f9a1c20b7de/x"])
def test_anything_else_is_refused_with_an_example(previous: str) -> None:
    with pytest.raises(ValidationError) as error:
        SentimentSpec(previous=previous)
    (mistake,) = error.value.errors()
    assert f"is '{previous}'. Write <study>/<version>, as in acme_2026-09/3f9a1c20b7de." in mistake["msg"]


@pytest.mark.parametrize(
    "given",
    [
        {"base": "weibo"},
        {"embedding": "bert"},
        {"label_sample": "some"},
        {"level": 0.5},
        {"level": 1.0},
        {"wanted": 0.0},
        {"wanted": 0.5},
        {"alarms_a_year": 0.0},
        {"smallest_stream": 0.0},
        {"aspect_count": 1},
        {"aspect_count": 31},
        {"audit_size": -1},
        {"audit_size": 2.5},
        {"aspects": {"fit": "尺码"}},
        {"brands": "acme"},
    ],
    ids=str,
)
def test_values_that_mean_nothing_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as error:
        SentimentSpec(**given)
    assert [mistake["loc"][0] for mistake in error.value.errors()] == list(given)
