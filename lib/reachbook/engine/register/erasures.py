"""The record of erasures, `params/<study>/erasures.csv`, read back."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reachbook.engine.erasure.erase import RECORD
from reachbook.errors import ParamsError
from reachbook.translation import tr


@dataclass(frozen=True)
class Erasure:
    """One run of `make erase`.

    Attributes
    ----------
    study : str
        The study it was run for; those that extend it are bound by it, too.
    people, versions : int
        How many people were erased, and how many versions withdrawn.
    """

    day: str
    study: str
    people: int
    versions: int


def read(root: Path, study: str) -> tuple[Erasure, ...]:
    """Erasures of a study, in the order in which they were made; none where it has no record.

    Raises
    ------
    ParamsError
        A line of the record says something else.
    """
    path = root / "params" / study / RECORD
    if not path.is_file():
        return ()
    shown = f"params/{study}/{RECORD}"
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]
    except (OSError, UnicodeDecodeError) as error:
        raise ParamsError(f"{shown}: " + tr("cannot be read. Take the file back from your version control.")) from error
    return tuple(_erasure(study, line, f"{shown}:{number}") for number, line in enumerate(lines, start=2))


def _erasure(study: str, line: list[str], place: str) -> Erasure:
    try:
        day, people, versions, _ = line
        return Erasure(date.fromisoformat(day).isoformat(), study, int(people), int(versions))
    except ValueError as error:
        told = tr("is no day, people, versions withdrawn and name. Take the file back from your version control.")
        raise ParamsError(f"{place}: {told}") from error
