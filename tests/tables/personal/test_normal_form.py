"""A text in its normal form knows the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.tables.personal.normal_form import normal_form


@given(st.text())
def test_the_original_comes_back_to_the_letter(text: str) -> None:
    form = normal_form(text)
    assert form.original == text
    assert len(form.source) == len(form.text)


@pytest.mark.parametrize(
    "drawn", ["１３８", "①③⑧", "❶❸❽", "𝟏𝟑𝟖", "⒈⒊⒏", "1\ufe0f\u20e33\ufe0f\u20e38\ufe0f\u20e3", "1\u200b38"]
)
def test_digits_are_read_however_they_are_drawn(drawn: str) -> None:
    assert normal_form(drawn).text == "138"


def test_a_mark_takes_the_place_of_what_was_written() -> None:
    form = normal_form("甲①②，乙")
    form.replace(1, 3, "[x]")
    assert form.original == "甲[x]，乙"
