"""One report as a row of the shelf."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from markupsafe import Markup

from reachbook import report_paths
from reachbook.engine import kept, refused_inputs
from reachbook.engine.kept import KeptVersion
from reachbook.engine.page import provenance
from reachbook.engine.page.card import DecisionCard, card
from reachbook.engine.page.wording import verdict_words
from reachbook.engine.refused_inputs import RefusedInputs
from reachbook.engine.shelf import listed
from reachbook.engine.shelf.listed import ListedVersion
from reachbook.engine.shelf.spark import spark
from reachbook.errors import RunError
from reachbook.report_paths import FAILED
from reachbook.result import Result
from reachbook.translation import Language, tr, trn, using


@dataclass(frozen=True)
class ShelfEntry:
    """One report: its current version, the others, and the run of today's inputs if that failed.

    Attributes
    ----------
    language : Language
        Language of the report, in which its own texts stay.
    notice : str
        What a reader must know about the data, as shown on the report itself.
    title : str
        The question.
    href : str
        Link to the current version, or to a failed run where there is no version.
    data_to : str
        Last day of the period, YYYY-MM-DD; "" where nothing is known.
    age : int
        Days from `data_to` to today.
    made : str
        When the current version was made.
    label, headline : str, Markup
        First finding with its interval.
    spark : Markup
        That finding over the versions, as SVG; "" with fewer than two.
    outdated : str
        Since when today's inputs ask for another version; "" where they do not, as far as markers say.
    newest : tuple of ListedVersion
        With what changed.
    older : tuple of tuple of (str, tuple of ListedVersion)
        (month, its versions), newest first.
    count : int
        Number of versions.
    failures : tuple of tuple of (str, str)
        (link, reason) of each failed run.
    refused : tuple of str
        Why today's inputs were refused before anything ran, one line a mistake; empty where they were not.
    damaged : dict of str to str
        What is wrong with each damaged version, by name.
    withdrawn : dict of str to str
        What is said of each withdrawn version, by name.
    """

    study: str
    study_title: str
    language: Language
    notice: str
    title: str
    href: str
    version: str
    data_to: str
    age: int
    made: str
    tone: str
    verdict: str
    card: DecisionCard
    label: str
    headline: Markup
    spark: Markup
    outdated: str
    shown: ListedVersion | None
    newest: tuple[ListedVersion, ...]
    older: tuple[tuple[str, tuple[ListedVersion, ...]], ...]
    count: int
    failures: tuple[tuple[str, str], ...]
    refused: tuple[str, ...]
    damaged: dict[str, str]
    withdrawn: dict[str, str]

    @property
    def aged(self) -> str:
        """Age in words."""
        return trn("{n} day old", "{n} days old", self.age) if self.age > 0 else ""

    @property
    def state(self) -> str:
        """Words by which the page filters."""
        status = self.shown.status if self.shown else ""
        parts = [
            "outdated" * bool(self.outdated),
            "failed" * bool(self.failures or self.refused),
            "damaged" * bool(self.damaged),
            "turned" * bool(self.shown and self.shown.turned),
            status or "unreviewed",
        ]
        return " ".join(part for part in parts if part)


def entries(reports: Path, home: Path, today: date) -> Iterator[ShelfEntry]:
    """Yield the row of one `reports/<study>/<notebook>/` folder; none where there is nothing to show."""
    versions, damaged = kept.versions(home)
    damaged |= listed.unreadable_reviews(versions)
    current = report_paths.current(home)
    shown = next((each for each in versions if each.folder == current), next(iter(versions), None))
    refused = refused_inputs.read(home)
    failures = _failures(reports, home, anything=shown is None)
    if shown:
        yield _entry(reports, shown, versions, failures, refused.why if refused else (), damaged, today)
    elif failures or refused or damaged or report_paths.withdrawn(home):
        yield _without_version(home, failures, refused, damaged, today)


def _entry(
    reports: Path,
    shown: KeptVersion,
    versions: list[KeptVersion],
    failures: tuple[tuple[str, str], ...],
    refused: tuple[str, ...],
    damaged: dict[str, str],
    today: date,
) -> ShelfEntry:
    study, newest = shown.inputs["study"], listed.newest(reports, versions)
    question = str(shown.inputs["notebook"]["title"])
    with using(shown.language):
        title, notice = tr(question), provenance.notice(shown.inputs)
        decided = card(shown.result, shown.currency)
    older = listed.older(reports, versions)
    every = [*newest, *(each for _, month in older for each in month)]
    return ShelfEntry(
        study=study["name"],
        study_title=study["title"],
        language=shown.language,
        notice=notice,
        title=title,
        href=listed.href(reports, shown.folder),
        version=shown.name,
        data_to=study["period"]["end"],
        age=(today - date.fromisoformat(study["period"]["end"])).days,
        made=listed.minute(shown.finished),
        tone=listed.TONES[shown.result.verdict],
        verdict=verdict_words(shown.result),
        card=decided,
        label=shown.result.findings[0].label if shown.result.findings else "",
        headline=listed.headline(shown),
        spark=spark(versions[versions.index(shown) :]),
        outdated=_outdated(shown.home),
        shown=next(each for each in every if each.name == shown.name),
        newest=newest,
        older=older,
        count=len(versions),
        failures=failures,
        refused=refused,
        damaged=damaged,
        withdrawn=_withdrawn(shown.home),
    )


def _without_version(
    home: Path,
    failures: tuple[tuple[str, str], ...],
    refused: RefusedInputs | None,
    damaged: dict[str, str],
    today: date,
) -> ShelfEntry:
    nothing = card(Result(home.parent.name, home.name, home), "CNY", tr("no version has been made yet"))
    study, href = home.parent.name, failures[0][0] if failures else ""
    words = nothing.verdict if failures else tr("Every version is damaged") if damaged else tr("Withdrawn")
    language: Language = "en"
    title, study_title, notice, data_to, age = home.name.replace("_", " "), study, "", "", 0
    if refused:
        words = tr("Not made: its inputs are refused")
        language, study_title, notice, data_to = refused.language, refused.study_title, refused.notice, refused.data_to
        age = (today - date.fromisoformat(data_to)).days
        with using(language):
            title = tr(refused.question) if refused.question else title
    return ShelfEntry(
        study, study_title, language, notice, title, href, "", data_to, age, "", "stop", words, nothing, "", Markup(""),
        Markup(""), "", None, (), (), 0, failures, refused.why if refused else (), damaged, _withdrawn(home),
    )  # fmt: skip


def _withdrawn(home: Path) -> dict[str, str]:
    return {name: kept.withdrawn(day) for name, day in report_paths.withdrawn(home).items()}


def _outdated(home: Path) -> str:
    """Since when, to the minute, today's inputs ask for a version that is not there; a failed run says so as well."""
    failing = report_paths.failing(home)
    since = report_paths.outdated(home)
    if not since and failing:
        try:
            since = str(provenance.read(failing)["run"]["finished"])
        except RunError:
            return tr("an unknown day")
    return listed.minute(since) if since else ""


def _failures(reports: Path, home: Path, anything: bool) -> tuple[tuple[str, str], ...]:
    """List the failed run of today's inputs, or, with `anything`, every failed run.

    Notes
    -----
    `anything` is for reports of which no version was ever made. A failure before a later success is no longer news,
    though its folder stays.
    """
    failing = report_paths.failing(home)
    folders = [failing] if failing else (sorted((home / FAILED).glob("*")) if anything else [])
    return tuple(
        (listed.href(reports, folder), _why(folder)) for folder in folders if (folder / "report.html").is_file()
    )


def _why(folder: Path) -> str:
    try:
        return str(provenance.read(folder)["failure"])
    except RunError:
        return tr("its record cannot be read; the page says where it stopped")
