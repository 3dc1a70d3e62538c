"""Which old versions may go: all but the newest, the current, the approved and those that something refers to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reachbook import atomic, params, report_paths
from reachbook.engine import kept
from reachbook.engine.archive import bundle, review
from reachbook.engine.kept import KeptVersion
from reachbook.errors import ReachbookError, RunError
from reachbook.privacy.people import COLUMNS
from reachbook.study import files
from reachbook.translation import joined, sentences, tr


@dataclass(frozen=True)
class Pruning:
    """What may go.

    Attributes
    ----------
    removed : tuple of KeptVersion
        Versions that nothing asks for.
    spared : tuple of tuple of (KeptVersion, str)
        Older versions that stay, with the reason.
    expired : tuple of KeptVersion
        Those of `removed` that go because the study keeps people's data no longer, whatever asks for them.
    """

    removed: tuple[KeptVersion, ...]
    spared: tuple[tuple[KeptVersion, str], ...]
    expired: tuple[KeptVersion, ...] = ()


def plan(root: Path, keep: int, study: str = "") -> Pruning:
    """Find the versions of a study, or of all, that may go.

    Parameters
    ----------
    keep : int
        Newest versions of each report that stay in any case.

    Raises
    ------
    RunError
        There is no such study, or reviews or parameters that may name a version cannot be read.
    """
    homes = list(report_paths.notebooks(root))
    if study and study not in {home.parent.name for home in homes}:
        known = joined(sorted({home.parent.name for home in homes})) or tr("none yet")
        raise RunError(
            "STUDY: " + tr("{study!r} has no reports. Studies with reports: {known}.", study=study, known=known)
        )
    versions = {home: kept.versions(home)[0] for home in homes}
    read = {key for found in versions.values() for each in found for key in each.inputs["upstream"].values()}
    named = _named(root)
    removed, spared = list[KeptVersion](), list[tuple[KeptVersion, str]]()
    expired = list[KeptVersion]()
    for home, every in versions.items():
        days = _keep_days(root, home.parent.name) if study in ("", home.parent.name) else None
        old = [each for each in every if days is not None and _is_expired(each, days) and not _linked(root, each)]
        expired += old
        found = [each for each in every if each not in old]
        for version in found[keep:] if study in ("", home.parent.name) else ():
            reason = _linked(root, version) or _reason(version, read, named)
            spared += [(version, reason)] if reason else []
            removed += [] if reason else [version]
    return Pruning((*removed, *expired), tuple(spared), tuple(expired))


def _keep_days(root: Path, study: str) -> int | None:
    """Days that a study keeps versions made from people's data; None where it states none or is no longer there.

    Raises
    ------
    ReachbookError
        Its parameters have a mistake.
    """
    return files.load(root, study).spec.privacy.keep_days if study in files.names(root) else None


def _is_expired(version: KeptVersion, days: int) -> bool:
    """Whether a version was made from tables with people more than `days` days ago."""
    age = datetime.now(UTC) - datetime.fromisoformat(version.finished)
    return bool(COLUMNS.keys() & version.inputs["tables"].keys()) and age.days > days


def confirmed(text: str) -> bool:
    """Whether YES says so.

    Raises
    ------
    RunError
        It holds something else than 1 or nothing.
    """
    if text not in ("", "0", "1"):
        raise RunError(
            "YES: "
            + tr("{text!r} is not known. Write YES=1 to remove versions, or leave it out to list them.", text=text)
        )
    return text == "1"


def remove(version: KeptVersion) -> None:
    """Remove a version with its lists, its comparisons, its bundle and what was shared of it; reviews of it stay."""
    atomic.remove(report_paths.lists_of(version.folder))
    for path in _beside(version):
        atomic.remove(path)
    atomic.remove(version.folder)


def _linked(root: Path, version: KeptVersion) -> str:
    """Why a version that a link leads to stays; "" where it lies in reports/ itself."""
    reports = report_paths.reports(root)
    inside = version.folder.resolve() == reports.resolve() / version.folder.relative_to(reports)
    return "" if inside else tr("lies elsewhere: a link leads to it")


def _reason(version: KeptVersion, read: Iterable[str], named: Iterable[str]) -> str:
    """Why a version stays; "" where nothing asks for it."""
    last = review.latest(version.folder)
    if version.folder == report_paths.current(version.home):
        return tr("is current")
    if last and last.status == "approved":
        return tr("was approved by {name}", name=last.by)
    if version.run["key"] in read:
        return tr("was read by another version")
    return tr("is named as `previous` in params/") if version.name in named else ""


def _named(root: Path) -> set[str]:
    """Versions that a parameter `previous` of any study names."""
    found = set[str]()
    for path in sorted((root / "params").glob("*/*.yaml")):
        try:
            values = params.read_yaml(path, path.relative_to(root).as_posix()).values
        except ReachbookError as error:
            said = tr("Mend it first: it may name a version as `previous`.")
            raise RunError(sentences(str(error), said)) from error
        found |= {str(each).rpartition("/")[2] for each in _previous(values)}
    return found


def _previous(value: Any) -> Iterator[Any]:
    """Every value under a key `previous`, however deep it stands and whether it is one or a list."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each) if key == "previous" else _previous(each)
    elif isinstance(value, list):
        for each in value:
            yield from _previous(each)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


def _beside(version: KeptVersion) -> list[Path]:
    folders = (report_paths.DIFFERENCES, report_paths.SHARED, bundle.BUNDLES)
    places = [version.home / name for name in folders if not (version.home / name).is_symlink()]
    return [path for place in places for path in place.glob(f"*{version.name}*")]
