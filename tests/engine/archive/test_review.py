"""Reviews lie beside the versions, and a mistake in one is a line."""

from pathlib import Path

import pytest

from helpers.shelved import home, name, shelved
from reachbook import report_paths
from reachbook.engine.archive.review import latest, line, review, reviews
from reachbook.engine.shelf import page as shelf
from reachbook.errors import ReachbookError, RunError


def test_reviews_are_added_and_the_version_keeps_its_bytes(tmp_path: Path) -> None:
    folder = shelved(tmp_path, 1)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    review(tmp_path, name(1), "A", "changes", "看不懂图 2。")
    path, added = review(tmp_path, name(1), " B ", "approved", "")
    assert path == home(tmp_path) / "reviews" / f"{name(1)}.json"
    assert [(each.by, each.status, each.note) for each in reviews(folder)] == [
        ("A", "changes", "看不懂图 2。"), ("B", "approved", ""),
    ]  # fmt: skip
    assert latest(folder) == added
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert report_paths.versions(home(tmp_path)) == [folder]


def test_nobody_has_reviewed_it(tmp_path: Path) -> None:
    assert latest(shelved(tmp_path, 1)) is None


@pytest.mark.parametrize(
    ("by", "status", "note", "said"),
    [
        (" ", "approved", "", "BY: is empty."),
        ("A", "ok", "", "STATUS: 'ok' is not known. Write approved or changes."),
        ("A", "", "", "STATUS: '' is not known."),
        ("A", "changes", " ", "NOTE: is empty. Write what should change."),
        ("A" * 81, "approved", "", "BY: 81 characters are too many. Write at most 80."),
        ("A", "approved", "x" * 501, "NOTE: 501 characters are too many."),
        ("A\nB", "approved", "", "BY: holds a line break"),
    ],
)
def test_each_mistake_is_one_line_and_nothing_is_written(
    tmp_path: Path, by: str, status: str, note: str, said: str
) -> None:
    shelved(tmp_path, 1)
    with pytest.raises(ReachbookError) as error:
        review(tmp_path, name(1), by, status, note)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)
    assert not (home(tmp_path) / "reviews").exists()


@pytest.mark.parametrize("content", ["[", "{}", '[{"at": "", "by": 1, "status": "approved", "note": ""}]', "[1]"])
def test_damaged_reviews_are_not_overwritten(tmp_path: Path, content: str) -> None:
    folder = shelved(tmp_path, 1)
    path = home(tmp_path) / "reviews" / f"{name(1)}.json"
    path.parent.mkdir()
    path.write_text(content, "utf-8")
    if content != "{}":
        with pytest.raises(RunError, match=r"reviews/000000000001.json: cannot be read"):
            review(tmp_path, name(1), "A", "approved", "")
        assert path.read_text("utf-8") == content
    else:
        assert reviews(folder) == ()


@pytest.mark.parametrize("text", ["王　小明", "A\u00a0B", "👨‍👩‍👧 family", '<script>alert(1)</script> "{x}" 100 %s'])
def test_wide_spaces_emoji_and_markup_are_words_like_others(tmp_path: Path, text: str) -> None:
    folder = shelved(tmp_path, 1)
    _, added = review(tmp_path, name(1), text, "changes", text)
    assert reviews(folder) == (added,)
    assert line(added).count(text) == 2
    shown = shelf.write(tmp_path).read_text("utf-8")
    assert "<script>alert" not in shown


@pytest.mark.parametrize("text", ["A\u202eB", "A\u2028B", "A\x00B", "A\udcffB", "\u2066A"])
def test_what_does_not_read_as_written_is_refused(tmp_path: Path, text: str) -> None:
    shelved(tmp_path, 1)
    with pytest.raises(ReachbookError, match=r"^NOTE: holds a line break"):
        review(tmp_path, name(1), "A", "approved", text)


def test_a_name_that_nobody_sees_is_empty(tmp_path: Path) -> None:
    shelved(tmp_path, 1)
    with pytest.raises(ReachbookError, match=r"^BY: is empty"):
        review(tmp_path, name(1), "\u200b\u3000", "approved", "")
