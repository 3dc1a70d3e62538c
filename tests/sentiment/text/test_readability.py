"""What nobody can read, and what is no opinion, is counted apart."""

import pytest

from reachbook.sentiment.text.folding import fold
from reachbook.sentiment.text.readability import unread


@pytest.mark.parametrize(
    "text", ["\u200b\u200d", "\u2060\u180e\u3164", "\u2800", "\u034f\u061c", "\U000e0020", "\ufeff"]
)
def test_a_text_of_invisible_characters_has_nothing_to_read(text: str) -> None:
    assert unread([text, "好喝"]).empty == 1
    assert fold([f"好{text}喝"]).text(0) == "好喝"


def test_a_repost_mark_is_counted_apart_from_opinions() -> None:
    found = unread(["转发微博", "https://example.org/a", "@某人", "好喝"])
    assert (found.silent, found.empty) == (3, 0)
