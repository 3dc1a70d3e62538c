"""Which comment holds which term, against searching for each of them in turn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.sentiment.aspects.find import presence

TERMS = ["好吃", "包装", "价格", "app", "ok"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("这个很好吃，價格也行", ["好吃", "价格"]),
        ("The APP is fine", ["app"]),
        ("an apple, okay", []),
        ("ＡＰＰ　ｏｋ！", ["app", "ok"]),
        ("用app买", ["app"]),
        ("", []),
    ],
)
def test_case_width_and_traditional_characters_make_no_difference_and_words_are_whole(
    text: str, found: list[str]
) -> None:
    row = presence([text], TERMS).toarray()[0]
    assert [term for term, is_there in zip(TERMS, row, strict=True) if is_there] == found


@pytest.mark.parametrize(
    ("text", "counts"), [("不好吃", False), ("不是很好吃", False), ("没什么，好吃", True), ("好吃不贵", True)]
)
def test_a_term_that_is_denied_does_not_count_where_it_must_be_affirmed(text: str, counts: bool) -> None:
    affirmed = np.array([True])
    assert bool(presence([text], ["好吃"], affirmed)[0, 0]) is counts
    assert presence([text], ["好吃"])[0, 0] == 1


def test_terms_that_are_the_same_after_folding_each_have_their_own_matches() -> None:
    texts, terms = ["价格高", "價格還行", "不好吃", "app"], ["价格", "價格", "App", "ＡＰＰ", "好吃", "好吃"]
    affirmed = np.array([False, False, False, False, True, False])
    assert presence(texts, terms, affirmed).toarray().tolist() == [
        [1, 1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 1],
        [0, 0, 1, 1, 0, 0],
    ]


ONE = "甲乙丙丁"


@given(
    st.lists(st.text(ONE, max_size=8), max_size=6),
    st.lists(st.text(ONE, min_size=1, max_size=3), max_size=5),
)
def test_it_is_what_a_search_term_by_term_finds(texts: list[str], terms: list[str]) -> None:
    found = presence(texts, terms).toarray()
    assert found.tolist() == [[int(term in text) for term in terms] for text in texts]
