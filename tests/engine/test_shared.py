"""The shipped reports name nobody: no id and no comment of planted people stands in what a reader may be given."""

import re
from pathlib import Path

import pytest

from helpers.given_files import given, read
from helpers.planted_people import NOTEBOOKS, ids, planted, texts
from helpers.tiny_project import COUNT, STUDY, Project
from reachbook import report_paths
from reachbook.cli import main
from reachbook.engine.share import browser, share
from reachbook.errors import RunError
from reachbook.result import PRIVATE

QUOTE = 12
"""Characters in a row by which a comment can be searched for."""
_WORD = re.compile(r"planted(?:person|order|comment|unit)\d{5}zq")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def quotes(text: str) -> set[str]:
    """Runs of characters that could be searched for."""
    runs = (text[place : place + QUOTE] for place in range(len(text) - QUOTE + 1))
    return {each for each in runs if _CHINESE.search(each)}


def naming(root: Path) -> dict[str, set[str]]:
    """Planted ids by the file that names them."""
    known = ids(root)
    named = {path.relative_to(root).as_posix(): set(_WORD.findall("\n".join(read(path)))) for path in given(root)}
    return {name: found & known for name, found in named.items() if found & known}


def quoting(root: Path, files: list[Path]) -> set[str]:
    """Those of the files that quote a planted comment."""
    known = set().union(*map(quotes, texts(root)))
    return {path.relative_to(root).as_posix() for path in files if quotes("\n".join(read(path))) & known}


@pytest.fixture(scope="module", params=["shared", "internal"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The reports of the planted people, with workbook, slides and bundle of each; internal those of people alone."""
    notebooks = NOTEBOOKS if request.param == "shared" else NOTEBOOKS[:2]
    project = planted(tmp_path_factory.mktemp(request.param), request.param, notebooks)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.root)
        patch.setattr(browser, "png", _no_browser)
        patch.setattr(browser, "pdf", _no_browser)
        assert main(["reports"]) == 0
        for name in notebooks:
            (version,) = report_paths.versions(project.root / "reports" / "planted" / name)
            assert main(["bundle", "--version", version.name]) == 0
            list(share.share(project.root, version.name))
    return project


def _no_browser(*_: object) -> None:
    raise RunError("no browser here")


def test_no_report_names_a_person_an_order_or_a_comment(made: Project) -> None:
    kinds = {path.suffix for path in given(made.root)}
    assert {".html", ".ipynb", ".json", ".parquet", ".xlsx", ".pptx", ".zip"} <= kinds
    assert naming(made.root) == {}


def test_a_shared_report_quotes_nobody(made: Project) -> None:
    if made.root.name.startswith("shared"):
        assert quoting(made.root, given(made.root)) == set()
        private = [path for path in made.root.glob(f"reports/**/{PRIVATE}/*") if path.suffix == ".parquet"]
        assert quoting(made.root, private), "the search must find what it looks for"


def test_who_they_are_lies_in_the_private_folder(made: Project) -> None:
    (version,) = report_paths.versions(made.root / "reports" / "planted" / "audience_segmentation")
    assert _WORD.search("".join(read(version / PRIVATE / "people.parquet")))


def test_a_shared_run_that_stops_keeps_nothing_that_it_had_shown(tmp_path: Path, monkeypatch) -> None:
    project = Project(tmp_path)
    project.study("tiny", STUDY + "privacy: {audience: shared}\n")
    project.write("requirements.lock", "nothing==1.0\n")
    project.write("data/orders.csv", "order_id,user_id,at,amount\nplantedorder00001zq,u1,2026-07-02 10:00:00,777123\n")
    cells = [*COUNT, "print(orders)", "1 / 0"]
    project.notebook("count", cells, title="How many orders?", tables=["orders"])
    monkeypatch.chdir(tmp_path)
    assert main(["reports"]) == 1
    (failed,) = (tmp_path / "reports/tiny/count/failed").iterdir()
    kept = {path.name: "\n".join(read(path)) for path in failed.rglob("*") if path.is_file()}
    assert {"report.html", "notebook.ipynb", "run.json", "result.json"} == set(kept)
    assert not any("777123" in text or "plantedorder00001zq" in text for text in kept.values())
    assert "nothing that it had shown is kept" in kept["report.html"]


def test_the_list_of_reports_and_a_stopped_page_quote_no_cell_of_a_shared_study(tmp_path, monkeypatch, capsys) -> None:
    project = Project(tmp_path)
    project.study("tiny", STUDY + "privacy: {audience: shared}\n")
    project.write("requirements.lock", "nothing==1.0\n")
    project.write("data/orders.csv", "order_id,user_id,at,amount\nplantedorder00001zq,u1,2026-07-02 10:00:00,777123x\n")
    project.notebook("count", COUNT, title="How many orders?", tables=["orders"])
    monkeypatch.chdir(tmp_path)
    assert main(["reports"]) == 2
    assert "777123x" in capsys.readouterr().err
    kept = {path.name: "\n".join(read(path)) for path in (tmp_path / "reports").rglob("*") if path.is_file()}
    assert {"index.html", "refused.json"} <= set(kept)
    assert not any("777123" in text or "plantedorder" in text for text in kept.values())
    assert all("Why is said where `make reports` runs" in kept[name] for name in ("index.html", "refused.json"))
    project.write("data/orders.csv", "order_id,user_id,at,amount\nplantedorder00001zq,u1,2026-07-02 10:00:00,777123\n")
    project.notebook("count", [*COUNT, "raise ValueError(orders['order_id'][0])"], tables=["orders"])
    assert main(["reports"]) == 1
    assert "plantedorder00001zq" in capsys.readouterr().out
    kept = {path.name: "\n".join(read(path)) for path in (tmp_path / "reports").rglob("*") if path.is_file()}
    assert not any("777123" in text or "plantedorder" in text for text in kept.values())
