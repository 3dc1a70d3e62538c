"""Stored tables without people who are erased now: made from the stored copies, whose sources need not be read again.

Notes
-----
What is stored is byte for byte what reading the source again would store. There, each id has to be hashed before it is
known who is in the list; here, those who are erased are still known by their ids.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reachbook.errors import ReachbookError
from reachbook.privacy import people
from reachbook.privacy.people import TOLD, USERS
from reachbook.study.data import Data, cache_folder
from reachbook.study.files import StudyFile
from reachbook.study.rights import StudyRights
from reachbook.tables import store
from reachbook.tables.leaving import Left
from reachbook.tables.store import Checked


def shrink(file: StudyFile, before: Data, ids: tuple[str, ...]) -> list[Path]:
    """Store each table of a study without the people who have just been added to its list.

    Parameters
    ----------
    before : Data
        The tables as they were before; each has been read.
    ids : tuple of str
        The people.

    Returns
    -------
    list of Path
        What was stored. Tables are missing whose sources have to be read again: simulated ones, and those of which the
        stored sums tell too little.
    """
    rights = StudyRights(file, ids)
    made: dict[str, Checked] = {}
    if file.spec.simulate is not None:
        return []
    for name in people.tables(before):
        if name == "experiment" and rights.consent:
            continue  # whether its units are people is decided from all of its rows
        try:
            found = _shrunk(file, name, before, rights, made)
        except ReachbookError:  # nobody is left; whoever reads the tables next is told so
            break
        if found is None and name == USERS and rights.consent:
            break
        if found is not None:
            made[name] = found
    return [each.path for each in made.values()]


def _shrunk(
    file: StudyFile, name: str, before: Data, rights: StudyRights, made: Mapping[str, Checked]
) -> Checked | None:
    import pyarrow.parquet as pq

    old, leaving = before[name], rights.leaving(name, made.get)
    if leaving is None:
        return None
    left = leaving.leave(pq.read_table(old.path))
    about = _together(old.about, left.about, old.rows - left.table.num_rows, file.spec.privacy.minimum)
    if about is None:
        return None
    units = "" if name in TOLD else name
    stated = old.left_out[: len(old.left_out) - len(before.rights.lines(units, old.about))]
    whole = Left(left.table, left.gone, (*stated, *rights.lines(units, about)), about)
    spec = file.spec
    cache = cache_folder(file.root)
    return store.shrunk(name, spec.tables[name], cache, spec.timezone, spec.currency, old, whole, leaving.digest)


def _together(old: Mapping[str, Any], new: Mapping[str, Any], removed: int, minimum: int) -> dict[str, Any] | None:
    """Sums about all who have left, from those who had left before and those who leave now; None where the rows of the
    former are not known.
    """
    about = {"kept": new["kept"]} | {reason: old[reason] for reason in ("no_consent",) if reason in old}
    was, now = old.get("forgotten"), new.get("forgotten")
    if now is None:
        about |= {"forgotten": was} if was else {}
    else:
        each = was or {"people": 0, "rows": 0}
        enough = each["people"] + now["people"] >= minimum
        if enough and "rows" not in each:
            return None
        hashes = sorted({*each.get("hashes", ()), *now.get("hashes", ())})
        about["forgotten"] = {
            "people": each["people"] + now["people"],
            **({"rows": each["rows"] + removed} if enough else {}),
            **({"hashes": hashes} if "hashes" in now else {}),
        }
    lost = old.get("followed", {}).get("rows", 0) + new.get("followed", {}).get("rows", 0)
    return about | ({"followed": {"rows": lost}} if lost else {})
