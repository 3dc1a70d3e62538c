"""Topics are named one way: by their terms in quotation marks, or by the name that the parameters give."""

from dataclasses import replace
from datetime import date

import pytest

from helpers.judged_comments import alert
from reachbook.sentiment.sections.topic_words import comments_of, foreign_language, stream_label, topic_words
from reachbook.translation import Language, using

FOUND = "系统 / xp / 驱动 / 电脑"


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("en", FOUND, "“系统, xp, 驱动”"),
        ("zh", FOUND, "「系统、xp、驱动」等词"),
        ("en", "delivery", "“delivery”"),
        ("zh", "物流", "「物流」"),
        ("en", "what people say of it", "“what people say…”"),
    ],
)
def test_a_topic_is_quoted(language: Language, name: str, said: str) -> None:
    with using(language):
        assert topic_words(name) == said


@pytest.mark.parametrize(
    ("language", "key", "said", "label"),
    [
        ("en", ("weibo", FOUND, None), "Weibo comments on “系统, xp, 驱动” (Chinese keywords)", "Weibo"),
        ("zh", ("weibo", FOUND, None), "提到「系统、xp、驱动」等词的Weibo评论", "Weibo"),
        ("en", (None, "delivery", "new"), "comments from new on “delivery”", "“delivery”"),
        ("en", (None, None, "new"), "comments from new", "new"),
        ("en", ("weibo", None, "new"), "Weibo comments from new", "Weibo"),
        ("en", (None, None, None), "comments", "all comments"),
    ],
)
def test_a_stream_is_told_by_what_it_holds(
    language: Language, key: tuple[str | None, str | None, str | None], said: str, label: str
) -> None:
    happened = replace(alert(date(2026, 7, 20), key=key), channels={"weibo": "Weibo"})
    with using(language):
        assert (comments_of(happened), stream_label(happened)) == (said, label)


def test_in_short_the_platform_is_enough_or_else_the_aspect() -> None:
    keys = ("x", "fit", "y"), (None, "fit", "y"), (None, None, "y")
    short = [comments_of(alert(date(2026, 7, 20), key=key), short=True) for key in keys]
    assert short == ["x comments", "comments on “fit”", "comments from y"]


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("en", FOUND, "Chinese"),
        ("zh", FOUND, ""),
        ("zh", "screen / keyboard", "英文"),
        ("en", "screen / keyboard", ""),
        ("en", "배송 / 포장", "Korean"),
        ("en", "物流", ""),
    ],
)
def test_the_language_of_keywords_is_named_where_it_is_not_the_page_s(language: Language, name: str, said: str) -> None:
    """A name that the parameters give is the reader's own."""
    with using(language):
        assert foreign_language(name) == said
