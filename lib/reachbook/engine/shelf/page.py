"""Build reports/index.html from the content of reports/ alone."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from reachbook import atomic, report_paths
from reachbook.engine.page import provenance
from reachbook.engine.page.document import document
from reachbook.engine.shelf.entry import ShelfEntry, entries
from reachbook.errors import RunError
from reachbook.translation import Language, using

TEMPLATES = Path(__file__).parent / "templates"


def write(root: Path) -> Path:
    """Rebuild reports/index.html; the file is written only if it changes."""
    reports = report_paths.reports(root)
    reports.mkdir(exist_ok=True)
    today = datetime.now(UTC).date()
    homes = list(report_paths.notebooks(root))
    with using(_language(homes)):
        found = [entry for home in homes for entry in entries(reports, home, today)]
        text = document(TEMPLATES, "shelf", entries=found, studies=_by_study(found))
    path = reports / "index.html"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        atomic.write_text(path, text)
    return path


def _by_study(found: Iterable[ShelfEntry]) -> dict[str, list[ShelfEntry]]:
    studies = dict[str, list[ShelfEntry]]()
    for entry in found:
        studies.setdefault(entry.study, []).append(entry)
    return studies


def _language(homes: Iterable[Path]) -> Language:
    """The language of most studies; English where none leads."""
    used = dict[str, Language]()
    for home in homes:
        folder = report_paths.current(home) or next(iter(report_paths.versions(home)), None)
        try:
            used |= {home.parent.name: provenance.read(folder)["inputs"]["study"]["language"]} if folder else {}
        except RunError:
            continue
    counted = Counter(used.values())
    return max(counted, key=lambda each: (counted[each], each == "en")) if counted else "en"
