"""The list of presets that `make presets` prints."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from reachbook.tables import preset
from reachbook.translation import tr


def lines() -> Iterator[str]:
    """Yield a line for each kind of exporter, and below it one for each preset: name, table, title and shape."""
    wide = max(map(len, preset.paths()))
    for kind, files in groupby(sorted(preset.paths().values()), _kind):
        yield kind
        for path in files:
            each = preset.load(path.stem)
            title = each.title
            yield f"  {path.stem:<{wide}}  {each.table:<8}  {tr(title)} · {each.shape}"


def _kind(path: Path) -> str:
    return path.parent.name
