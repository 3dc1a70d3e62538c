"""Files that appear complete or not at all."""

import os
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a small text file atomically, creating its folder: nobody can ever read half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
