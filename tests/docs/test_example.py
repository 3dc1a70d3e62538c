"""docs/example.md can be followed: its exports, drafted and changed as the page says, give what stands there."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import papers
from papers import ROOT
from reachbook.cli import main

BLOCKS = {info: text for info, text in papers.read(ROOT / "docs" / "example.md").blocks if " " in info}
QUOTES = " ".join(
    line.removeprefix(">").strip()
    for line in (ROOT / "docs" / "example.md").read_text("utf-8").splitlines()
    if line.startswith(">")
)
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


def test_the_reports_say_what_the_page_quotes(project: Path) -> None:
    assert main(["new", "--study", "qingquan", "--from", "data/qingquan/*"]) == 0
    STUDY.write_text(changed(STUDY.read_text("utf-8"), BLOCKS["diff changes"]), "utf-8")
    assert main(["reports", "--study", "qingquan"]) == 0
    results = [json.loads(each.read_text("utf-8")) for each in project.glob("reports/qingquan/*/*/result.json")]
    assert len(results) == 3
    for result in results:
        failed = [gate["detail"] for gate in result["gates"] if not gate["passed"]]
        passed = f"{len(result['gates']) - len(failed)} of {len(result['gates'])} checks passed"
        said = f"{len(failed)} of {len(result['gates'])} checks failed" if failed else passed
        for sentence in (said, result["decision"], *failed):
            assert sentence in QUOTES
