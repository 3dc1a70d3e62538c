"""Sentences, lists, plurals and dates in either language."""

from datetime import date

import pytest

from reachbook.translation import day, days, joined, language, listing, sentences, tr, trn, use, using


def test_english_needs_no_catalogue_and_fills_its_placeholders() -> None:
    assert tr("{share:.0%} of {who!r}", share=0.25, who="a") == "25% of 'a'"
    assert tr("a { that stays") == "a { that stays"


@pytest.mark.parametrize(("n", "said"), [(0, "0 rows"), (1, "1 row"), (1200, "1,200 rows")])
def test_english_has_two_forms(n: int, said: str) -> None:
    assert trn("{n} row", "{n} rows", n) == said


def test_chinese_has_one_form_and_its_own_punctuation() -> None:
    with using("zh"):
        assert [trn("{n} row", "{n} rows", n) for n in (1, 1200)] == ["1 行", "1,200 行"]
        assert (listing(["a", "b", "c"]), listing(["a", "b"], "or")) == ("a、b和c", "a或b")
        assert (joined(["a", "b"]), sentences("甲。", "", "乙。")) == ("a、b", "甲。乙。")
        assert day(date(2026, 7, 1)) == "2026年7月1日"
    assert (listing(["a", "b", "c"]), joined(["a", "b"]), sentences("A.", "", "B.")) == ("a, b and c", "a, b", "A. B.")
    assert day(date(2026, 7, 1)) == "2026-07-01"


def test_days_repeat_neither_year_nor_month_in_chinese() -> None:
    first = date(2026, 9, 25)
    ends = first, date(2026, 9, 28), date(2026, 10, 8), date(2027, 1, 8)
    with using("zh"):
        assert [days(first, end) for end in ends] == [
            "2026年9月25日",
            "2026年9月25日至28日",
            "2026年9月25日至10月8日",
            "2026年9月25日至2027年1月8日",
        ]
    assert [days(first, end) for end in ends[:2]] == ["2026-09-25", "2026-09-25 to 2026-09-28"]


def test_a_sentence_without_translation_stays_english() -> None:
    with using("zh"):
        assert tr("No catalogue has this, {name}.", name="ever") == "No catalogue has this, ever."


def test_a_block_ends_with_the_language_it_began_with() -> None:
    use("zh")
    with using("en"):
        assert language() == "en"
    assert language() == "zh"
    with pytest.raises(KeyError), using("en"):
        {}["a"]
    assert language() == "zh"
