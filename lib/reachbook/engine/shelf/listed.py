"""Versions as a row of the shelf lists them: the newest with what changed, the others by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from reachbook.engine.archive import review
from reachbook.engine.archive.review import Review
from reachbook.engine.difference import place
from reachbook.engine.kept import KeptVersion
from reachbook.engine.page import compare
from reachbook.engine.page.wording import VERDICTS, verdict_words
from reachbook.errors import RunError
from reachbook.presentation.numbers import unbroken
from reachbook.report import finding_text
from reachbook.translation import tr, using

NEWEST = 12
"""Versions that a row lists with what changed; the others are folded by month."""
TONES = {"act": "act", "do not act": "stop", "no decision": ""}
"""CSS class of each verdict."""


@dataclass(frozen=True)
class ListedVersion:
    """One version of a report.

    Attributes
    ----------
    name : str
        First 12 hex digits of its hash.
    href : str
        Link from the shelf to its page.
    made : str
        When, as date and minute, UTC.
    tone, verdict : str
        CSS class and words.
    headline : Markup
        First finding with its interval.
    reviewed : str
        Status, by whom and the note; "" where nobody reviewed it.
    status : str
        Status of the last review; "" for none.
    turned : str
        How its verdict differs from the one before; "" where it does not.
    changes : tuple of str
        How its inputs, and then its findings, differ from those of the version made before it.
    difference : str
        Link from the shelf to the comparison with the version before; "" where there is none.
    """

    name: str
    href: str
    made: str
    tone: str
    verdict: str
    headline: Markup
    reviewed: str
    status: str
    turned: str
    changes: tuple[str, ...] = ()
    difference: str = ""


def newest(reports: Path, versions: Sequence[KeptVersion]) -> tuple[ListedVersion, ...]:
    """List the newest versions, each with what changed from the one before it."""
    pairs = zip(versions, [*versions[1:], None], strict=True)
    return tuple(_listed(reports, version, before, full=True) for version, before in list(pairs)[:NEWEST])


def older(reports: Path, versions: Sequence[KeptVersion]) -> tuple[tuple[str, tuple[ListedVersion, ...]], ...]:
    """List the other versions without what changed: (month, its versions), newest first."""
    pairs = list(zip(versions, [*versions[1:], None], strict=True))[NEWEST:]
    months = groupby(pairs, key=lambda pair: pair[0].finished[:7])
    return tuple((month, tuple(_listed(reports, *pair) for pair in found)) for month, found in months)


def _listed(reports: Path, version: KeptVersion, before: KeptVersion | None, full: bool = False) -> ListedVersion:
    said = _last_review(version.folder)
    return ListedVersion(
        name=version.name,
        href=href(reports, version.folder),
        made=minute(version.finished),
        tone=TONES[version.result.verdict],
        verdict=verdict_words(version.result),
        headline=headline(version),
        reviewed=review.line(said) if said else "",
        status=said.status if said else "",
        turned=turned(before, version),
        changes=tuple(_changes(before, version)) if full and before else (),
        difference=_difference(reports, before, version) if before else "",
    )


def headline(version: KeptVersion) -> Markup:
    """Write the first finding with its interval; "" where the version has none."""
    with using(version.language):
        return Markup("").join(
            Markup(unbroken(finding_text(each, version.currency))) for each in version.result.findings[:1]
        )


def turned(before: KeptVersion | None, after: KeptVersion) -> str:
    """Say that the verdict differs from that of the version before; "" where it does not."""
    if before is None or before.result.verdict == after.result.verdict:
        return ""
    return tr("The verdict has turned. Before: {verdict}.", verdict=tr(VERDICTS[before.result.verdict]))


def href(reports: Path, folder: Path) -> str:
    """Link from the shelf to the page in a folder."""
    return f"{folder.relative_to(reports).as_posix()}/report.html"


def minute(moment: str) -> str:
    """Shorten a moment in ISO 8601 to the minute."""
    return moment[:16].replace("T", " ") + " UTC"


def unreadable_reviews(versions: Iterable[KeptVersion]) -> dict[str, str]:
    """What is wrong with the reviews of each version whose reviews cannot be read, by the file's name."""
    found = dict[str, str]()
    for version in versions:
        try:
            review.reviews(version.folder)
        except RunError:
            found[f"{review.REVIEWS}/{version.name}.json"] = tr("cannot be read")
    return found


def _last_review(folder: Path) -> Review | None:
    try:
        return review.latest(folder)
    except RunError:
        return None  # the row names the file


def _changes(before: KeptVersion, after: KeptVersion) -> list[str]:
    found = compare.inputs(before.inputs, after.inputs) or [tr("the page alone")]
    return found + compare.findings(before.result, after.result, after.currency)


def _difference(reports: Path, before: KeptVersion, after: KeptVersion) -> str:
    path = place.path(before.folder, after.folder)
    return path.relative_to(reports).as_posix() if path.is_file() else ""
