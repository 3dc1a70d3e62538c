"""What is kept of inputs that were refused before anything ran, so that the list of reports can say so."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from reachbook import atomic, report_paths
from reachbook.crash_log import safe
from reachbook.notebook import Notebook
from reachbook.study import files
from reachbook.study.files import StudyFile
from reachbook.translation import LANGUAGES, Language, tr, using


@dataclass(frozen=True)
class RefusedInputs:
    """Today's inputs of a report, of which no version can be made as they stand.

    Attributes
    ----------
    why : tuple of str
        One line for each mistake, with its place and remedy, in the study's language.
    study_title, question : str
        Title of the study, and of the notebook as its metadata say it.
    language : Language
        Language of the study.
    notice : str
        What a reader must know about the data, as a page shows it.
    data_to : str
        Last day of the period, YYYY-MM-DD.
    """

    why: tuple[str, ...]
    study_title: str
    question: str
    language: Language
    notice: str
    data_to: str


def keep(file: StudyFile, book: Notebook, why: Sequence[str], notice: str = "") -> None:
    """Record beside the versions of a report why its inputs were refused, without the personal details of cells.

    Parameters
    ----------
    why : sequence of str
        One line for each mistake, in the study's language. Where pages are for a shared audience they are not kept,
        for they may quote a cell or count a few people.
    notice : str
        What a page would say of the data; the study's own notice by default.
    """
    study = file.spec
    if study.privacy.audience == "shared":
        with using(study.language):
            why = [withheld()]
    told = RefusedInputs(
        tuple(map(safe, why)),
        study.title,
        book.title,
        study.language,
        notice or study.notice,
        study.period.end.isoformat(),
    )
    text = json.dumps(asdict(told), ensure_ascii=False, indent=1)
    atomic.write_text(report_paths.reports(file.root) / file.name / book.name / report_paths.REFUSED, text + "\n")


def withheld() -> str:
    """What the list of reports and a page for a shared audience say instead of why something stopped."""
    return tr("Why is said where `make reports` runs, and not here: it may quote a cell or count a few people.")


def forget(home: Path) -> None:
    """Remove the record: today's inputs are no longer refused."""
    (home / report_paths.REFUSED).unlink(missing_ok=True)


def read(home: Path) -> RefusedInputs | None:
    """Read the record of a report; None where there is none or it is damaged, until the next run writes it again."""
    try:
        content = json.loads((home / report_paths.REFUSED).read_text(encoding="utf-8"))
        told = RefusedInputs(**{**content, "why": tuple(map(str, content["why"]))})
        date.fromisoformat(told.data_to)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return told if told.why and told.language in LANGUAGES else None


def keep_studies(root: Path, asked: Iterable[str], why: Mapping[str, Sequence[str]]) -> None:
    """Record which studies' parameter files cannot be read, so that the list of reports can name them.

    Parameters
    ----------
    asked : iterable of str
        Studies whose files were read just now; a record of any other stays while that study is there.
    why : mapping of str to sequence of str
        For each of them that cannot be read, one line a mistake.
    """
    there, asked = set(files.names(root)), set(asked)
    for name in unreadable_studies(root):
        if name not in there or (name in asked and name not in why):
            _study_marker(root, name).unlink(missing_ok=True)
    for name, lines in why.items():
        if name in there:
            marker = _study_marker(root, name)
            marker.parent.mkdir(parents=True, exist_ok=True)
            atomic.write_text(marker, json.dumps({"why": list(map(safe, lines))}, ensure_ascii=False, indent=1) + "\n")


def unreadable_studies(root: Path) -> dict[str, tuple[str, ...]]:
    """Studies whose parameter files could not be read when they were last asked for, and why, one line a mistake."""
    found = dict[str, tuple[str, ...]]()
    for marker in sorted(report_paths.reports(root).glob(f"*/{report_paths.REFUSED}")):
        try:
            why = json.loads(marker.read_text(encoding="utf-8"))["why"]
        except (OSError, ValueError, TypeError, KeyError):
            why = []  # damaged: it says that something is wrong, and no longer what
        found[marker.parent.name] = tuple(map(str, why)) if isinstance(why, list) else ()
    return found


def _study_marker(root: Path, study: str) -> Path:
    return report_paths.reports(root) / study / report_paths.REFUSED
