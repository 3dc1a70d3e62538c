"""The language of what is said of no single study."""

from collections import Counter
from pathlib import Path

from reachbook import report_paths
from reachbook.engine import refused_inputs
from reachbook.engine.page import provenance
from reachbook.errors import RunError
from reachbook.translation import Language


def house_language(root: Path) -> Language:
    """The language in which most studies have their reports, or were refused; English where none leads.

    Notes
    -----
    The list of reports is in it, and so is every line of the command line that is not about a study, whose own language
    it would be in.
    """
    used = dict[str, Language]()
    for home in report_paths.notebooks(root):
        folder = report_paths.current(home) or next(iter(report_paths.versions(home)), None)
        refused = refused_inputs.read(home)
        if not folder and refused:
            used.setdefault(home.parent.name, refused.language)
        try:
            used |= {home.parent.name: provenance.read(folder)["inputs"]["study"]["language"]} if folder else {}
        except RunError:
            continue
    counted = Counter(used.values())
    return max(counted, key=lambda each: (counted[each], each == "en")) if counted else "en"
