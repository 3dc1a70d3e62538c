"""The same content, the same hash."""

import hashlib
from pathlib import Path

import pytest

from reachbook import hashing


def test_files_and_bytes_are_hashed_by_sha_256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 300_000)
    assert hashing.of_file(tmp_path / "a") == hashing.of_bytes(b"x" * 300_000)
    assert hashing.of_bytes(b"") == hashlib.sha256(b"").hexdigest()


def test_the_order_of_keys_makes_no_difference_and_of_lists_it_does() -> None:
    assert hashing.of_data({"b": [1, 2], "a": "中"}) == hashing.of_data({"a": "中", "b": [1, 2]})
    assert hashing.of_data([1, 2]) != hashing.of_data([2, 1])
    assert hashing.canonical({"b": 1, "a": "中"}) == '{"a":"中","b":1}'


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        hashing.of_data(float("nan"))
