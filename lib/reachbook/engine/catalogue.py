"""Build reports/index.html from the content of reports/ alone."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reachbook import atomic, report_paths
from reachbook.engine import integrity
from reachbook.engine.page import compare, provenance, render
from reachbook.engine.page.card import DecisionCard, card
from reachbook.engine.page.wording import VERDICTS
from reachbook.errors import RunError
from reachbook.report_paths import FAILED
from reachbook.result import Result
from reachbook.translation import tr

_NEWEST = 12


@dataclass(frozen=True)
class ListedVersion:
    """One version as listed in the index.

    Attributes
    ----------
    changes : tuple of str
        How its inputs, and then its findings, differ from those of the version made before it.
    """

    name: str
    href: str
    made: str
    verdict: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One report: its current version, the earlier ones, and the run of today's inputs if that failed.

    Attributes
    ----------
    notice : str
        What a reader must know about the data, as shown on the report itself.
    data_to : str
        Last day of the period.
    failures : tuple of tuple of (str, str)
        (link, reason) of each failed run.
    """

    study: str
    study_title: str
    notice: str
    title: str
    href: str
    version: str
    data_to: str
    made: str
    card: DecisionCard
    versions: tuple[ListedVersion, ...]
    failures: tuple[tuple[str, str], ...]


def write(root: Path) -> Path:
    """Rebuild reports/index.html; the file is written only if it changes."""
    folder = report_paths.reports(root)
    folder.mkdir(exist_ok=True)
    found = [entry for home in report_paths.notebooks(root) for entry in _entries(folder, home)]
    text = render.html("index.html.j2", entries=found)
    path = folder / "index.html"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        atomic.write_text(path, text)
    return path


def _entries(reports: Path, home: Path) -> list[Entry]:
    """The entry of one `reports/<study>/<notebook>/` folder; empty where there is nothing to show."""
    runs = {folder: provenance.read(folder) for folder in report_paths.versions(home) if not integrity.flaw(folder)}
    newest = sorted(runs, key=lambda folder: (runs[folder]["run"]["finished"], folder.name), reverse=True)
    current = report_paths.current(home)
    shown = current if current in runs else (newest[0] if newest else None)
    failures = _failures(reports, home, anything=shown is None)
    if shown is None:
        return [_only_failed(home, failures)] if failures else []
    run, result = runs[shown], Result.read(shown)
    study = run["inputs"]["study"]
    return [
        Entry(
            study=study["name"],
            study_title=study["title"],
            notice=provenance.notice(run["inputs"]),
            title=run["inputs"]["notebook"]["title"],
            href=_href(reports, shown),
            version=shown.name,
            data_to=study["period"]["end"],
            made=_day(run),
            card=card(result, study["currency"]),
            versions=tuple(_version(reports, runs, newest, i) for i in range(min(len(newest), _NEWEST))),
            failures=failures,
        )
    ]


def _only_failed(home: Path, failures: tuple[tuple[str, str], ...]) -> Entry:
    nothing = card(Result(home.parent.name, home.name, home), "CNY", "no version has been made yet")
    study = home.parent.name
    return Entry(study, study, "", home.name.replace("_", " "), failures[0][0], "–", "–", "–", nothing, (), failures)


def _version(reports: Path, runs: dict[Path, dict[str, Any]], newest: list[Path], index: int) -> ListedVersion:
    folder = newest[index]
    result = Result.read(folder)
    before = newest[index + 1] if index + 1 < len(newest) else None
    changes: list[str] = []
    if before is not None:
        currency = runs[folder]["inputs"]["study"]["currency"]
        changes += compare.inputs(runs[before]["inputs"], runs[folder]["inputs"]) or ["the page alone"]
        changes += compare.findings(Result.read(before), result, currency)
    said = tr(VERDICTS[result.verdict])
    return ListedVersion(folder.name, _href(reports, folder), _day(runs[folder]), said, tuple(changes))


def _failures(reports: Path, home: Path, anything: bool) -> tuple[tuple[str, str], ...]:
    """List the failed run of today's inputs, or, with `anything`, every failed run.

    Notes
    -----
    `anything` is for reports of which no version was ever made. A failure before a later success is no longer news,
    though its folder stays.
    """
    failing = report_paths.failing(home)
    folders = [failing] if failing else (sorted((home / FAILED).glob("*")) if anything else [])
    return tuple((_href(reports, folder), _why(folder)) for folder in folders if (folder / "report.html").is_file())


def _why(folder: Path) -> str:
    try:
        return str(provenance.read(folder)["failure"])
    except RunError:
        return "its record cannot be read; the page says where it stopped"


def _href(reports: Path, folder: Path) -> str:
    return f"{folder.relative_to(reports).as_posix()}/report.html"


def _day(run: dict[str, Any]) -> str:
    return str(run["run"]["finished"])[:16].replace("T", " ") + " UTC"
