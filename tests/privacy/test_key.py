import pytest

from reachbook.errors import ParamsError
from reachbook.privacy import key
from reachbook.privacy.key import Key

SECRET = "0123456789abcdef" * 4


def test_hashes_are_hmac_sha_256_as_in_rfc_4231():
    assert Key(b"Jefe").hash("what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c7"


def test_many_ids_are_hashed_as_one_is_whatever_the_length_of_the_key():
    for length in (32, 64, 65, 131):
        one = Key(b"k" * length)
        assert one.hashes(["会员1", "", "u" * 200]) == [one.hash("会员1"), one.hash(""), one.hash("u" * 200)]


def test_another_key_gives_other_hashes_and_another_fingerprint():
    one, other = Key(b"a" * 32), Key(b"b" * 32)
    assert one.hashes(["u1", "u2"]) != other.hashes(["u1", "u2"])
    assert one.fingerprint != other.fingerprint


def test_key_is_never_shown():
    assert SECRET not in repr(Key(SECRET.encode()))


@pytest.mark.parametrize(("value", "told"), [("", "is not set"), ("short", "has 5 characters")])
def test_missing_or_short_key_is_refused_with_the_remedy(monkeypatch, value, told):
    monkeypatch.setenv("REACHBOOK_KEY", value)
    with pytest.raises(ParamsError, match=rf"REACHBOOK_KEY: {told}.*openssl rand -hex 32"):
        key.from_environment()


def test_key_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("REACHBOOK_KEY", SECRET)
    assert key.from_environment() == Key(SECRET.encode())
