"""What lies beside the lists of a version: list.json, who is in which arm, and whom no campaign may reach."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from reachbook.errors import ParamsError
from reachbook.privacy.key import VARIABLE, Key
from reachbook.translation import tr

RECORD, ASSIGNMENT, SUPPRESSION = "list.json", "assignment.csv", "suppression.csv"


def read(folder: Path, key: Key) -> dict[str, Any]:
    """Read the record of a version's lists; empty where none was made.

    Raises
    ------
    ParamsError
        They were made with another key, or the record cannot be read.
    """
    path = folder / RECORD
    if not path.is_file():
        return {}
    shown = "/".join(path.parts[-4:])
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        known, _ = str(found["key"]), (float(found["holdout"]), dict(found["segments"]), str(found["seed"]))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ParamsError(
            f"{shown}: " + tr("cannot be read. Remove the folder and make the lists again, before a campaign runs.")
        ) from error
    if known != key.fingerprint:
        raise ParamsError(
            f"{shown}: "
            + tr(
                "these lists were made with the key {stated}; {variable} holds another one ({given}), which gives "
                "the same people other hashes. Set {variable} to the key {stated}, or remove the folder.",
                stated=known,
                variable=VARIABLE,
                given=key.fingerprint,
            )
        )
    return found


def write(folder: Path, content: dict[str, Any]) -> None:
    """Write the record."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")


def assigned(folder: Path, people: pd.DataFrame) -> pd.DataFrame:
    """Rows id, segment and arm of all lists of a version: those that lie there, and the ones of `people`.

    Notes
    -----
    Who stood on an earlier list stays, even if suppressed since: the campaign may have reached them.
    """
    new = people[["id", "segment", "arm"]]
    old = assigned_of(folder) if (folder / ASSIGNMENT).is_file() else new.iloc[:0]
    every = pd.concat([old, new]) if len(old) else new
    return every.drop_duplicates("id").sort_values(["segment", "id"], ignore_index=True)


def assigned_of(folder: Path) -> pd.DataFrame:
    """Rows id, segment and arm of all lists of a version.

    Raises
    ------
    ParamsError
        The file cannot be read.
    """
    path = folder / ASSIGNMENT
    try:
        found = pd.read_csv(path, dtype={"id": str, "arm": str})[["id", "segment", "arm"]]
    except (OSError, ValueError, LookupError) as error:
        raise ParamsError(
            "/".join(path.parts[-4:])
            + ": "
            + tr("cannot be read, and without it nobody knows who was held out. Take it back from a copy.")
        ) from error
    return found


def suppressed(folder: Path) -> list[str]:
    """Hashes that the version's earlier lists left out."""
    path = folder / SUPPRESSION
    return pd.read_csv(path, dtype=str, encoding="utf-8-sig")["id"].tolist() if path.is_file() else []
