"""Comments, labels and reviews come together, and what does not fit is said."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.comment_tables import END, START, save, written
from reachbook.errors import DataError
from reachbook.sentiment import SentimentSpec
from reachbook.sentiment.text.comments import Comments, gather

TEXTS = ["很好", "太差了", "还行", "great", "not good", "一般"]


def gathered(folder: Path, labels: list[str | None], reviews: pd.DataFrame | None = None, **spec: str) -> Comments:
    tables = {"comments": save(written(TEXTS, labels), folder, "comments")}
    if reviews is not None:
        tables["reviews"] = save(reviews, folder, "reviews")
    return gather(tables, SentimentSpec(**spec), START, END)


def reviewed(rows: list[tuple[str, str | None, str | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["comment_id", "queue", "label"])
    return frame.assign(label_2=None, note=None)


def test_labels_are_random_unless_the_parameters_say_that_they_were_chosen(tmp_path: Path) -> None:
    labels = ["positive", "negative", None, None, None, None]
    assert gathered(tmp_path, labels).labelled("audit").tolist() == [0, 1]
    assert gathered(tmp_path, labels, label_sample="chosen").labelled("learning").tolist() == [0, 1]


def test_a_review_wins_and_the_label_becomes_a_second_opinion(tmp_path: Path) -> None:
    reviews = reviewed(
        [("m00000", "learning", "negative"), ("m00003", "learning", "positive"), ("m00004", "audit", "neutral")]
    )
    found = gathered(tmp_path, ["positive", None, None, None, None, None], reviews)
    assert found.frame["label"].tolist()[:5] == ["negative", None, None, "positive", "neutral"]
    assert found.frame["label_2"].iloc[0] == "positive"
    assert found.labelled("audit").tolist() == [0, 4], "what was drawn at random stays in the random sample"
    assert found.labelled("learning").tolist() == [3]


def test_skipped_comments_of_the_random_queue_are_counted(tmp_path: Path) -> None:
    reviews = reviewed(
        [
            ("m00000", "audit", "positive"),
            ("m00001", "audit", None),
            ("m00002", "audit", "negative"),
            ("m00003", "audit", None),
        ]
    )
    assert gathered(tmp_path, [None] * 6, reviews).skipped == 1


def test_a_review_of_no_comment_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"reviews: comment_id 'x9' is no comment of this study \(1 such\)"):
        gathered(tmp_path, [None] * 6, reviewed([("x9", "audit", "positive")]))


def test_a_spreadsheet_guard_before_an_id_is_taken_off(tmp_path: Path) -> None:
    found = gathered(tmp_path, [None] * 6, reviewed([("'m00001", "audit", "negative")]))
    assert found.labelled("audit").tolist() == [1]


def test_a_period_without_comments_says_where_to_look(tmp_path: Path) -> None:
    table = written(TEXTS).assign(at=pd.Timestamp("2020-01-01"))
    with pytest.raises(DataError, match=r"none lies between 2026-07-01 and 2026-09-30. Set `period`"):
        gather({"comments": save(table, tmp_path, "comments")}, SentimentSpec(), START, END)


def test_a_brand_nobody_wrote_about_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none in the period is on brand 'acme'\. Brands there: none"):
        gathered(tmp_path, [None] * 6).of("acme")


def test_the_language_is_told_comment_by_comment(tmp_path: Path) -> None:
    assert gathered(tmp_path, [None] * 6).frame["language"].tolist() == ["zh", "zh", "zh", "en", "en", "zh"]


def test_one_platform_is_not_called_several(tmp_path: Path) -> None:
    assert gathered(tmp_path, [None] * 6).describe().startswith("6 comments on 2 platforms, ")
    alone = written(TEXTS).assign(platform="weibo")
    one = gather({"comments": save(alone, tmp_path, "comments")}, SentimentSpec(), START, END)
    assert one.describe().startswith("6 comments on 1 platform, ")
