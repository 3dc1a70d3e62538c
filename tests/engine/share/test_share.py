"""What a reader takes along: everything comes from the published version and carries its name."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

from helpers.kept_version import filled
from helpers.tiny_project import Project
from reachbook.engine import plan
from reachbook.engine.share import browser
from reachbook.engine.share.figures import figures
from reachbook.engine.share.share import share
from reachbook.errors import RunError
from reachbook.presentation import style, svg
from reachbook.result import FigureEntry, Finding, Result, TableEntry
from reachbook.verdict import Gate

FINDINGS = (
    Finding("lift", "Lift 增量", 0.12, 0.05, 0.2, "ratio", 0.0),
    Finding("share", "Share", 0.4, unit="ratio"),
    Finding("orders", "Orders", 1200.0, unit="count"),
)
DECISION = "Go on with 抖音."


@pytest.fixture
def version(project: Project) -> Path:
    """A published version with a lead figure, two findings of one unit, a table and a check that failed."""
    [job] = plan.jobs(project.root)
    folder = filled(job.folder, job)
    (folder / "tables").mkdir()
    pd.DataFrame({"name": ["=1+1", "抖音"], "spend": [1.5, None]}).to_parquet(folder / "tables" / "spend.parquet")
    Result(
        "tiny",
        "count",
        folder,
        findings=FINDINGS,
        gates=(Gate("a", True, "All orders are there."), Gate("b", False, "Three days are empty.", "warn")),
        decision=DECISION,
        tables=(TableEntry("spend", 2, ("name", "spend"), ""),),
        figures=(FigureEntry("lead", "Lift by arm.", lead=True),),
    ).write()
    notebook = json.loads((folder / "notebook.ipynb").read_text("utf-8"))
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": _figure()}}]
    (folder / "notebook.ipynb").write_text(json.dumps(notebook), "utf-8")
    return folder


def _figure() -> str:
    with style.theme():
        figure, (axes,) = style.figure(2.0)
        axes.plot([0, 1], [0, 1], label="抖音")
    return f'<figure id="figure-lead">{svg.inline(figure, "lead", "Lift by arm.")}<figcaption>x</figcaption></figure>'


def test_a_figure_stands_alone_and_names_its_version(version: Path) -> None:
    [found] = figures(version)
    root = ElementTree.fromstring(found.svg)
    assert (found.id, found.alt) == ("lead", "Lift by arm.")
    assert root.attrib["viewBox"].split()[3] == f"{found.height:g}"
    assert version.name in "".join(root.itertext())
    assert "currentColor" not in found.svg
    assert "var(" not in found.svg


def test_without_a_browser_everything_else_is_made_and_the_lack_is_told(
    project: Project, version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browser.CHROMIUM, str(project.root / "no-browser"))
    said = list(share(project.root, version.name[:6]))
    home = f"reports/tiny/count/share/{version.name}"
    assert said[0] == f"{home}/{version.name}.xlsx"
    assert said[1] == f"{home}/figures/lead.svg"
    assert said[2].startswith("the browser did not draw lead.png")
    assert said[3] == f"{home}/{version.name}.pptx"
    assert all((project.root / said[place]).is_file() for place in (0, 1, 3))


def test_the_workbook_holds_summary_and_tables_and_runs_no_text_as_a_formula(
    project: Project, version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browser.CHROMIUM, str(project.root / "no-browser"))
    book = openpyxl.load_workbook(project.root / next(share(project.root, version.name)))
    assert book.sheetnames == ["Summary", "spend"]
    summary = {row[0].value: row[1].value for row in book["Summary"].iter_rows()}
    assert (summary["Version"], summary["Decision"]) == (version.name, DECISION)
    assert summary["Lift 增量"] == "12.0% [5.0%, 20.0%]"
    assert summary["not passed"] == "Three days are empty."
    rows = [[cell.value for cell in row] for row in book["spend"].iter_rows()]
    assert rows == [["name", "spend"], ["=1+1", 1.5], ["抖音", None]]
    assert book["spend"]["A2"].data_type == "s"
    assert all(version.name in sheet.oddFooter.right.text for sheet in book)


def test_five_slides_name_the_version_and_chart_what_shares_a_unit(
    project: Project, version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browser.CHROMIUM, str(project.root / "no-browser"))
    *_, last = share(project.root, version.name)
    slides = Presentation(str(project.root / last)).slides
    texts = ["\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) for slide in slides]
    assert len(texts) == 5
    assert all(version.name in text for text in texts)
    assert DECISION in texts[0]
    assert DECISION in texts[3]
    assert "1 of 2 checks passed\n! Three days are empty." in texts[4]
    [chart] = [shape.chart for shape in slides[2].shapes if shape.has_chart]
    assert list(chart.plots[0].categories) == ["Share", "Lift 增量"]
    assert list(chart.plots[0].series[0].values) == [0.4, 0.12]


def test_words_are_the_studys(project: Project, version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(browser.CHROMIUM, str(project.root / "no-browser"))
    run = json.loads((version / "run.json").read_text("utf-8"))
    run["inputs"]["study"]["language"] = "zh"
    (version / "run.json").write_text(json.dumps(run), "utf-8")
    *_, last = share(project.root, version.name)
    slides = Presentation(str(project.root / last)).slides
    assert [slide.shapes.title.text_frame.text for slide in slides][1:] == ["图示", "主要数字", "怎么办", "可信程度"]


@pytest.mark.parametrize(("wanted", "said"), [("", "is empty"), ("zzz", "no published version begins with 'zzz'")])
def test_a_name_that_is_not_one_version_is_refused(project: Project, version: Path, wanted: str, said: str) -> None:
    with pytest.raises(RunError, match=said):
        list(share(project.root, wanted))


def test_a_damaged_version_is_refused(project: Project, version: Path) -> None:
    (version / "report.html").write_text("<html>", "utf-8")
    with pytest.raises(RunError, match=r"is damaged: report\.html is cut off"):
        list(share(project.root, version.name))


@pytest.mark.skipif(not any(map(shutil.which, browser._NAMES)), reason="no Chromium here")
def test_a_browser_draws_pdf_and_png(project: Project, version: Path) -> None:
    made = [project.root / line for line in share(project.root, version.name)]
    [pdf] = [path for path in made if path.suffix == ".pdf"]
    [png] = [path for path in made if path.suffix == ".png"]
    assert pdf.read_bytes().startswith(b"%PDF")
    width, height = (int.from_bytes(png.read_bytes()[start : start + 4]) for start in (16, 20))
    [figure] = figures(version)
    assert (width, height) == (round(figure.width) * browser.SCALE, round(figure.height) * browser.SCALE)
    deck = Presentation(str(made[-1]))
    assert any(shape.shape_type == 13 for shape in deck.slides[1].shapes)
