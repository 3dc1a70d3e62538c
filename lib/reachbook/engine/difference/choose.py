"""Which two versions are compared."""

from pathlib import Path

from reachbook import report_paths
from reachbook.engine import kept
from reachbook.engine.kept import KeptVersion
from reachbook.errors import RunError
from reachbook.translation import joined, tr


def pair(root: Path, study: str, notebook: str, before: str, after: str) -> tuple[KeptVersion, KeptVersion]:
    """Find the versions A (older) and B (newer).

    Parameters
    ----------
    study, notebook : str
        The report; both may be "" where A and B are names that no other report has.
    before, after : str
        Beginnings of two versions' names, or `<study>/<version>` for the same notebook of another study. "" for B is
        the newest version, "" for A the one made before B for the same audience.

    Raises
    ------
    RunError
        There is no such report or version, or none before B.
    """
    homes = _homes(root, study, notebook)
    newer = _find(root, homes, "B", after, notebook) if after else _newest(homes, study, notebook)
    if before:
        older = _find(root, homes, "A", before, notebook or newer.home.name)
        if older.folder == newer.folder:
            raise RunError(
                tr(
                    "A: {before!r} and B are the same version, {name}. Name another one.",
                    before=before,
                    name=newer.name,
                )
            )
        return older, newer
    earlier = previous(newer)
    if earlier is None:
        raise RunError(
            tr(
                "A: {name} is the first version of its report for its audience. Name another study's as "
                "A=study/version.",
                name=newer.name,
            )
        )
    return earlier, newer


def previous(newer: KeptVersion) -> KeptVersion | None:
    """The version of the same report that was made before one, for the same audience; None where there is none."""
    versions, _ = kept.versions(newer.home)
    place = [each.name for each in versions].index(newer.name)
    return next((each for each in versions[place + 1 :] if each.audience == newer.audience), None)


def _homes(root: Path, study: str, notebook: str) -> list[Path]:
    every = list(report_paths.notebooks(root))
    found = [home for home in every if study in ("", home.parent.name) and notebook in ("", home.name)]
    if not found:
        raise RunError(
            tr(
                "STUDY, NOTEBOOK: there is no report {report}. Reports: {known}.",
                report=f"{study or '*'}/{notebook or '*'}",
                known=joined(f"{home.parent.name}/{home.name}" for home in every) or tr("none yet"),
            )
        )
    return found


def _newest(homes: list[Path], study: str, notebook: str) -> KeptVersion:
    if len(homes) > 1:
        raise RunError(
            tr(
                "{missing}: several reports are meant: {named}. Name STUDY and NOTEBOOK, or the versions A and B.",
                missing="NOTEBOOK" if study and not notebook else "STUDY",
                named=joined(f"{home.parent.name}/{home.name}" for home in homes),
            )
        )
    versions, _ = kept.versions(homes[0])
    if not versions:
        raise RunError(
            f"{homes[0].parent.name}/{homes[0].name}: " + tr("no version has been made yet. Run `make reports` first.")
        )
    return versions[0]


def _find(root: Path, homes: list[Path], label: str, wanted: str, notebook: str) -> KeptVersion:
    study, _, begin = wanted.rpartition("/")
    if study:
        homes = _homes(root, study, notebook)
    folders = [folder for home in homes for folder in report_paths.versions(home) if folder.name.startswith(begin)]
    if not begin or not folders:
        raise RunError(
            tr(
                "{label}: no version begins with {wanted!r}. reports/index.html lists them.",
                label=label,
                wanted=wanted,
            )
        )
    if len(folders) > 1:
        raise RunError(
            tr(
                "{label}: {n} versions begin with {wanted!r}. Write more of its name.",
                label=label,
                n=len(folders),
                wanted=wanted,
            )
        )
    return kept.intact(folders[0])
