"""A segment of too few people is on no output of a shared page, nor is what would give it away."""

import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from helpers import small_segments as planted
from helpers.tiny_project import STUDY, Project
from privacy.test_suppression import attacked
from reachbook import report_paths
from reachbook.cli import main
from reachbook.engine.share import browser, share
from reachbook.errors import RunError
from reachbook.privacy.suppression import Suppressed
from reachbook.segmentation.page import compose
from reachbook.segmentation.small_segments import hidden_segments
from reachbook.segmentation.story import gather_results

CELLS = [
    "# Who is our audience?",
    ("parameters", 'study_name: str = "tiny"'),
    f"import sys\nsys.path.insert(0, {str(Path(__file__).parents[1])!r})",
    "from helpers import small_segments as planted",
    "from reachbook.report import Report\nfrom reachbook.study import Study",
    'study = Study.load(study_name)\nreport = Report(study, "audience")',
    "story = planted.story(study.shared)\nreport.note(story.described)",
    "report.summary(story)",
    *(f'report.section(story["{name}"])' for name in ("sizes", "profile", "stability", "valleys", "truth", "people")),
]
SECRETS = {
    *(str(planted.SIZES[each]) for each in planted.HIDDEN),
    *(f"{planted.SIZES[each] / sum(planted.SIZES):.1%}" for each in planted.HIDDEN),
    f"{planted.SIZES[3] * planted.SPENT[3]:.0f}",
}
"""Sizes of the hidden segments, their shares, and the revenue of one, as text."""
_TOKEN = re.compile(r"(?<![\w.-])\d[\d,.]*%?(?![\w-])")


@cache
def names() -> frozenset[str]:
    """Names of the hidden segments."""
    made = gather_results(planted.features(), planted.segmentation(), None, "CNY", 1)
    return frozenset(made.names[each] for each in planted.HIDDEN)


def tokens(text: str) -> set[str]:
    """Hidden names, and numbers that tell of hidden segments."""
    numbers = {each.replace(",", "").rstrip(".") for each in _TOKEN.findall(text)}
    return {each for each in names() if each in text} | (numbers & SECRETS)


def visible(page: str) -> str:
    """Text of a page without its drawings' coordinates, styles and scripts."""
    plain = re.sub(r"(?s)<(style|script)\b.*?</\1>", " ", page)
    return re.sub(r"<[^>]*>", " ", plain)


def written(value: object) -> str:
    """A cell as readers may write it."""
    return f"{value} {value:.1%} {value:.0f}" if isinstance(value, float) else str(value)


def read(path: Path) -> Iterator[str]:
    """Everything that a file says, with numbers as they would be read."""
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        yield from (written(value) for name in frame for value in frame[name])
    elif path.suffix == ".xlsx":
        for sheet in load_workbook(path):
            for value in (value for row in sheet.iter_rows(values_only=True) for value in row if value is not None):
                yield written(value)
    elif path.suffix in (".zip", ".pptx"):
        with zipfile.ZipFile(path) as archive:
            for name in (each for each in archive.namelist() if not each.endswith("run.json")):
                inner = path.parent / f".unpacked{Path(name).suffix}"
                inner.write_bytes(archive.read(name))
                yield from read(inner)
                inner.unlink()
    elif path.suffix in (".html", ".xml", ".svg"):
        yield visible(path.read_text("utf-8"))
    elif path.suffix == ".json" and path.name != "run.json":  # the record of the run holds hashes and the modules
        yield path.read_text("utf-8")


def telling(root: Path) -> dict[str, set[str]]:
    """What each file that a reader may be given tells of the hidden segments, by its kind."""
    found: dict[str, set[str]] = {}
    for path in (each for each in root.rglob("*") if each.is_file() and "private" not in each.parts):
        found.setdefault(path.suffix, set()).update(*(tokens(each) for each in read(path)))
    return {kind: said for kind, said in found.items() if said}


def no_browser(*_: object) -> None:
    raise RunError("no browser here")


def made(root: Path, audience: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Publish the page for an audience, with its workbook, slides and bundle; the folder of the reports."""
    project = Project(root)
    study = STUDY.replace("notebooks: [count]", "notebooks: [audience]\nlanguage: en")
    project.study("tiny", study + f"privacy: {{audience: {audience}, minimum: {planted.MINIMUM}}}\n")
    project.orders()
    project.write("requirements.lock", "nothing==1.0\n")
    project.notebook(
        "audience", CELLS, title="Who?", tables=["orders"], spec="reachbook.segmentation.spec:SegmentationSpec"
    )
    monkeypatch.chdir(root)
    monkeypatch.setattr(browser, "png", no_browser)
    monkeypatch.setattr(browser, "pdf", no_browser)
    assert main(["reports"]) == 0
    (version,) = report_paths.versions(root / "reports/tiny/audience")
    assert main(["bundle", "--version", version.name]) == 0
    list(share.share(root, version.name))
    return root / "reports"


def test_no_output_of_a_shared_page_tells_of_a_hidden_segment(tmp_path, monkeypatch):
    internal = telling(made(tmp_path / "internal", "internal", monkeypatch))
    assert {".html", ".parquet", ".json", ".xlsx", ".zip"} <= set(internal), "the search must find what it looks for"
    assert telling(made(tmp_path / "shared", "shared", monkeypatch)) == {}


def test_the_page_says_how_many_are_hidden_and_the_decision_is_of_those_told():
    story = planted.story(shared=True)
    assert story["sizes"].note.startswith("2 groups are not told: they have fewer than 100 people")
    assert story.decision.startswith(
        "There are 4 distinct segments. Plan content and media for each, of those told first for the "
    )
    assert len(story.decision.split()) <= 40
    assert [each.id for each in story.gates if not each.passed] == []
    assert story.gates[0].detail == "Each of 4 segments holds at least 4.0% of people."
    assert len(story["sizes"].tables[0].frame) == 2
    assert any(each in planted.story(shared=False).decision for each in names())


def test_the_small_and_the_next_larger_segment_are_hidden():
    found = planted.segmentation()
    assert hidden_segments(found, planted.MINIMUM) == planted.HIDDEN
    assert hidden_segments(found, 80) == ()


def test_where_hiding_would_leave_nothing_the_table_is_left_to_be_refused():
    assert hidden_segments(planted.segmentation(), 620) == ()


def test_a_refused_candidate_does_not_tell_its_smallest_group():
    for shared in (False, True):
        story = planted.story(shared, stands=False)
        said = " ".join([story.described, story.decision, *(gate.detail for gate in story.gates)])
        assert ("7.0%" in said) is not shared


def test_the_truth_of_a_simulation_hides_the_same_segments():
    (table,) = compose(
        planted.features(), planted.segmentation(), planted.truth(), "CNY", 1, minimum=planted.MINIMUM, shared=True
    )["truth"].tables
    assert names().isdisjoint(table.frame)
    assert table.frame.drop(columns="planted").max().tolist() == [613, 347]


def test_people_by_city_are_known_to_no_less_than_the_minimum():
    """Attacked with the sizes of told segments and the people of each city, which the rest of a comparison tells."""
    made = gather_results(
        planted.features(), planted.segmentation(), None, "CNY", 1, minimum=planted.MINIMUM, shared=True
    )
    told = made.profile[made.profile["feature"].isin(["city = north", "city = south"])].dropna(subset="value")
    assert set(made.profile["segment"]) == {0, 1}
    assert len(told) == 2, "81 of the hidden 232 are in the south, fewer than the minimum"
    cells = np.ones((4, 2), dtype=bool)
    cells[told["segment"], (told["feature"] == "city = south").astype(int)] = False
    known = Suppressed(cells, (np.array([False, False, True, True]), np.array([False, False])))
    assert attacked(np.array(planted.CITIES), known) >= planted.MINIMUM - 1e-6
