"""Make what a reader takes along from one published version, in a folder beside the versions."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from reachbook import atomic, report_paths
from reachbook.engine import kept
from reachbook.engine.kept import KeptVersion
from reachbook.engine.share import browser, slides, workbook
from reachbook.engine.share.figures import PublishedFigure, boxless, figures, standing
from reachbook.errors import RunError
from reachbook.translation import tr, using


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
    found = kept.find(root, version)
    with using(found.language):
        place = found.home / report_paths.SHARED / found.name
        unfinished = atomic.beside(place)
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            made = list(_made(found, unfinished))
            atomic.remove(place)
            atomic.put(unfinished, place)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    shown = place.relative_to(root)
    yield from (each if isinstance(each, str) else (shown / each.relative_to(unfinished)).as_posix() for each in made)


def _made(version: KeptVersion, target: Path) -> Iterator[Path | str]:
    """Make every file in the folder `target`, in turn; a line of text for one that could not be made."""
    name, question = version.name, version.inputs["notebook"]["title"]
    (target / "figures").mkdir(parents=True)
    title = f"{version.inputs['study']['title']} · {tr(question)}"
    workbook.write(version.result, name, title, version.currency, target / f"{name}.xlsx")
    yield target / f"{name}.xlsx"
    drawn = figures(version.folder)
    for figure in drawn:
        (target / "figures" / f"{figure.id}.svg").write_text(figure.svg, encoding="utf-8")
        yield target / "figures" / f"{figure.id}.svg"
    for id in boxless(version.folder):
        yield tr("figure {id}: has no viewBox, so that it cannot stand alone. Draw it with Matplotlib.", id=id)
    try:
        pictures = _pictures(drawn, target / "figures")
        yield from pictures.values()
        browser.pdf(version.folder / "report.html", target / f"{name}.pdf")
        yield target / f"{name}.pdf"
    except RunError as error:
        pictures = {}
        yield str(error)
    slides.write(version.result, name, title, version.currency, pictures, target / f"{name}.pptx")
    yield target / f"{name}.pptx"


def _pictures(drawn: list[PublishedFigure], folder: Path) -> dict[str, Path]:
    pictures = {figure.id: folder / f"{figure.id}.png" for figure in drawn}
    for figure in drawn:
        browser.png(standing(figure), (round(figure.width), round(figure.height)), pictures[figure.id])
    return pictures
