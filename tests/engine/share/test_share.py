"""What a reader takes along: everything comes from the published version and carries its name."""

import io
import json
import shutil
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

from helpers.kept_version import filled
from helpers.shelved import name, shelved
from helpers.tiny_project import Project
from reachbook.engine import plan
from reachbook.engine.share import browser, slides, workbook
from reachbook.engine.share.figures import figures, standing
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


def _hostile(project: Project, version: Path, figure: str) -> list[str]:
    notebook = json.loads((version / "notebook.ipynb").read_text("utf-8"))
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": figure}}]
    (version / "notebook.ipynb").write_text(json.dumps(notebook), "utf-8")
    return list(share(project.root, version.name))


def test_a_figure_without_a_view_box_is_told_and_the_rest_is_made(
    project: Project, version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browser.CHROMIUM, str(project.root / "no-browser"))
    inner = '<svg width="9"><svg viewBox="0 0 1 1"></svg></svg>'
    said = _hostile(project, version, f'<figure id="figure-bare">{inner}</figure>{_figure()}')
    assert "figure bare: has no viewBox, so that it cannot stand alone. Draw it with Matplotlib." in said
    assert [Path(line).name for line in said if line.endswith((".svg", ".pptx"))] == [
        "lead.svg",
        f"{version.name}.pptx",
    ]


def test_a_figure_takes_no_script_along(project: Project, version: Path) -> None:
    drawing = '<svg viewBox="0 0 1 1"><script>alert(1)</script><SCRIPT href="x"/><path d="M0 0"/></svg>'
    _hostile(project, version, f'<figure id="figure-lead">{drawing}</figure>')
    [found] = figures(version)
    assert "script" not in found.svg.lower()
    assert '<path d="M0 0"/>' in found.svg
    assert "default-src 'none'" in standing(found)


def test_a_browser_that_hangs_ends_with_all_it_started(
    project: Project, version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging, started = project.root / "hanging", project.root / "started"
    hanging.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {started}\nwait\n", "utf-8")
    hanging.chmod(0o755)
    monkeypatch.setenv(browser.CHROMIUM, str(hanging))
    monkeypatch.setattr(browser, "_SECONDS", 1)
    said = list(share(project.root, version.name))
    assert said[2].startswith("the browser did not draw lead.png: it had not ended after 1 seconds.")
    assert said[-1].endswith(".pptx")
    child = Path(f"/proc/{started.read_text('utf-8').strip()}/stat")
    assert not child.exists() or child.read_text("utf-8").split()[2] == "Z"


def test_a_file_or_link_in_the_place_of_the_folder_gives_way(
    project: Project, version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browser.CHROMIUM, str(project.root / "no-browser"))
    place, outside = version.parent / "share" / version.name, project.root / "outside"
    place.parent.mkdir()
    outside.mkdir()
    (outside / "mine.txt").write_text("mine", "utf-8")
    place.symlink_to(outside)
    assert list(share(project.root, version.name))[-1].endswith(".pptx")
    assert [path.name for path in outside.iterdir()] == ["mine.txt"]


LEVELS = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])
FRAMES = {
    "levels": pd.DataFrame([[1, 2]], columns=LEVELS),
    "index": pd.DataFrame({"k": [1, 2]}, index=pd.Index(["x", "y"], name="k")),
    "nothing": pd.DataFrame({"a": pd.Series(dtype=float)}),
    "history": pd.DataFrame({"a": ["=1+1", "+1", "-1", "@x", "http://a.b", "x\x01y"]}),
    "ids": pd.DataFrame({"a": [1_234_567_890_123_456_789]}),
    "ancient": pd.DataFrame({"a": [pd.Timestamp("1850-01-01")]}),
}


def test_a_workbook_takes_every_kind_of_table(tmp_path: Path) -> None:
    folder = shelved(tmp_path, 1, published=FRAMES)
    workbook.write(Result.read(folder), name(1), "Title", "CNY", tmp_path / "all.xlsx")
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    found = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets[1:]}
    assert found == {
        "levels": [["a x", "a y"], [1, 2]],
        "index": [["k", "k"], ["x", 1], ["y", 2]],
        "nothing": [["a"]],
        "history_2": [["a"], ["=1+1"], ["+1"], ["-1"], ["@x"], ["http://a.b"], ["x␁y"]],
        "ids": [["a"], ["1234567890123456789"]],
        "ancient": [["a"], ["1850-01-01 00:00:00"]],
    }
    assert {cell.data_type for [cell] in book["history_2"].iter_rows()} == {"s"}


def test_a_table_wider_than_a_sheet_is_cut_and_says_so(tmp_path: Path) -> None:
    wide = pd.DataFrame([range(16_385)], columns=[f"c{i}" for i in range(16_385)])
    folder = shelved(tmp_path, 1, published={"wide": wide})
    workbook.write(Result.read(folder), name(1), "Title", "CNY", tmp_path / "all.xlsx")
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    summary = {row[0].value: row[1].value for row in book["Summary"].iter_rows()}
    assert summary["wide"] == "its sheet holds 16,384 of 16,385 columns; tables/wide.parquet holds all"
    assert book["wide"].max_column == 16_384


def test_the_sheet_behind_a_chart_runs_no_label(tmp_path: Path) -> None:
    labels = ('=HYPERLINK("http://x")', "x\x01y\n<script>")
    result = Result("s", "n", tmp_path, tuple(Finding(f"f{i}", text, 0.5 + i) for i, text in enumerate(labels)))
    slides.write(result, name(1), "Title", "CNY", {}, tmp_path / "deck.pptx")
    with zipfile.ZipFile(tmp_path / "deck.pptx") as deck:
        books = [deck.read(each) for each in deck.namelist() if each.endswith(".xlsx")]
    assert books
    for content in books:
        rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows())
        assert [(row[0].value, row[0].data_type, row[1].value) for row in rows[1:]] == [
            ("x␁y\n<script>", "s", 1.5), ('=HYPERLINK("http://x")', "s", 0.5),
        ]  # fmt: skip
