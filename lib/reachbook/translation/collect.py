"""Collect every marked sentence into the catalogues; `python -m reachbook.translation.collect` does it for all.

Existing translations stay. A sentence that is no longer said leaves its catalogue.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reachbook.translation import catalogue
from reachbook.translation.catalogue import PACKAGE
from reachbook.translation.language import LANGUAGES

KEYWORDS = {"tr": None, "trn": (1, 2), "mark": None}
_METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]
_HIDDEN = {"lab", "summary"}
"""Tags of prose cells that no page shows."""
_CLI = PACKAGE / "cli.py"


def packages(root: Path) -> dict[Path, list[Path]]:
    """Folder of each catalogue, with the folders and files whose sentences it holds.

    Notes
    -----
    Every package has one, and every room in it that has a folder `locale`. A notebook's sentences are in its wing's,
    those of the command line in the engine's and those of presets in the draft's: a report is made anew when a
    catalogue that it reads has changed.
    """
    wings = sorted(path.parent for path in PACKAGE.glob("*/__init__.py") if path.parent.name != "translation")
    rooms = sorted(path.parent for path in PACKAGE.glob("*/*/**/locale"))
    modules = sorted(path for path in PACKAGE.glob("*.py") if path != _CLI)
    found = {**{folder: [folder] for folder in (*wings, *rooms)}, PACKAGE: modules}
    found[PACKAGE / "engine"].append(_CLI)
    found[PACKAGE / "draft"] += sorted((PACKAGE / "tables" / "presets").glob("*/*.yaml"))
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        wing = _about(path).get("spec", "").split(".")[1:2]
        found[PACKAGE.joinpath(*wing)].append(path)
    return found


def _about(notebook: Path) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(notebook.read_text(encoding="utf-8"))["metadata"].get("reachbook", {})
    return about


def collected(source: Path) -> Iterator[tuple[Path, Any]]:
    """Sentences of a folder, a module, a notebook or a preset: (file, sentence or its two forms)."""
    from babel.messages.extract import extract_from_dir, extract_from_file

    if source.suffix == ".ipynb":
        yield from ((source, text) for text in prose(source))
    elif source.suffix == ".yaml":
        yield from ((source, text) for text in of_preset(source))
    elif source.is_file():
        yield from ((source, found[1]) for found in extract_from_file("python", source, KEYWORDS))
    else:
        found = extract_from_dir(source, _METHODS, keywords=KEYWORDS, directory_filter=_shares_the_catalogue)
        for name, _, message, *_ in found:
            yield source / name, message


def _shares_the_catalogue(folder: str) -> bool:
    """Whether a folder's sentences are in the catalogue of the one around it."""
    return Path(folder).name[0] not in "._" and not Path(folder, "locale").is_dir()


def of_preset(path: Path) -> Iterator[str]:
    """Title and questions of a preset."""
    from ruamel.yaml import YAML

    content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    yield from (content["title"], *content.get("ask", {}).values())


def prose(notebook: Path) -> Iterator[str]:
    """Title and prose cells of a notebook, as the page shows them."""
    if title := _about(notebook).get("title"):
        yield title
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown" and not _HIDDEN & set(cell["metadata"].get("tags", ())):
            yield "".join(cell["source"])


def update(path: Path, found: list[tuple[str, Any]]) -> list[str]:
    """Bring one catalogue up to date.

    Parameters
    ----------
    found : list of tuple of (str, str or tuple of str)
        Place and sentence of each message.

    Returns
    -------
    list of str
        Sentences without a translation.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    old = catalogue.read(path) if path.exists() else Catalog(locale=path.stem)
    new = Catalog(locale=path.stem, fuzzy=False, header_comment=f"# Sentences of {path.parents[1].name}.")
    for place, message in found:
        kept = old.get(message)
        new.add(message, kept.string if kept else None, locations=[(place, 0)])
    if len(new):
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            write_po(file, new, omit_header=False, include_lineno=False, width=120, sort_output=False)
        _without_clock(path)
    return [str(entry.id) for entry in new if entry.id and not any(entry.string or "")]


def _without_clock(path: Path) -> None:
    """Drop the header lines that name a moment, a person or a program, so that equal sentences give equal files."""
    kept = ("Content-", "MIME-", "Plural-", "Language:")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    head = lines.index("\n")
    first = [line for line in lines[:head] if not line.startswith('"') or line[1:].startswith(kept)]
    path.write_text("".join(first + lines[head:]), encoding="utf-8")


def update_all(root: Path) -> list[str]:
    """Bring all catalogues of the project at `root` up to date; returns `file: sentence` for each untranslated one."""
    missing: list[str] = []
    for language in LANGUAGES[1:]:
        for folder, sources in packages(root).items():
            path = folder / "locale" / f"{language}.po"
            found = [(file.name, message) for source in sources for file, message in collected(source)]
            missing += [f"{path.relative_to(PACKAGE)}: {message}" for message in update(path, found)]
    return missing


if __name__ == "__main__":
    untranslated = update_all(Path.cwd())
    print("\n".join(untranslated) or "Every sentence has its translation.")
    sys.exit(bool(untranslated))
