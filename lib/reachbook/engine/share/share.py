"""Make what a reader takes along from one published version, in a folder beside the versions."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reachbook import report_paths
from reachbook.engine import integrity
from reachbook.engine.page import provenance
from reachbook.engine.share import browser, slides, workbook
from reachbook.engine.share.figures import PublishedFigure, figures, standing
from reachbook.errors import RunError
from reachbook.result import Result
from reachbook.translation import tr, using

FOLDER = "share"
"""Folder beside the versions of a report that holds what was made of them."""


def share(root: Path, version: str) -> Iterator[str]:
    """Make PDF, workbook, figures and slides of a version; yields a line for each file, or why it could not be made.

    Parameters
    ----------
    version : str
        Beginning of a version's name.

    Raises
    ------
    RunError
        No version, or more than one, begins so; or it is damaged.
    """
    folder = _only(root, version)
    if flaw := integrity.flaw(folder):
        raise RunError(tr("{version} is damaged: {flaw}. Run `make reports`.", version=folder.name, flaw=flaw))
    run = provenance.read(folder)
    with using(run["inputs"]["study"]["language"]):
        for path in _made(folder, run):
            yield path if isinstance(path, str) else path.relative_to(root).as_posix()


def _only(root: Path, version: str) -> Path:
    every = [folder for home in report_paths.notebooks(root) for folder in report_paths.versions(home)]
    found = [folder for folder in every if version and folder.name.startswith(version)]
    if len(found) != 1:
        count = len(found)
        raise RunError(
            tr(
                "VERSION {version!r}: {count} versions begin so. Write one from reports/index.html.",
                version=version,
                count=count,
            )
        )
    return found[0]


def _made(folder: Path, run: dict[str, Any]) -> Iterator[Path | str]:
    """Every file in turn; a line of text for one that could not be made."""
    target = folder.parent / FOLDER / folder.name
    shutil.rmtree(target, ignore_errors=True)
    (target / "figures").mkdir(parents=True)
    result, name = Result.read(folder), folder.name
    title = f"{run['inputs']['study']['title']} · {_title(run)}"
    currency = run["inputs"]["study"]["currency"]
    workbook.write(result, name, title, currency, target / f"{name}.xlsx")
    yield target / f"{name}.xlsx"
    drawn = figures(folder)
    for figure in drawn:
        (target / "figures" / f"{figure.id}.svg").write_text(figure.svg, encoding="utf-8")
        yield target / "figures" / f"{figure.id}.svg"
    try:
        pictures = _pictures(drawn, target / "figures")
        yield from pictures.values()
        browser.pdf(folder / "report.html", target / f"{name}.pdf")
        yield target / f"{name}.pdf"
    except RunError as error:
        pictures = {}
        yield str(error)
    slides.write(result, name, title, currency, pictures, target / f"{name}.pptx")
    yield target / f"{name}.pptx"


def _title(run: dict[str, Any]) -> str:
    title = run["inputs"]["notebook"]["title"]
    return tr(title)


def _pictures(drawn: list[PublishedFigure], folder: Path) -> dict[str, Path]:
    pictures = {figure.id: folder / f"{figure.id}.png" for figure in drawn}
    for figure in drawn:
        browser.png(standing(figure), (round(figure.width), round(figure.height)), pictures[figure.id])
    return pictures
