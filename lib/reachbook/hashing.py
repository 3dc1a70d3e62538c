"""SHA-256 of files, text and plain data, from which versions are named."""

import hashlib
import json
from pathlib import Path
from typing import Any


def of_bytes(data: bytes) -> str:
    """SHA-256 of bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def of_file(path: Path) -> str:
    """SHA-256 of a file's content, read in blocks."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def of_data(value: Any) -> str:
    """SHA-256 of plain data (dicts, lists, text, numbers) in canonical JSON."""
    return of_bytes(canonical(value).encode())


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal data give equal text.

    Raises
    ------
    ValueError
        `value` holds NaN or an infinity.
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
