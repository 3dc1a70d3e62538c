"""Build reports/index.html from the content of reports/ alone."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from reachbook import atomic, report_paths
from reachbook.engine import refused_inputs
from reachbook.engine.house_language import house_language
from reachbook.engine.page.document import document
from reachbook.engine.shelf.entry import ShelfEntry, entries
from reachbook.translation import sentences, tr, using

TEMPLATES = Path(__file__).parent / "templates"


def write(root: Path) -> Path:
    """Rebuild reports/index.html; the file is written only if it changes."""
    reports = report_paths.reports(root)
    reports.mkdir(exist_ok=True)
    today = datetime.now(UTC).date()
    with using(house_language(root)):
        found = [entry for home in report_paths.notebooks(root) for entry in entries(reports, home, today)]
        registers = {path.parent.name: path.relative_to(reports).as_posix() for path in report_paths.registers(root)}
        text = document(
            TEMPLATES,
            "shelf",
            entries=found,
            studies=_by_study(found),
            registers=registers,
            unreadable=[_unreadable(*each) for each in refused_inputs.unreadable_studies(root).items()],
        )
    path = reports / "index.html"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        atomic.write_text(path, text)
    return path


def _unreadable(study: str, why: tuple[str, ...]) -> str:
    """One line on a study whose parameter files cannot be read: its first mistake, and how many more there are."""
    first = why[0] if why else tr("its parameter files could not be read.")
    more = tr("{n} more: make validate STUDY={study}", n=len(why) - 1, study=study) if len(why) > 1 else ""
    told = tr("Study {study} cannot be read; what stands here of it is from earlier inputs.", study=study)
    return sentences(told, first, more)


def _by_study(found: Iterable[ShelfEntry]) -> dict[str, list[ShelfEntry]]:
    studies = dict[str, list[ShelfEntry]]()
    for entry in found:
        studies.setdefault(entry.study, []).append(entry)
    return studies
