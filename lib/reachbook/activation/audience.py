"""The people of a published audience report, by segment."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from reachbook import report_paths
from reachbook.engine import kept
from reachbook.engine.kept import KeptVersion
from reachbook.errors import DataError, ParamsError
from reachbook.translation import joined, tr
from reachbook.verdict import failed

NOTEBOOK = "audience_segmentation"


@dataclass(frozen=True)
class Audience:
    """People in the segments of one published version.

    Attributes
    ----------
    people : pandas.DataFrame
        One row for each person: user_id (text), segment (from 1, as the page counts), name.
    """

    version: KeptVersion
    people: pd.DataFrame

    @property
    def names(self) -> dict[int, str]:
        """Name of each segment, by its number."""
        each = self.people.drop_duplicates("segment").sort_values("segment")
        return {int(number): str(name) for number, name in zip(each["segment"], each["name"], strict=True)}

    @property
    def untold(self) -> tuple[int, ...]:
        """Numbers of the segments that the version's page hides, since they or others of them have too few people."""
        told = set(self.version.result.table("sizes")["name"])
        return tuple(number for number, name in self.names.items() if name not in told)

    def chosen(self, text: str) -> list[int]:
        """Numbers of the segments that SEGMENT asks for by number or name; all where it is empty.

        Raises
        ------
        ParamsError
            There is no such segment.
        """
        if not text.strip():
            return list(self.names)
        found = [number for number, name in self.names.items() if text.strip() in (str(number), name)]
        if not found:
            known = joined(f"{number} ({name})" for number, name in self.names.items())
            raise ParamsError(
                "SEGMENT: "
                + tr(
                    "{text!r} is no segment of {version}. Segments: {known}.",
                    text=text.strip(),
                    version=self.version.name,
                    known=known,
                )
            )
        return found

    def best(self) -> int | None:
        """Number of the segment that brings the most money a person; None where the study has no orders."""
        sizes = self.version.result.table("sizes")
        if "per_person" not in sizes or sizes["per_person"].isna().all():
            return None
        name = str(sizes["name"].iloc[int(sizes["per_person"].argmax())])
        return next((number for number, each in self.names.items() if each == name), None)


def published(root: Path, study: str, begin: str = "") -> Audience:
    """Read the newest version of the study's audience report, or the one whose name begins with `begin`.

    Raises
    ------
    ParamsError
        There is none that stands, or its checks do not allow to act by segment.
    RunError
        No version's name begins so.
    DataError
        Its ids cannot be told apart, or are none.
    """
    home = report_paths.reports(root) / study / NOTEBOOK
    found = [each for each in kept.versions(home)[0] if each.name.startswith(begin)]
    if not found and begin and any(name.startswith(begin) for name in report_paths.withdrawn(home)):
        raise ParamsError(
            "VERSION: "
            + tr(
                "{begin} was withdrawn, because people whom it may hold were erased. `make reports` makes today's "
                "anew; activate that.",
                begin=begin,
            )
        )
    if not found and begin and report_paths.versions(home):
        raise kept.unknown(root, begin)
    if not found:
        raise ParamsError(
            "STUDY: "
            + tr(
                "{study} has no published audience report that stands. Run `make reports STUDY={study} "
                "NOTEBOOK=audience_segmentation` first.",
                study=study,
            )
        )
    return Audience(found[0], _people(found[0]))


def _people(version: KeptVersion) -> pd.DataFrame:
    broken = failed(version.result.gates)
    if broken:
        raise ParamsError(
            f"{version.label}: "
            + tr("its checks do not allow to act by segment, so that no list leaves: {why}", why=broken[0].detail)
        )
    table = version.result.table("people")[["user_id", "segment", "name"]]
    if table["segment"].nunique() < 2:
        raise ParamsError(
            f"{version.label}: " + tr("it found no segments that can be defended, so that there is no list to make.")
        )
    people = table.assign(user_id=table["user_id"].astype(str), segment=table["segment"].astype(int) + 1)
    refuse_odd(people["user_id"], version.label)
    return people


def refuse_odd(ids: Iterable[str], place: str) -> None:
    """Refuse ids that are empty or hold control characters, and different ones that are the same once trimmed.

    Raises
    ------
    DataError
        There are such ids.
    """
    every = list(ids)
    plain = [unicodedata.normalize("NFKC", each).strip() for each in every]
    odd = sum(not each or any(unicodedata.category(c) in ("Cc", "Cf") for c in each) for each in plain)
    if odd:
        raise DataError(
            f"{place}: "
            + tr(
                "{n:,} ids are empty or hold characters that cannot be seen. Clean the column user_id, then run "
                "`make reports`.",
                n=odd,
            )
        )
    same = len(set(every)) - len(set(plain))
    if same:
        raise DataError(
            f"{place}: "
            + tr(
                "{n:,} ids differ from another only by spaces or the width of characters, so that one person would "
                "get two hashes. Clean the column user_id (trim: true), then run `make reports`.",
                n=same,
            )
        )
