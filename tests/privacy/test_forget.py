"""A list of people to be forgotten that is damaged, or was made with another key, is one sentence with its remedy."""

from pathlib import Path

import pytest

from reachbook.errors import ParamsError
from reachbook.privacy import forget
from reachbook.privacy.key import Key

ONE, OTHER = Key(b"a" * 32), Key(b"b" * 32)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A list of two people."""
    file = tmp_path / "params/acme/forget.csv"
    file.parent.mkdir(parents=True)
    assert forget.add(file, ONE, ONE.hashes(["u1", "u2"])) == 2
    return file


def test_people_are_added_once_and_their_ids_stand_nowhere(listed: Path) -> None:
    assert forget.add(listed, ONE, ONE.hashes(["u2", "u3"])) == 1
    assert forget.read(listed, ONE) == frozenset(ONE.hashes(["u1", "u2", "u3"]))
    assert "u1" not in listed.read_text("utf-8").split()


def test_another_key_is_refused_by_the_fingerprints_of_both(listed: Path) -> None:
    before = listed.read_bytes()
    for use in (lambda: forget.read(listed, OTHER), lambda: forget.add(listed, OTHER, OTHER.hashes(["u3"]))):
        with pytest.raises(ParamsError, match=rf"acme/forget.csv:1: was made with key {ONE.fingerprint}") as caught:
            use()
        assert f"Set REACHBOOK_KEY to the key {ONE.fingerprint}" in str(caught.value)
        assert OTHER.fingerprint in str(caught.value)
    assert listed.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", r"forget.csv:1: does not say which key"),
        (b"0123\n", r"forget.csv:1: does not say which key"),
        (b"\xff\xfe", r"forget.csv: cannot be read"),
    ],
)
def test_a_damaged_list_is_refused(listed: Path, content: bytes, said: str) -> None:
    listed.write_bytes(content)
    with pytest.raises(ParamsError, match=said):
        forget.read(listed, ONE)


def test_an_id_that_was_written_by_hand_is_refused_by_its_line_and_not_shown(listed: Path) -> None:
    listed.write_text(listed.read_text("utf-8") + "member-7\n", "utf-8")
    with pytest.raises(ParamsError, match=r"forget.csv:4: is no hash of 32 digits") as caught:
        forget.read(listed, ONE)
    assert "member-7" not in str(caught.value)
