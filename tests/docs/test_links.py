"""What the papers refer to is there: files, anchors, modules, verbs of make. Nothing is asked of the network."""

import re
from pathlib import Path

import pytest

import papers
from papers import ROOT
from source_names import known

MODULE = re.compile(r"reachbook(?:\.\w+)+")
FILE = re.compile(r"(?:lib|tests|docs|notebooks|benchmarks|findings|params/demo\w*|params/retail)/[\w./-]*\w")
EXAMPLE = re.compile(r"\breturns\b")
"""The notebook that CONTRIBUTING.md makes up to show the steps."""
VERB = re.compile(r"(?:^|; )make ([a-z]+)\b", re.MULTILINE)


@pytest.fixture(params=papers.papers(), ids=lambda path: str(path.relative_to(ROOT)))
def paper(request: pytest.FixtureRequest) -> papers.Paper:
    return papers.read(request.param)


def test_links_lead_to_files_and_headings(paper: papers.Paper) -> None:
    assert papers.missing(paper) == []


def test_modules_and_names_exist(paper: papers.Paper) -> None:
    named = [name for span in paper.spans for name in MODULE.findall(span)]
    assert [name for name in named if not known(name) and not EXAMPLE.search(name)] == []


def test_files_exist(paper: papers.Paper) -> None:
    spans = [span for span in paper.spans if "<" not in span and not EXAMPLE.search(span)]
    named = [name for span in spans for name in FILE.findall(span)]
    made = (ROOT / ".gitignore").read_text("utf-8").split()
    assert [name for name in named if not (ROOT / name).exists() and f"/{name}/" not in made] == []


def test_verbs_of_make_exist(paper: papers.Paper) -> None:
    verbs = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    commands = [text for language, text in paper.blocks if not language] + list(paper.spans)
    assert {verb for text in commands for verb in VERB.findall(text)} <= verbs


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[there](#one) [gone](#two) [away](away.md) [web](https://example.org)", "utf-8")
    assert papers.missing(papers.read(page)) == ["#two", "away.md"]


def test_anchors_are_github_s(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Two `words`, one 中文\n## Same\n## Same\n", "utf-8")
    assert papers.read(page).anchors == {"two-words-one-中文", "same", "same-1"}
