"""What a reader may be given of a project's reports, and everything that it says."""

import html
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from reachbook.result import PRIVATE


def read(path: Path) -> Iterator[str]:
    """Everything that a file says, its parts unpacked."""
    if path.suffix == ".parquet":
        yield pq.read_table(path).to_pandas().to_csv()
    elif path.suffix in (".xlsx", ".pptx", ".zip"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                inner = path.parent / f".unpacked{Path(name).suffix}"
                inner.write_bytes(archive.read(name))
                yield from (name, *read(inner))
                inner.unlink()
    else:
        text = path.read_bytes().decode("utf-8", "replace")
        yield html.unescape(text)
        if path.suffix in (".json", ".ipynb"):
            yield from _strings(json.loads(text))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield html.unescape(value)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (str(key), *_strings(each))
    elif isinstance(value, list):
        yield html.unescape("".join(each for each in value if isinstance(each, str)))
        for each in value:
            yield from _strings(each)


def given(root: Path) -> list[Path]:
    """Files that a reader may be given."""
    files = [path for path in (root / "reports").rglob("*") if path.is_file()]
    return [path for path in files if PRIVATE not in path.relative_to(root).parts]
