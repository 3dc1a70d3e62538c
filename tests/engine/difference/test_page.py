"""The page that compares two versions."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from helpers.shelved import SHARE, home, name, shelved
from reachbook import report_paths
from reachbook.engine import integrity, kept
from reachbook.engine.archive.review import review
from reachbook.engine.difference import page
from reachbook.errors import RunError

SEGMENTS = pd.DataFrame({"segment": ["new", "old"], "people": [100, 200]})


def compared(root: Path, **parts: str) -> str:
    """A version and a later one in which everything has changed."""
    shelved(root, 1, "2026-10-01T08:00:00+00:00", published={"segments": SEGMENTS}, figures=("lead", "same", "gone"))
    after = SEGMENTS.assign(segment=["new", "loyal"], people=[150, 200])
    moved = (replace(SHARE, value=0.6, low=0.55, high=0.65), replace(SHARE, id="more", label="Another"))
    shelved(
        root,
        2,
        "2026-11-01T08:00:00+00:00",
        findings=moved,
        passed=False,
        published={"segments": after, "extra": SEGMENTS},
        figures=("lead", "same"),
        parameters={"level": 0.95, "k_max": 5},
        tables={"orders": {"rows": 20, "sha256": "bb"}},
        modules={"reachbook.report": "bb"},
        lock="bb",
        **parts,
    )
    return written(root)


def written(root: Path) -> str:
    first, second = (kept.read(home(root) / name(number)) for number in (1, 2))
    return page.write(first, second).read_text("utf-8")


def part(shown: str, id: str) -> str:
    return shown.partition(f'<h2 id="{id}">')[2].partition("<h2")[0]


def test_a_turned_verdict_comes_first(tmp_path: Path) -> None:
    shown = compared(tmp_path)
    said = "The verdict has turned: before “You may rely on these numbers”, now “Do not act on this”."
    assert shown.index("<h1>") < shown.index(said) < shown.index('<div class="sides">')


def test_each_finding_has_both_intervals_the_change_and_what_it_is_called(tmp_path: Path) -> None:
    found = part(compared(tmp_path), "findings")
    rows = re.findall(r'<tr><th scope="row".*?</tr>', found)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    assert cells == [
        [
            "Share of negative comments",
            "20.0% [15.0%, 25.0%]",
            "60.0% [55.0%, 65.0%]",
            "+40.0 percentage points",
            "more than noise",
        ],
        ["Another", "–", "20.0% [15.0%, 25.0%]", "", "new finding"],
    ]
    assert "exceeds 2.0 standard errors" in found
    assert "in at most 5% of comparisons" in found
    assert "The periods overlap and may share rows" in found
    assert "Parameters, code or packages changed as well" in found


def test_every_part_says_what_changed(tmp_path: Path) -> None:
    shown = compared(tmp_path)
    assert "<b>no longer passes</b>: The model does not fit: add data." in part(shown, "checks")
    assert "k_max: – → 5" in part(shown, "parameters")
    assert "table orders: 12 → 20 rows" in part(shown, "data")
    tables = part(shown, "tables")
    for said in ("came: loyal", "went: old", "1 row has other values", "new, people: 100 → 150", "new, with 2 rows"):
        assert said in tables
    assert "module reachbook.report changed" in part(shown, "code")
    assert "requirements.lock changed" in part(shown, "code")
    drawn = part(shown, "figures")
    assert drawn.count("<svg") == 5  # three pairs, one of them without its second half
    assert "No such figure." in drawn
    ids = re.findall(r'\bid="([^"]*)"', shown)
    assert len(ids) == len(set(ids))


def test_the_same_data_leave_nothing_to_chance(tmp_path: Path) -> None:
    shelved(tmp_path, 1)
    shelved(tmp_path, 2, findings=(replace(SHARE, value=0.21),), modules={"reachbook.report": "bb"}, figures=())
    shown = written(tmp_path)
    assert "same data: the method moved it" in shown
    assert "Both versions read the same data" in shown
    assert "The verdict has turned" not in shown


def test_the_page_speaks_the_newer_version_s_language(tmp_path: Path) -> None:
    assert '<html lang="zh">' in compared(tmp_path, language="zh")


def test_nobody_takes_the_page_for_a_version(tmp_path: Path) -> None:
    compared(tmp_path)
    review(tmp_path, name(2), "A", "changes", "Why?")
    assert "changes asked for by A" in written(tmp_path)
    assert (home(tmp_path) / "diff" / f"{name(1)}..{name(2)}.html").is_file()
    assert [path.name for path in report_paths.versions(home(tmp_path))] == [name(1), name(2)]
    assert list(integrity.mend(tmp_path)) == []


@pytest.mark.parametrize(("study", "notebook", "begin"), [("other", "count", "other-"), ("tiny", "else", "else-")])
def test_versions_of_other_reports_are_named_with_them(tmp_path: Path, study: str, notebook: str, begin: str) -> None:
    first = kept.read(shelved(tmp_path, 1, study=study, notebook=notebook))
    second = kept.read(shelved(tmp_path, 2))
    path = page.write(first, second)
    assert path == home(tmp_path) / "diff" / f"{begin}{name(1)}..{name(2)}.html"
    hrefs = re.findall(r'<a href="([^"]*report.html)"', path.read_text("utf-8"))
    assert len(hrefs) == 2
    assert all((path.parent / href).resolve().is_file() for href in hrefs)


@pytest.mark.parametrize("later", ["internal", "shared"])
def test_what_a_shared_page_hides_is_not_compared_with_an_internal_one(tmp_path: Path, later: str) -> None:
    audiences = ("shared", "internal") if later == "internal" else ("internal", "shared")
    for number, audience in enumerate(audiences, start=1):
        about = {"study_about": {"privacy": {"audience": audience}}}
        shelved(tmp_path, number, f"2026-10-0{number}T08:00:00+00:00", published={"segments": SEGMENTS}, **about)
    with pytest.raises(RunError, match=r"one of .* is for a shared audience, the other internal"):
        written(tmp_path)
    assert not (home(tmp_path) / report_paths.DIFFERENCES).exists()
