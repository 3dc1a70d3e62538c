"""environment.yml for conda, with the same pins as requirements.lock: `python -m reachbook.environment`."""

import re
from pathlib import Path

_PIN = re.compile(r"^([a-z0-9][\w.-]*==[^\s;\\]+)\s*(;[^\\]*)?", re.MULTILINE)


def pins(lock: str) -> list[str]:
    """Return `name==version`, with its marker if any, for each package in the text of a lock file."""
    return [f"{pin} {marker.strip()}".strip() for pin, marker in _PIN.findall(lock)]


def conda(lock: str, python: str) -> str:
    """Return the text of environment.yml.

    Parameters
    ----------
    lock : str
        Text of requirements.lock.
    python : str
        Version such as "3.13".
    """
    lines = [
        "name: reachbook",
        "channels: [conda-forge]",
        "dependencies:",
        f"  - python={python}",
        "  - pip",
        "  - pip:",
    ]
    quoted = [f'      - "{pin}"' for pin in pins(lock)]
    return "\n".join([*lines, *quoted, '      - "--editable ."']) + "\n"


if __name__ == "__main__":
    text = conda(Path("requirements.lock").read_text("utf-8"), Path(".python-version").read_text("utf-8").strip())
    Path("environment.yml").write_text(text, encoding="utf-8")
