"""docs/example.md can be followed: its exports, drafted and changed as the page says, give what stands there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import papers
from papers import ROOT
from reachbook.cli import main

BLOCKS = {info: text for info, text in papers.read(ROOT / "docs" / "example.md").blocks if " " in info}
STUDY = Path("params/qingquan/study.yaml")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the notebooks and the example's exports, and nothing else."""
    monkeypatch.chdir(tmp_path)
    Path("params").mkdir()
    shutil.copytree(ROOT / "notebooks", "notebooks")
    shutil.copy(ROOT / "requirements.lock", ".")
    subprocess.run([sys.executable, ROOT / "docs" / "example_exports.py", "data/qingquan"], check=True)
    return tmp_path


def changed(study: str, changes: str) -> str:
    """The study with each line that begins with - replaced by the one with + below it."""
    lines = changes.splitlines()
    for old, new in zip(lines[::2], lines[1::2], strict=True):
        assert (old[0], new[0], study.count(f"{old[1:]}\n")) == ("-", "+", 1)
        study = study.replace(f"{old[1:]}\n", f"{new[1:]}\n")
    return study


def test_the_page_s_commands_say_what_the_page_says(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "--study", "qingquan", "--from", "data/qingquan/*"]) == 0
    assert capsys.readouterr().out == BLOCKS["text new"]
    drafted = STUDY.read_text("utf-8")
    assert drafted == BLOCKS["yaml draft"]
    STUDY.write_text(changed(drafted, BLOCKS["diff changes"]), "utf-8")
    assert main(["validate", "--study", "qingquan"]) == 0
    assert capsys.readouterr().out == BLOCKS["text validate"]
