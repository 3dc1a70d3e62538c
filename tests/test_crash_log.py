"""Faults of the program: one line for the user, the rest in a file."""

from pathlib import Path

import pytest

from reachbook import crash_log, hashing


@pytest.fixture
def fault() -> Exception:
    """A fault that went through the library."""
    try:
        hashing.canonical({1, 2})
    except TypeError as error:
        return error
    raise AssertionError("a set has no JSON form")


def test_one_line_says_what_and_where_and_the_traceback_is_kept(tmp_path: Path, fault: Exception) -> None:
    said = crash_log.describe(fault, tmp_path)
    assert "\n" not in said
    assert "TypeError: Object of type set is not JSON serializable" in said
    assert "reachbook/hashing.py:" in said
    assert "Traceback" in (tmp_path / ".cache" / "fault.txt").read_text("utf-8")


def test_where_nothing_can_be_written_the_line_promises_no_file(tmp_path: Path, fault: Exception) -> None:
    (tmp_path / ".cache").write_text("a file where the folder should be")
    assert "fault.txt" not in crash_log.describe(fault, tmp_path)


def test_only_the_first_line_of_a_message_is_said() -> None:
    assert crash_log.named("ValueError", "first.\nsecond") == "ValueError: first"
    assert crash_log.named("KeyError", "") == "KeyError"


def test_neither_details_nor_passwords_nor_control_characters_are_kept(tmp_path: Path) -> None:
    try:
        raise ValueError("row 3: 打我13912345678 \x1b[31m postgresql://shop:hush@db/orders")
    except ValueError as error:
        said = crash_log.describe(error, tmp_path)
    for text in (said, (tmp_path / ".cache" / "fault.txt").read_text("utf-8")):
        assert r"[phone] \x1b[31m postgresql://db/orders" in text
        assert "13912345678" not in text
        assert "hush" not in text
