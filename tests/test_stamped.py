"""What is kept of a file, and when it is asked again."""

import os
import time
from pathlib import Path

import pytest

from reachbook import stamped
from reachbook.stamped import StampedValues


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("one")
    return path


def said(file: Path) -> str:
    """Its text, as a process says that knows nothing but the book."""
    values = StampedValues(file.with_name("book.json"))
    text: str = values.of(file, Path.read_text)
    values.save()
    return text


def test_a_settled_file_is_read_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamped, "SETTLED_NS", 0)
    assert said(file) == "one"
    assert StampedValues(file.with_name("book.json")).of(file, lambda _: "read again") == "one"
    file.write_text("three")
    assert said(file) == "three"


def test_a_young_file_is_read_again_for_it_may_change_within_the_clock(file: Path) -> None:
    assert said(file) == "one"
    assert not file.with_name("book.json").exists()
    assert StampedValues(file.with_name("book.json")).of(file, lambda _: "read again") == "read again"


def test_a_change_that_keeps_size_and_modification_time_is_noticed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamped, "SETTLED_NS", 0)
    then = time.time_ns() - 60_000_000_000
    os.utime(file, ns=(then, then))
    said(file)
    time.sleep(0.02)  # longer than the grain of a file system's clock
    file.write_text("two")
    os.utime(file, ns=(then, then))
    assert said(file) == "two"


def test_a_file_that_changes_while_it_is_read_is_not_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamped, "SETTLED_NS", 0)
    values = StampedValues(file.with_name("book.json"))
    assert values.of(file, lambda path: f"{path.read_text()}{path.write_text('other')}") == "one5"
    assert values.of(file, Path.read_text) == "other"


def test_what_others_keep_stays_and_a_damaged_book_is_empty(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamped, "SETTLED_NS", 0)
    book, other = file.with_name("book.json"), file.with_name("b.txt")
    book.write_text("{")
    other.write_text("two")
    one, two = StampedValues(book), StampedValues(book)
    one.of(file, Path.read_text)
    two.of(other, Path.read_text)
    one.save()
    two.save()
    both = StampedValues(book)
    assert [both.of(each, lambda _: "read again") for each in (file, other)] == ["one", "two"]
