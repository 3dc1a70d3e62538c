"""Control characters: seen, not obeyed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.translation.control_characters import visible

STEERING = {
    "\x00": r"\x00",
    "\x07": r"\x07",
    "\x1b[2J": r"\x1b[2J",
    "\x7f": r"\x7f",
    "\x9b31m": r"\x9b31m",
    "\x85": r"\x85",
    "a\rb": r"a\x0db",
    "\u2028": r"\u2028",
    "\u202ecod.exe": r"\u202ecod.exe",
    "\u2066": r"\u2066",
    "\ud83d": r"\ud83d",
}
ORDINARY = ("plain", "two\nlines", "two\r\nlines", "a\tb", "抖音 Douyin", "é", "👨\u200d👩\u200d👧", "\u200f", "\ufeff")


@pytest.mark.parametrize(("text", "shown"), STEERING.items(), ids=ascii)
def test_what_steers_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("text", ORDINARY, ids=ascii)
def test_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_shown_can_be_written_and_steers_nothing(text: str) -> None:
    shown = visible(text)
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert visible(shown) == shown
    assert not any(ord(sign) < 0x20 and sign not in "\n\r\t" for sign in shown)
