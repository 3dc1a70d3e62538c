"""Reviews of versions by people, kept beside the versions: the bytes of a version never change."""

import json
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast, get_args

from reachbook import atomic
from reachbook.engine import kept
from reachbook.errors import ReachbookError, RunError
from reachbook.result import UNREADABLE
from reachbook.translation import listing, mark, tr

REVIEWS = "reviews"
"""Folder beside the versions that holds `<version>.json` with the reviews of each, oldest first."""
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that a line may not hold; wide spaces and joined emoji may stand in it."""
MOST_BY, MOST_NOTE = 80, 500

type ReviewStatus = Literal["approved", "changes"]
"""Whether the reader approves of the version or asks for changes."""
STATUSES: tuple[ReviewStatus, ...] = get_args(ReviewStatus.__value__)
WORDS = {"approved": mark("approved"), "changes": mark("changes asked for")}
"""What a page says of each status, to be translated where it is shown."""


@dataclass(frozen=True)
class Review:
    """What one person said of one version.

    Attributes
    ----------
    at : str
        When, in ISO 8601, UTC.
    by : str
        Who.
    """

    at: str
    by: str
    status: ReviewStatus
    note: str = ""


def review(root: Path, version: str, by: str, status: str, note: str) -> tuple[Path, Review]:
    """Add a review to a version and return the file that holds its reviews.

    Raises
    ------
    RunError
        There is no such version, or its earlier reviews cannot be read.
    ReachbookError
        Something of the review is missing or not allowed; one line for each.
    """
    mistakes = _mistakes(by, status, note)
    if mistakes:
        raise ReachbookError("\n".join(mistakes))
    found = kept.find(root, version)
    path, now = _path(found.folder), datetime.now(UTC).isoformat(timespec="seconds")
    added = Review(now, by.strip(), cast("ReviewStatus", status), note.strip())
    content = [asdict(each) for each in (*reviews(found.folder), added)]
    atomic.write_text(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return path, added


def reviews(version: Path) -> tuple[Review, ...]:
    """Read all reviews of a version, oldest first; none where nobody reviewed it.

    Raises
    ------
    RunError
        Their file is damaged.
    """
    path = _path(version)
    if not path.exists():
        return ()
    try:
        return tuple(_review(each) for each in json.loads(path.read_text(encoding="utf-8")))
    except UNREADABLE as error:
        place = "/".join(path.parts[-5:])
        raise RunError(
            f"{place}: " + tr("cannot be read. Mend it, or move it away and review the version anew.")
        ) from error


def latest(version: Path) -> Review | None:
    """Read the last review of a version, which counts; None where nobody reviewed it.

    Raises
    ------
    RunError
        The file of its reviews is damaged.
    """
    found = reviews(version)
    return found[-1] if found else None


def line(said: Review) -> str:
    """Write a review in one line: its status, by whom, when and the note."""
    status, day = WORDS[said.status], said.at[:10]
    word = tr(status)
    if said.note:
        return tr("{status} by {name} on {day}: {note}", status=word, name=said.by, day=day, note=said.note)
    return tr("{status} by {name} on {day}", status=word, name=said.by, day=day)


def _path(version: Path) -> Path:
    return version.parent / REVIEWS / f"{version.name}.json"


def _review(content: dict[str, Any]) -> Review:
    found = Review(*(content[name] for name in ("at", "by", "status", "note")))
    if found.status not in STATUSES or not all(isinstance(each, str) for each in asdict(found).values()):
        raise ValueError("holds something other than reviews")
    return found


def _is_line(text: str) -> bool:
    """Whether `text` is one line that reads as written: no control, half character or turn of the writing direction."""
    return not any(unicodedata.category(each) in _UNSEEN or each in _TURNS for each in text)


def _mistakes(by: str, status: str, note: str) -> list[str]:
    lines = []
    if not any(each.isprintable() and not each.isspace() for each in by):
        lines.append(tr('BY: is empty. Write who reviewed it, as in BY="your name".'))
    if status not in STATUSES:
        known = listing(STATUSES, "or")
        lines.append(tr("STATUS: {status!r} is not known. Write {known}.", status=status, known=known))
    if status == "changes" and not note.strip():
        lines.append(tr("NOTE: is empty. Write what should change."))
    for name, text, most in (("BY", by, MOST_BY), ("NOTE", note, MOST_NOTE)):
        if len(text) > most:
            lines.append(
                tr("{name}: {n} characters are too many. Write at most {most}.", name=name, n=len(text), most=most)
            )
        if not _is_line(text):
            lines.append(
                tr("{name}: holds a line break or another control character. Write it in one line.", name=name)
            )
    return lines
