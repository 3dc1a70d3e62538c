"""Messages are lines that can be read, whatever value they quote."""

from reachbook.errors import DataError


def test_control_characters_are_shown() -> None:
    assert str(DataError("x.csv:3: \x1b[31m\ta")) == r"x.csv:3: \x1b[31m\ta"


def test_an_overlong_line_keeps_its_place_and_its_remedy() -> None:
    said = str(DataError(f"x.csv:3: {'a' * 9_000} is no day. Write it as 2026-12-31.\nx.csv:4: b"))
    first, second = said.splitlines()
    assert first.startswith("x.csv:3: aaa")
    assert first.endswith("aaa is no day. Write it as 2026-12-31.")
    assert len(first) < 1_500
    assert second == "x.csv:4: b"
    assert str(DataError("a" * 1_500)) == "a" * 1_500
