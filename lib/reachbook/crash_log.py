"""Faults of the program itself: one line for the user, the traceback in a file for developers."""

import re
import traceback
import unicodedata
from pathlib import Path

from reachbook import atomic
from reachbook.tables.address import redacted
from reachbook.tables.masking import mask
from reachbook.translation import sentences, tr
from reachbook.translation.control_characters import visible

_PACKAGE = Path(__file__).parent
_ESCAPED = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))")


def describe(error: Exception, root: Path) -> str:
    """Describe the fault in one line, and write its traceback to .cache/fault.txt of the project at `root`.

    Notes
    -----
    A message may quote a cell or a URL: personal details and passwords are hidden in both.
    """
    kept = root / ".cache" / "fault.txt"
    try:
        atomic.write_text(kept, safe("".join(traceback.format_exception(error))))
        more = tr("What a developer needs to mend it lies in .cache/fault.txt.")
    except OSError:
        more = ""
    what = f"{named(type(error).__name__, str(error))}{_where(error)}"
    return sentences(tr("a fault of the program ({what}), not of your input.", what=what), more)


def named(kind: str, message: str) -> str:
    """Format an exception as its class name and the first line of its message."""
    lines = safe(message.strip()).splitlines()
    return f"{kind}: {lines[0].rstrip('. ')}" if lines else kind


def safe(text: str) -> str:
    """`text` without personal details, passwords and control characters, as far as rules know them."""
    return "\n".join(visible(mask(redacted(_ESCAPED.sub(_gap, line)))) for line in text.split("\n"))


def _gap(escaped: re.Match[str]) -> str:
    """A space or sign of no width as itself, which Python shows escaped: a number with such gaps is still one."""
    sign = chr(int(escaped[1] or escaped[2], 16))
    return sign if unicodedata.category(sign) in ("Zs", "Cf") else escaped[0]


def _where(error: Exception) -> str:
    """Location of the innermost frame inside this package, as ", file:line"; "" where there is none."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    if not inside:
        return ""
    return f", {Path(inside[-1].filename).relative_to(_PACKAGE.parent).as_posix()}:{inside[-1].lineno}"
