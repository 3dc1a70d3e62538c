"""docs/example.md can be followed: its files, as they stand on the page, give the output that stands below them."""

import shutil
from pathlib import Path

import pytest

import papers
from papers import ROOT
from reachbook.cli import main

BLOCKS = papers.read(ROOT / "docs" / "example.md").blocks
STUDY = Path("params/qingquan/study.yaml")


def write_files() -> None:
    """Write every block whose first line names a file, and the notebook that the study runs."""
    for info, text in BLOCKS:
        path = Path(info.partition(" ")[2])
        if path.suffix:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    Path("notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "sentiment_analysis.ipynb", "notebooks")
    shutil.copy(ROOT / "requirements.lock", ".")


def test_validate_says_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files()
    first, second = (text for info, text in BLOCKS if info == "text validate")
    (more,) = (text for info, text in BLOCKS if info == "yaml reviews")
    assert main(["validate", "--study", "qingquan"]) == 0
    assert capsys.readouterr().out == first
    STUDY.write_text(STUDY.read_text("utf-8") + more, "utf-8")
    assert main(["validate", "--study", "qingquan"]) == 0
    assert capsys.readouterr().out == second
