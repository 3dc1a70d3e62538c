"""People who are asked for: each once, and those that cannot be told apart or are in no table said by their places."""

from pathlib import Path

import pytest

from reachbook.errors import ParamsError
from reachbook.privacy import asked


def test_ids_are_read_once_each_with_their_first_places(tmp_path: Path) -> None:
    assert asked.read("u2, u1,,u2", tmp_path) == asked.Asked(("u2", "u1"), (1, 2))
    (tmp_path / "ids.txt").write_text("u1\n\nu2\nu1\n", "utf-8-sig")
    assert asked.read("ids.txt", tmp_path) == asked.Asked(("u1", "u2"), (1, 3))


def test_unknown_ids_are_said_by_their_places_and_never_by_name(tmp_path: Path) -> None:
    wanted = asked.read(",".join(f"u{number}" for number in range(1, 31)), tmp_path)
    assert asked.positions(wanted, ["u7", "u3", "of nobody"]) == "3, 7"
    assert asked.positions(wanted, wanted.ids, most=3) == "1, 2, 3, ..."


@pytest.mark.parametrize(("typed", "said"), [(" , ", "is empty"), ("lists/ids.txt", "there is no such file")])
def test_nobody_asked_for_is_one_sentence(tmp_path: Path, typed: str, said: str) -> None:
    with pytest.raises(ParamsError, match=rf"^IDS: .*{said}"):
        asked.read(typed, tmp_path)
