"""Folding, language, slang and copies of social-media text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.errors import DataError
from reachbook.sentiment.text.duplicates import copies_of, groups
from reachbook.sentiment.text.features import SIZE, counts, slots
from reachbook.sentiment.text.folding import ADDRESS, LONGEST, MENTION, emoticon, fold, without_emoticons
from reachbook.sentiment.text.language import LANGUAGES, language
from reachbook.sentiment.text.lexicon import lexicon
from reachbook.sentiment.text.readability import unread
from reachbook.sentiment.text.slang import tables

KINDS = ("cut", "empty", "wordless", "silent", "control", "markup", "misread")


def one(text: str) -> str:
    return fold([text]).texts()[0]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("這個東西質量很差", "这个东西质量很差"),
        ("乾淨的乾坤!之後見皇后", "干净的乾坤!之后见皇后"),
        ("哈哈哈哈哈哈哈", "哈哈哈"),
        ("多   空\t\n格", "多 空 格"),
        ("看 https://t.cn/A6abc?x=1 吧", f"看 {chr(ADDRESS)} 吧"),
        ("@小明: 好", f"{chr(MENTION)}: 好"),
        ("[doge]好", f"{chr(emoticon('doge'))}好"),
        ("<script>alert(1)</script>好&amp;坏", " alert(1) 好&坏"),
        ("a\u200bb\x00c", "ab c"),
        ("👍🏽", "👍"),
    ],
)
def test_what_varies_without_meaning_is_folded(written: str, folded: str) -> None:
    assert one(written) == folded


@given(st.lists(st.text(max_size=40), max_size=8))
def test_each_text_folds_as_it_does_alone(texts: list[str]) -> None:
    assert fold(texts).texts() == [one(each) for each in texts]


@given(st.lists(st.text(alphabet="乾淨坤後皇后著名a \n瞭解[費解]", max_size=12), max_size=6))
def test_traditional_text_folds_the_same_in_any_batch(texts: list[str]) -> None:
    assert fold(texts).texts() == [one(each) for each in texts]


@given(st.text(alphabet=st.characters(), max_size=60))
def test_nothing_that_can_be_written_breaks_it(text: str) -> None:
    assert len(fold([text, "好"])) == 2


def test_missing_texts_stay_in_place() -> None:
    assert fold([None, float("nan"), "", "好"]).texts() == ["", "", "", "好"]


def test_something_else_than_text_is_refused() -> None:
    with pytest.raises(DataError, match="texts: number 2 is 5, a int"):
        fold(["好", 5])
    with pytest.raises(DataError, match="Put it in a list"):
        fold("好")


def test_a_very_long_text_is_read_up_to_its_limit() -> None:
    assert fold(["好坏" * 20_000]).lengths[0] == LONGEST


@given(st.lists(st.text(alphabet="ab好坏 的", max_size=12), min_size=1, max_size=6))
def test_slots_of_a_batch_are_those_of_its_texts(texts: list[str]) -> None:
    together = counts(fold(texts)).toarray() if len(texts) < 2 else counts(fold(texts))
    for row, each in enumerate(texts):
        alone = counts(fold([each]))
        found = together[[row]] if not isinstance(together, np.ndarray) else alone
        assert abs(found - alone).sum() == 0


def test_slots_are_counts_of_ngrams_and_words() -> None:
    batch = fold(["好吃", ""])
    grams, starts, words, _ = slots(batch)
    assert [int((each > 0).sum()) for each in grams] == [2, 4, 2, 1]  # with an edge before and after
    assert list(starts) == [0, 4]
    assert len(words) == 0
    assert all(int(each.max()) < SIZE for each in grams)
    assert len(slots(fold(["not good"]))[2]) == 3  # two words and their pair


def test_language_is_told_by_script() -> None:
    texts = ["买了iPhone是真香", "this is great", "とても良い", "정말 좋아요", "👍👍", "12:30", "", "очень плохо"]
    names = [LANGUAGES[each] for each in language(fold(texts))]
    assert names == ["zh", "en", "ja", "ko", "none", "none", "none", "other"]


def test_slang_has_a_polarity_by_platform() -> None:
    slang = tables()
    bad, good = slang.features(fold(["真是智商税", "yyds！！"]), ["weibo", "weibo"]).T
    assert list(bad > 0) == [True, False]
    assert list(good > 0) == [False, True]
    smile = fold(["[微笑]"]).texts()[0]
    assert slang.of(smile, "weibo") < slang.of(smile, "douyin") < 0


def test_latin_slang_is_a_whole_word() -> None:
    assert tables().features(fold(["demo", "太emo了"])).sum(axis=1).tolist() == [0, 0.5]


def test_slang_is_found_in_each_text_alone() -> None:
    assert tables().features(fold(["a", "emo", "yy", "ds"])).sum(axis=1).tolist() == [0, 0.5, 0, 0]


def test_english_words_have_a_valence_that_a_negation_turns() -> None:
    bad, good = (
        lexicon().features(fold(["good", "not good", "never, ever good", "好", "gooood", "awful awful awful"])).T
    )
    assert (good > 0).tolist() == [True, False, False, False, False, False]
    assert (bad > 0).tolist() == [False, True, True, False, False, True]
    assert bad.max() < 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        (" \t", "empty"),
        (None, "empty"),
        ("👍👍[doge]:)！！", "wordless"),
        ("好" * (LONGEST + 1), "cut"),
        ("好\x00", "control"),
        ("<script>alert(1)</script>", "markup"),
        ("好&amp;坏", "markup"),
        ("锟斤拷", "misread"),
        ("好\ufffd", "misread"),
        ("cafÃ©", "misread"),
        ("这个东西很好吃".encode().decode("gb18030", "replace"), "misread"),
        ("这个东西很好吃".encode().decode("cp1252", "replace"), "misread"),
    ],
)
def test_what_cannot_be_read_is_counted(text: str | None, kind: str) -> None:
    found = unread([text, "买了iPhone，真香：12:30", "夏涓 a < b，à Zürich [doge]好"])
    assert {each: getattr(found, each) for each in KINDS if getattr(found, each)} == {kind: 1}
    assert found.describe().startswith("Of 3 comments 1 ")


def test_what_can_be_read_is_said_to_be() -> None:
    assert unread(iter(["好"] * 5000)).describe() == "All 5,000 comments could be read in full."


def test_reviewed_texts_move_a_term() -> None:
    moved = tables().learned(["智商税"] * 40, ["positive"] * 40, ["bilibili"] * 40)
    assert moved.of("智商税", "bilibili") > 0.5
    assert moved.of("智商税", "weibo") == tables().of("智商税", "weibo")


def test_emoticons_can_be_taken_out() -> None:
    assert without_emoticons(["好[doge]👍🏽吃:)"]) == ["好吃"]


def test_copies_and_near_copies_are_grouped_and_nothing_is_dropped() -> None:
    advert = "这款面膜真的太好用了，姐妹们赶紧去买，用了三天皮肤白了一个度"
    texts = [advert, "送餐太慢，饭都凉了，不会再点了", *[f"{advert}{n}！" for n in range(6)], "", "", "好评", "好评"]
    found = groups(texts)
    assert len(found.group) == len(texts)
    assert found.group[0] == found.group[7] != found.group[1]
    assert found.group[8] != found.group[9]  # nothing to read is not the same thing twice
    assert found.size[found.group[0]] == 7
    assert found.organised[found.group[0]]
    assert not found.organised[found.group[10]]
    assert found.copies == 7
    assert copies_of(["好评", "新的话"], texts).tolist() == [True, False]


def test_no_texts_at_all() -> None:
    assert len(groups([]).group) == 0
