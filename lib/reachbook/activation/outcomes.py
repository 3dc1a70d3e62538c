"""What listed people did after the start: `make outcomes`, a table that the campaign effect reads as an experiment."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from reachbook import atomic, report_paths
from reachbook.activation import record
from reachbook.activation.holdout import HOLDOUT, TREATED
from reachbook.activation.window import DAYS, orders
from reachbook.errors import ParamsError
from reachbook.privacy import key
from reachbook.privacy.key import Key
from reachbook.privacy.people import USERS
from reachbook.study import files
from reachbook.study.data import Data
from reachbook.study.files import StudyFile
from reachbook.translation import joined, tr, using

OUTCOMES = "outcomes.csv"


def outcomes(root: Path, study: str, version: str, start: str, days: str) -> Iterator[str]:
    """Write outcomes.csv beside the lists; yields what stands in it, without ids.

    Parameters
    ----------
    study : str
        Study whose tables hold the orders after the start; the lists may be those of a study that it extends or reads.
    version : str
        Beginning of the name of the version whose lists went out; "" for the latest lists.
    start : str
        Day on which the campaign started; "" for the day on which the lists were made.
    days : str
        Days of orders that count; "" for 28.

    Raises
    ------
    ParamsError
        The key is missing or another one, there are no such lists, or the orders end before the days do.
    DataError
        A table cannot be read.
    """
    file, one = files.load(root, study), key.from_environment()
    with using(file.spec.language):
        folder = _folder(root, file, version)
        about = record.read(folder, one)
        first, data = _start(about, start), Data(file)
        last = first + timedelta(days=_days(days) - 1)
        found = _orders(data, first, last)
        people, left = _still_there(record.assigned_of(folder), file, data, one)
        table = _joined(people, found, one, first)
        atomic.write_text(folder / OUTCOMES, table.to_csv(index=False, lineterminator="\n"))
        shown = (folder / OUTCOMES).relative_to(root).as_posix()
        yield from _told(table, left, shown, first, last)
        yield from _next(shown, float(about["holdout"]))


def _folder(root: Path, file: StudyFile, version: str) -> Path:
    """Folder of the lists of a version, or of the latest lists of the study and of those that it extends or reads."""
    studies = dict.fromkeys([file.name, *file.lineage, *file.spec.reads])
    found = [path for each in studies for path in (report_paths.lists(root) / each).glob(f"*/{record.RECORD}")]
    named = [path for path in found if path.parent.name.startswith(version)]
    if not named:
        raise ParamsError(
            "VERSION: "
            + tr(
                "no list of {studies} was made from a version {version!r}. Make one with `make activate`.",
                studies=joined(studies),
                version=version,
            )
        )
    return max(named, key=lambda path: (_made(path), path.parent.name)).parent


def _made(path: Path) -> str:
    try:
        segments = json.loads(path.read_text(encoding="utf-8"))["segments"].values()
        return max(str(each["made"]) for each in segments)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return ""  # `record.read` says what is wrong with it


def _start(about: dict[str, Any], text: str) -> date:
    made = date.fromisoformat(max(str(each["made"]) for each in about["segments"].values()))
    try:
        return date.fromisoformat(text.strip()) if text.strip() else made
    except ValueError as error:
        raise ParamsError("START: " + tr("{text!r} is no day. Write it as 2026-12-31.", text=text.strip())) from error


def _days(text: str) -> int:
    if not text.strip():
        return DAYS
    if not (text.strip().isascii() and text.strip().isdigit() and 1 <= int(text) <= 366):
        raise ParamsError("DAYS: " + tr("{text!r} is no whole number from 1 to 366.", text=text.strip()))
    return int(text)


def _orders(data: Data, first: date, last: date) -> pd.DataFrame:
    """Orders in the window.

    Raises
    ------
    ParamsError
        There is no table of orders, or it ends before the window does, so that orders to come would count as none.
    """
    found = orders(data, date.min, date.max)
    if found is None:
        raise ParamsError("STUDY: " + tr("the study has no orders. Add the table, with those after the start."))
    day = pd.to_datetime(found["at"]).dt.date
    ends = day.max() if len(found) else date.min
    if ends < last:
        raise ParamsError(
            "DAYS: "
            + tr(
                "the window runs from {first} to {last}, and the orders end on {ends}: those still to come would count "
                "as none. Bring later orders, or name START or fewer DAYS.",
                first=first,
                last=last,
                ends=ends,
            )
        )
    return found[(day >= first) & (day <= last)]


def _still_there(people: pd.DataFrame, file: StudyFile, data: Data, key: Key) -> tuple[pd.DataFrame, dict[str, int]]:
    """Take out who has been forgotten or no longer consents; also how many left each arm."""
    gone = people["id"].isin(data.rights.forgotten)
    if file.spec.privacy.basis == "consent" and USERS in data:
        ids = pq.read_table(data[USERS].path, columns=["user_id"]).column("user_id").to_pylist()
        gone |= ~people["id"].isin(set(key.hashes(ids)))
    left = people.loc[gone, "arm"].value_counts()
    return people[~gone], {str(arm): int(count) for arm, count in left.sort_index().items()}


def _joined(people: pd.DataFrame, found: pd.DataFrame, key: Key, first: date) -> pd.DataFrame:
    """One row a listed person: unit_id (hash), arm, segment, assigned_at, orders and money in the window."""
    each = found.groupby("user_id")["amount"].agg(["size", "sum"])
    each.index = pd.Index(key.hashes(each.index.astype(str)))
    seen = each.reindex(people["id"])
    table = pd.DataFrame(
        {
            "unit_id": people["id"].to_numpy(),
            "arm": people["arm"].to_numpy(),
            "segment": people["segment"].to_numpy(),
            "assigned_at": first.isoformat(),
            "orders": seen["size"].fillna(0).astype(int).to_numpy(),
            "money": seen["sum"].fillna(0.0).round(2).to_numpy(),
        }
    )
    return table.sort_values(["segment", "unit_id"], ignore_index=True)


def _told(table: pd.DataFrame, left: dict[str, int], shown: str, first: date, last: date) -> Iterator[str]:
    sizes = table["arm"].value_counts().sort_index()
    yield tr(
        "{file}: {n:,} people ({arms}), their orders and money from {first} to {last}",
        file=shown,
        n=len(table),
        arms=joined(f"{arm} {count:,}" for arm, count in sizes.items()),
        first=first,
        last=last,
    )
    if left:
        yield tr(
            "Left out since, because they are to be forgotten or no longer consent: {arms}. If one arm lost more than "
            "the other, the campaign may be why.",
            arms=joined(f"{arm} {count:,}" for arm, count in left.items()),
        )


def _next(shown: str, share: float) -> Iterator[str]:
    yield tr("To read the effect, write in study.yaml under tables:")
    yield f"  experiment: {{path: {shown}}}"
    yield tr("and in campaign_effect.yaml (outcome: money for money):")
    yield f"  {{design: experiment, outcome: orders, ratios: {{{HOLDOUT}: {share:g}, {TREATED}: {1 - share:g}}}}}"
