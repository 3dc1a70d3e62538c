"""Ids of people as they are asked for: separated by commas, or one a line in a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reachbook.errors import ParamsError
from reachbook.privacy.key import Key
from reachbook.translation import tr


@dataclass(frozen=True)
class Asked:
    """People who are asked for.

    Attributes
    ----------
    ids : tuple of str
        Each once, in the order of the input.
    places : tuple of int
        Where each stands in the input first, from 1: the line of a file, or the place among the commas.
    """

    ids: tuple[str, ...]
    places: tuple[int, ...]


def read(text: str, root: Path, name: str = "IDS") -> Asked:
    """Read IDS: the name of a file with one id a line, or ids separated by commas.

    Parameters
    ----------
    name : str
        What the person typed them after.

    Raises
    ------
    ParamsError
        There is no id, or the file cannot be read.
    """
    file = root / text.strip()
    listed = _of_file(file, name) if text.strip() and "," not in text and file.is_file() else text.split(",")
    found: dict[str, int] = {}
    for place, each in enumerate(listed, start=1):
        if each.strip():
            found.setdefault(each.strip(), place)
    if not found:
        raise ParamsError(
            f"{name}: " + tr("is empty. Write ids separated by commas, or the name of a file with one id a line.")
        )
    if len(found) == 1 and "/" in text and not file.is_file():
        raise ParamsError(f"{name}: " + tr("looks like a file, but there is no such file. Paths start at the project."))
    return Asked(tuple(found), tuple(found.values()))


def _of_file(file: Path, name: str) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ParamsError(
            f"{name}: " + tr("the file cannot be read as UTF-8 text. Save it so, one id a line.")
        ) from error


def hashed(asked: Asked, key: Key) -> dict[str, str]:
    """Hash each id.

    Returns
    -------
    dict of str to str
        Id by hash.

    Raises
    ------
    ParamsError
        Two different ids have one hash, so that to forget one would be to forget the other.
    """
    found: dict[str, int] = {}
    for place, one in zip(asked.places, key.hashes(asked.ids), strict=True):
        if one in found:
            raise ParamsError(
                "IDS: "
                + tr(
                    "the ids at places {first} and {second} are different and have the same hash, so that they cannot "
                    "be told apart. Nobody was erased; erase all with a new key.",
                    first=found[one],
                    second=place,
                )
            )
        found[one] = place
    return dict(zip(found, asked.ids, strict=True))


def positions(asked: Asked, unknown: Sequence[str], most: int = 20) -> str:
    """Places in the input of some of its ids, the first ones of many."""
    missing = set(unknown)
    places = [str(place) for one, place in zip(asked.ids, asked.places, strict=True) if one in missing]
    more = ", ..." if len(places) > most else ""
    return ", ".join(places[:most]) + more
