"""What a version gives away beside an earlier one: a count of people that moved by a few tells who came or went."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reachbook.engine.page import provenance
from reachbook.errors import ParamsError
from reachbook.result import Result, TableEntry
from reachbook.translation import trn

if TYPE_CHECKING:
    import pandas as pd


def refuse(made: Path, inputs: dict[str, Any], kept: list[Path]) -> None:
    """Refuse to publish a version that, beside one that stands, tells a few people apart.

    Parameters
    ----------
    made : Path
        The version that was made.
    inputs : dict
        What decided it, see `reachbook.engine.versions.inputs_of`.
    kept : list of Path
        Versions of the same report that stand.

    Raises
    ------
    ParamsError
        A group counts 1 to `minimum` - 1 people more or fewer than before.

    Notes
    -----
    Only shared versions are compared, and only groups of the same name in the same table. Counts that differ by none,
    or by the minimum and more, tell nobody apart.
    """
    privacy = inputs["study"]["privacy"]
    if privacy["audience"] != "shared":
        return
    result = Result.read(made)
    for folder in kept:
        if not _is_shared(folder):
            continue
        earlier = Result.read(folder)
        for table, group, moved in _moved(earlier, result):
            if 0 < moved < privacy["minimum"]:
                told = _sentence(inputs["study"]["name"], folder.name, table, group, moved, privacy["minimum"])
                raise ParamsError(told)


def _is_shared(folder: Path) -> bool:
    """Whether a version is for a shared audience; those made before there were audiences are not."""
    study = provenance.read(folder)["inputs"]["study"]
    return bool(study.get("privacy", {}).get("audience") == "shared")


def _moved(earlier: Result, result: Result) -> Iterator[tuple[str, str, int]]:
    """Yield table, group and difference of each count of people that stands in both."""
    before = {entry.id: entry for entry in earlier.tables}
    for entry in result.tables:
        if entry.private or not entry.people or entry.id not in before or before[entry.id].private:
            continue
        was, now = (_counts(each.table(entry.id), entry) for each in (earlier, result))
        for name, count in now.items():
            if name in was:
                yield entry.id, name, abs(count - was[name])


def _counts(frame: "pd.DataFrame", entry: TableEntry) -> dict[str, int]:
    """Count of people by group: a row's words and whole numbers, and the column where there are several."""
    keys = [name for name in frame if frame[name].dtype.kind != "f" and name not in (*entry.people, "interval")]
    named = [", ".join(map(str, row)) for row in frame[keys].itertuples(index=False, name=None)]
    return {
        group if len(entry.people) == 1 else f"{group} {column}": int(count)
        for column in entry.people
        if column in frame
        for group, count in zip(named, frame[column], strict=True)
        if count == count
    }


def _sentence(study: str, version: str, table: str, group: str, moved: int, minimum: int) -> str:
    return f"params/{study}/study.yaml: " + trn(
        "privacy: table {table}, {group}: {n} person more or fewer than in version {version}, which is shared already, "
        "so that the two together tell who it is. Share again when the counts differ by none or by at least {minimum}, "
        "or delete that version where nobody has seen it.",
        "privacy: table {table}, {group}: {n} people more or fewer than in version {version}, which is shared already, "
        "so that the two together tell who they are. Share again when the counts differ by none or by at least "
        "{minimum}, or delete that version where nobody has seen it.",
        moved,
        table=table,
        group=group,
        version=version,
        minimum=minimum,
    )
