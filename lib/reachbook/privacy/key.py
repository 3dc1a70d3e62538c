"""The key that turns people's ids into hashes: HMAC-SHA-256 (RFC 2104), with the key from the environment."""

import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from reachbook.errors import ParamsError
from reachbook.translation import tr

VARIABLE = "REACHBOOK_KEY"
"""Environment variable that holds the key; nothing ever writes it down."""
SHORTEST = 32
"""Characters that a key needs at least: 128 bits as hexadecimal digits."""


@dataclass(frozen=True)
class Key:
    """A secret key.

    Attributes
    ----------
    secret : bytes
        Never printed, stored or published.
    """

    secret: bytes = field(repr=False)

    def hash(self, ident: str) -> str:
        """Hash one id: 32 hexadecimal digits, the first half of HMAC-SHA-256."""
        return hmac.digest(self.secret, ident.encode(), "sha256").hex()[:32]

    def hashes(self, idents: Iterable[str]) -> list[str]:
        """Hash each id."""
        return [self.hash(ident) for ident in idents]

    def derived(self, purpose: str) -> bytes:
        """Derive a key for another purpose, from which neither this one nor any hash of an id can be found."""
        return hmac.digest(self.secret, f"reachbook key for: {purpose}".encode(), "sha256")

    def blinded(self, sha256: str) -> str:
        """SHA-256 of a table as it may be told to readers who could guess the table: keyed, 64 hexadecimal digits."""
        return hmac.digest(self.derived("hashes of tables"), sha256.encode(), "sha256").hex()

    @property
    def fingerprint(self) -> str:
        """8 hexadecimal digits by which a file says which key its hashes were made with."""
        return self.hash("reachbook key fingerprint")[:8]


def from_environment() -> Key:
    """Read the key from REACHBOOK_KEY.

    Raises
    ------
    ParamsError
        It is missing, or too short to keep ids from being guessed.
    """
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        raise ParamsError(
            f"{VARIABLE}: "
            + tr("is not set. Without a key no id may leave; make one with `openssl rand -hex 32`, and keep it safe.")
        )
    if len(text) < SHORTEST:
        raise ParamsError(
            f"{VARIABLE}: "
            + tr(
                "has {count} characters, fewer than {shortest}. Make one with `openssl rand -hex 32`.",
                count=len(text),
                shortest=SHORTEST,
            )
        )
    return Key(text.encode())
