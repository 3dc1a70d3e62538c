"""Published versions of one report as they lie on disk: their records and results, newest first."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from reachbook import report_paths
from reachbook.engine import integrity
from reachbook.engine.page import provenance
from reachbook.errors import RunError
from reachbook.result import Result
from reachbook.translation import Language, tr


@dataclass(frozen=True)
class KeptVersion:
    """A published, intact version.

    Attributes
    ----------
    run : dict
        Content of its run.json.
    """

    folder: Path
    run: dict[str, Any]
    result: Result

    @property
    def name(self) -> str:
        """Name of the version."""
        return self.folder.name

    @property
    def label(self) -> str:
        """`<study>/<notebook> <version>`."""
        return f"{self.home.parent.name}/{self.home.name} {self.name}"

    @property
    def home(self) -> Path:
        """`reports/<study>/<notebook>/`."""
        return self.folder.parent

    @property
    def inputs(self) -> dict[str, Any]:
        """Everything that decided what the run computed."""
        inputs: dict[str, Any] = self.run["inputs"]
        return inputs

    @cached_property
    def finished(self) -> str:
        """When its run ended, in ISO 8601, UTC."""
        return str(self.run["run"]["finished"])

    @property
    def currency(self) -> str:
        """Three-letter code."""
        return str(self.inputs["study"]["currency"])

    @property
    def audience(self) -> str:
        """Who reads its page: "internal" or "shared"; those made before there were audiences are internal."""
        return str(self.inputs["study"].get("privacy", {}).get("audience", "internal"))

    @property
    def language(self) -> Language:
        """Language of the report."""
        language: Language = self.inputs["study"]["language"]
        return language


def versions(home: Path) -> tuple[list[KeptVersion], dict[str, str]]:
    """Read every version in `reports/<study>/<notebook>/`.

    Returns
    -------
    list of KeptVersion
        Intact versions, newest first.
    dict of str to str
        What is wrong with each damaged one, by name.
    """
    sound, damaged = list[KeptVersion](), dict[str, str]()
    for folder in report_paths.versions(home):
        if told := integrity.flaw(folder):
            damaged[folder.name] = told
        else:
            sound.append(read(folder))
    return sorted(sound, key=lambda each: (each.finished, each.name), reverse=True), damaged


def read(folder: Path) -> KeptVersion:
    """Read one version.

    Raises
    ------
    RunError
        Its run.json or result.json is missing or damaged.
    """
    return KeptVersion(folder, provenance.read(folder), Result.read(folder))


def find(root: Path, begin: str) -> KeptVersion:
    """Find the one version of the project whose name begins with `begin`.

    Raises
    ------
    RunError
        There is none or several, or it is damaged.
    """
    if not begin:
        raise RunError(tr("VERSION: is empty. Write the beginning of a version's name; reports/index.html lists them."))
    places = [folder for home in report_paths.notebooks(root) for folder in report_paths.versions(home)]
    found = [folder for folder in places if folder.name.startswith(begin)]
    if not found:
        raise unknown(root, begin)
    if len(found) > 1:
        raise RunError(
            tr("VERSION: {n} versions begin with {begin!r}. Write more of its name.", n=len(found), begin=begin)
        )
    return intact(found[0])


def unknown(root: Path, begin: str) -> RunError:
    """Return the error for the beginning of a version's name that fits none, or only one that was withdrawn."""
    gone = {name: day for home in report_paths.notebooks(root) for name, day in report_paths.withdrawn(home).items()}
    for name in sorted(gone):
        if name.startswith(begin):
            return RunError(f"VERSION: {name} " + withdrawn(gone[name]))
    return RunError(
        tr("VERSION: no published version begins with {begin!r}. reports/index.html lists them.", begin=begin)
    )


def withdrawn(day: str) -> str:
    """Say of a version that it was withdrawn."""
    return tr("was withdrawn on {day}, because people whom it may hold were erased.", day=day or tr("an unknown day"))


def intact(folder: Path) -> KeptVersion:
    """Read one version.

    Raises
    ------
    RunError
        It is damaged.
    """
    if told := integrity.flaw(folder):
        raise RunError(
            tr(
                "VERSION: {name} is damaged: {told}. `make reports` sets such a version aside.",
                name=folder.name,
                told=told,
            )
        )
    return read(folder)
