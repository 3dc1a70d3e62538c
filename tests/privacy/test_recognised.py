"""People to be forgotten are recognised in every table, and each id is hashed once."""

import pyarrow as pa
import pytest

from helpers.consenting import KEY
from reachbook.privacy.key import Key
from reachbook.privacy.recognised import Recognised

ONE = Key(KEY.encode())


def test_the_same_people_are_told_in_table_after_table_and_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    plain = Key.hashes
    monkeypatch.setattr(Key, "hashes", lambda self, ids: hashed.extend(ids) or plain(self, ids))
    known = Recognised(ONE, plain(ONE, ["b", "d", "z"]))
    assert known.among(pa.array(["a", "b", "c"])).tolist() == [False, True, False]
    assert known.among(pa.array(["d", "b", "a"])).tolist() == [True, True, False]
    assert known.among(pa.array(["a", "d"])).tolist() == [False, True]
    assert hashed == ["a", "b", "c", "d"]


def test_nobody_is_hashed_to_find_people_who_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = ONE.hashes(["b", "d"])
    monkeypatch.setattr(Key, "hashes", None)
    known = Recognised(ONE, hashes, ["b", "d"])
    assert known.among(pa.array(["a", "b", "c"])).tolist() == [False, True, False]
    assert known.among(pa.array(["b", "d"]), frozenset(hashes[1:])).tolist() == [False, True]


def test_only_a_part_of_the_list_is_asked_for() -> None:
    known = Recognised(ONE, ONE.hashes(["a", "b"]))
    assert known.among(pa.array(["a", "b"]), frozenset(ONE.hashes(["b"]))).tolist() == [False, True]
    assert known.among(pa.array(["a", "b"]), frozenset()).tolist() == [False, False]


def test_without_a_list_or_an_id_nobody_is_told() -> None:
    assert Recognised(None, ()).among(pa.array(["a"])).tolist() == [False]
    assert Recognised(ONE, ONE.hashes(["a"])).among(pa.array([], pa.string())).tolist() == []
