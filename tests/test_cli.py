"""The verbs that work on versions: what they print, and their exit codes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.shelved import home, name, shelved
from helpers.tiny_project import Project

type Make = Callable[..., int]


@pytest.fixture
def root(project: Project) -> Path:
    """A project with three versions of one report."""
    for number in (1, 2, 3):
        shelved(project.root, number, f"2026-10-0{number}T08:00:00+00:00")
    return project.root


def test_diff_writes_a_page_that_the_list_of_reports_links_to(
    root: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make("diff", "--study", "tiny") == 0
    place = f"tiny/count/diff/{name(2)}..{name(3)}.html"
    assert capsys.readouterr().out == f"{name(2)} → {name(3)}: open reports/{place}\n"
    index = (root / "reports" / "index.html").read_text("utf-8")
    assert f'<a href="{place}">compared with the one before</a>' in index
    assert f"make diff STUDY=tiny NOTEBOOK=count B={name(2)}" in index
    assert make("diff", "--study", "no") == 2
    assert capsys.readouterr().err.startswith("STUDY, NOTEBOOK: there is no report no/*.")


def test_a_review_is_on_the_list_of_reports_at_once(root: Path, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    assert make("review", "--version", name(3), "--by", "A", "--status", "approved", "--note", "Good.") == 0
    assert f"reports/tiny/count/reviews/{name(3)}.json" in capsys.readouterr().out
    assert "approved by A" in (root / "reports" / "index.html").read_text("utf-8")
    assert make("review", "--version", name(3)) == 2
    assert [line[:4] for line in capsys.readouterr().err.splitlines()] == ["BY: ", "STAT"]


def test_a_bundle_lies_beside_the_version(root: Path, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    assert make("bundle", "--version", name(3)) == 0
    assert capsys.readouterr().out.startswith(f"reports/tiny/count/bundles/tiny-count-{name(3)}.zip")


def test_pruning_lists_first_and_removes_on_request(root: Path, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    assert make("prune", "--keep", "2") == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"would go  tiny/count {name(1)} of 2026-10-01",
        "1 would go, 0 older ones stay. Nothing was removed: add YES=1 to remove them.",
    ]
    assert (home(root) / name(1)).is_dir()
    assert make("prune", "--keep", "2", "--yes", "1") == 0
    assert not (home(root) / name(1)).exists()
    assert name(1) not in (root / "reports" / "index.html").read_text("utf-8")
    assert make("prune", "--keep", "2", "--yes", "1") == 0
    assert capsys.readouterr().out.endswith("0 removed, 0 older ones stay.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("prune", "--keep", "0"), "KEEP: '0' is not a whole number from 1 to 100000."),
        (("prune", "--yes", "yes"), "YES: 'yes' is not known."),
        (("serve", "--port", "80000"), "PORT: '80000' is not a whole number from 1 to 65535."),
        (("bundle",), "VERSION: is empty."),
    ],
)
def test_a_mistake_is_one_line(
    root: Path, make: Make, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert make(*arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(said)
    assert error.count("\n") == 1
    assert (home(root) / name(1)).is_dir()


def test_the_register_of_processing_is_written_and_goes_with_the_versions(
    root: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make("privacy", "--study", "tiny") == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[2][:12] for line in said[:3]] == ["no purpose i", "no basis is ", "nothing says"]
    assert said[3:] == ["Open reports/tiny/privacy.html"]
    page = root / "reports" / "tiny" / "privacy.html"
    assert f'href="count/{name(1)}/report.html"' in page.read_text("utf-8")
    assert 'href="tiny/privacy.html"' in (root / "reports" / "index.html").read_text("utf-8")
    assert make("prune", "--keep", "2", "--yes", "1") == 0
    assert name(1) not in page.read_text("utf-8")
    assert make("privacy", "--study", "no") == 2
    assert "there is no study 'no'" in capsys.readouterr().err


def test_a_terminal_of_another_encoding_gets_escapes(project: Project) -> None:
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii"}
    project.write("data/orders.csv", "order_id,user_id,at,amount\n杭州1,u1,2026-07-01 10:00:00,5\n")
    command = [sys.executable, "-m", "reachbook", "validate"]
    made = subprocess.run(command, cwd=project.root, env=surroundings, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert r"order_id \u676d\u5dde1" in made.stdout
    assert made.stderr == ""
