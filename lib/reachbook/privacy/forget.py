"""The file of people to be forgotten, `params/<study>/forget.csv`: the key's fingerprint, then one hash a line."""

import re
from collections.abc import Iterable
from pathlib import Path

from reachbook import atomic
from reachbook.errors import ParamsError
from reachbook.privacy.key import VARIABLE, Key
from reachbook.translation import tr

FILE = "forget.csv"
_HEAD = re.compile(r"key ([0-9a-f]{8})")
_HASH = re.compile(r"[0-9a-f]{32}")


def path(root: Path, study: str) -> Path:
    """Where a study's list lies."""
    return root / "params" / study / FILE


def there(root: Path, studies: Iterable[str]) -> list[Path]:
    """Lists of a study and of those it extends, as far as there are any."""
    return [file for study in studies if (file := path(root, study)).is_file()]


def read(file: Path, key: Key) -> frozenset[str]:
    """Read the hashes of a list.

    Raises
    ------
    ParamsError
        It was made with another key, or holds something else than hashes.
    """
    shown = "/".join(file.parts[-3:])
    first, *lines = _lines(file, shown)
    head = _HEAD.fullmatch(first)
    if head is None:
        raise ParamsError(
            f"{shown}:1: "
            + tr("does not say which key its hashes were made with. Take the file back from your version control.")
        )
    if head[1] != key.fingerprint:
        raise ParamsError(
            f"{shown}:1: "
            + tr(
                "was made with key {stated}; {variable} holds another one ({given}), with which nobody in the list "
                "would be found. Set {variable} to the key {stated}.",
                stated=head[1],
                given=key.fingerprint,
                variable=VARIABLE,
            )
        )
    for number, line in enumerate(lines, start=2):
        if not _HASH.fullmatch(line):
            raise ParamsError(
                f"{shown}:{number}: " + tr("is no hash of 32 digits. Add people with `make erase`, not by hand.")
            )
    return frozenset(lines)


def _lines(file: Path, shown: str) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines() or [""]
    except (OSError, UnicodeDecodeError) as error:
        raise ParamsError(f"{shown}: " + tr("cannot be read. Take the file back from your version control.")) from error


def add(file: Path, key: Key, hashes: Iterable[str]) -> int:
    """Add hashes to a list, in alphabetical order, and return how many were not in it before."""
    known = read(file, key) if file.is_file() else frozenset()
    every = known | frozenset(hashes)
    if every != known:
        atomic.write_text(file, "\n".join([f"key {key.fingerprint}", *sorted(every)]) + "\n")
    return len(every) - len(known)
