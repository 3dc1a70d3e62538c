"""A study that is refused before anything ran stands on the list of reports with the sentence and its remedy."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from helpers.shelved import home, shelved
from helpers.tiny_project import COUNT, STUDY, Project
from reachbook.engine import publish, refused_inputs
from reachbook.engine.erasure import withdraw
from reachbook.engine.house_language import house_language
from reachbook.engine.shelf import page
from reachbook.errors import DataError
from reachbook.segmentation import preflight
from reachbook.study import files

type Make = Callable[..., int]

ENTRY = re.compile(r'<tbody class="entry".*?</tbody>', re.DOTALL)
OTHER = STUDY.replace("Tiny 小店", "Other").replace("data/orders.csv", "data/whole.csv")
WHY = "orders: A and B could each be it. Name one of them."
PREFLIGHT = {
    "spec": "reachbook.segmentation.spec:SegmentationSpec",
    "preflight": "reachbook.segmentation.preflight:refuse",
}


def row(root: Path) -> str:
    (found,) = ENTRY.findall(page.write(root).read_text("utf-8"))
    return str(found)


def refusing(monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    def refuse(spec: object, tables: Mapping[str, Path], start: date, end: date) -> None:
        if why:
            raise DataError(why)

    monkeypatch.setattr(preflight, "refuse", refuse)


def test_a_study_of_which_nothing_was_ever_made_is_listed(
    project: Project, make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project.notebook("count", COUNT, title="How many orders?", tables=["orders"], **PREFLIGHT)
    after = [*COUNT[:4], 'report = Report(Study.load(study_name), "after")']
    project.notebook("after", after, title="And then?", tables=[], needs=["count"])
    project.study("tiny", STUDY.replace("[count]", "[count, after]"))
    refusing(monkeypatch, WHY)
    assert make("reports") == 2
    assert f"params/tiny/count.yaml: {WHY}" in capsys.readouterr().err
    shown = (project.root / "reports/index.html").read_text("utf-8")
    after, count = re.findall(r'<tbody class="entry".*?</tbody>', shown, re.DOTALL)
    assert "Tiny 小店</h2>" in shown
    assert "How many orders?</h3>" in count
    assert f'Refused before anything ran:</b> <span lang="en">params/tiny/count.yaml: {WHY}</span>' in count
    assert "Not made: its inputs are refused" in count
    assert '<time datetime="2026-09-30">' in count
    assert "not started tiny/after, because it reads tiny/count" in after
    assert "failed" in re.findall(r'data-state="([^"]*)"', count)[0]
    refusing(monkeypatch, "")
    assert make("reports") == 0
    shown = (project.root / "reports/index.html").read_text("utf-8")
    assert "Refused before" not in shown
    assert not list((project.root / "reports").rglob("refused.json"))


def test_it_speaks_the_studys_language_whatever_the_list_speaks(
    project: Project, make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    later = STUDY.replace("2026-07-01", "2027-01-01").replace("2026-09-30", "2027-03-31")
    project.study("tiny", later + "language: zh\n")
    assert make("validate") == 2
    before = capsys.readouterr().err.splitlines()[0]
    assert make("reports") == 2
    assert capsys.readouterr().err.splitlines() == [before, "未启动  tiny/count"]
    assert "都不在研究期间" in before
    assert house_language(project.root) == "zh"
    shown = row(project.root)
    assert before.replace("'", "&#39;") in shown
    assert "运行前即被拒绝：" in shown


def test_a_row_that_breaks_its_contract_is_told_and_other_studies_go_on(project: Project, make: Make) -> None:
    project.orders(first=-3.5)
    project.study("other", OTHER)
    project.write("data/whole.csv", "order_id,user_id,at,amount\no1,u1,2026-07-01,1\n")
    assert make("reports") == 2
    other, shown = ENTRY.findall(page.write(project.root).read_text("utf-8"))
    assert "You may rely on these numbers" in other
    assert "data/orders.csv:2: amount: -3.5 is negative." in shown
    assert "Refused before anything ran" in shown
    project.orders()
    assert make("reports", "--study", "tiny") == 0
    assert "efused before" not in page.write(project.root).read_text("utf-8")


BROKEN = {
    "no YAML": ("title: [", "params/other/study.yaml:"),
    "an unknown key": (OTHER + "tabels: {}\n", "params/other/study.yaml:7: tabels is not a known key."),
    "two mistakes": (OTHER.replace("seed: 7", "seed: x\nsede: 7"), "1 more: make validate STUDY=other"),
    "a parent that is not there": ("extends: acme\n", "there is no study &#39;acme&#39; (params/acme/study.yaml)"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_study_yaml_with_mistakes_is_one_line_on_the_list_and_stops_no_other_study(
    project: Project, make: Make, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """The other study's row is as true as without it: its inputs changed, so that it is made anew."""
    text, told = BROKEN[name]
    before = shelved(project.root, 1)
    publish.mark_current(before.parent, before.name)
    earlier = shelved(project.root, 2, study="other")
    publish.mark_current(earlier.parent, earlier.name)
    project.study("other", text)
    assert make("reports") == 2
    said = capsys.readouterr()
    assert "params/other/study.yaml" in said.err
    assert "not started other" in said.err
    assert "made      tiny/count" in said.out
    shown = page.write(project.root).read_text("utf-8")
    other, tiny = ENTRY.findall(shown)
    (line,) = re.findall(r'<li class="fail">(Study .*?)</li>', shown, re.DOTALL)
    assert line.startswith("Study other cannot be read; what stands here of it is from earlier inputs. params/other/")
    assert told in line
    assert "\n" not in line
    assert "2 versions and what changed" in tiny
    assert earlier.name in other
    assert make("reports", "--study", "tiny") == 0
    assert "Study other cannot be read" in page.write(project.root).read_text("utf-8"), "nobody asked for it since"
    project.study("other", OTHER.replace("whole", "orders"))
    assert make("reports", "--study", "other") == 0
    assert "cannot be read" not in page.write(project.root).read_text("utf-8")


def test_it_is_named_where_nothing_was_ever_made_and_forgotten_with_its_folder(project: Project, make: Make) -> None:
    (project.root / "reports").mkdir()
    path = project.study("tiny", "title: [")
    assert make("reports") == 2
    assert "Study tiny cannot be read" in page.write(project.root).read_text("utf-8")
    (project.root / "reports/tiny/refused.json").write_text("{", "utf-8")
    assert "Study tiny cannot be read" in page.write(project.root).read_text("utf-8")
    path.unlink()
    project.study("other", OTHER.replace("whole", "orders"))
    assert make("reports") == 0
    assert "cannot be read" not in page.write(project.root).read_text("utf-8")


def test_a_study_that_reads_from_one_with_mistakes_waits(
    project: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    project.notebook("after", [*COUNT[:4], "print(study_name)"], title="And then?", tables=[], needs=["count"])
    project.study("third", OTHER.replace("whole", "orders").replace("[count]", "[after]\nreads: [tiny]"))
    project.study("tiny", "title: [")
    assert make("reports") == 2
    said = capsys.readouterr()
    assert set(said.err.splitlines()) == {line for line in said.err.splitlines() if line.startswith("params/tiny/")}
    assert not list((project.root / "reports").glob("third/*/*/report.html"))


def test_a_study_that_is_not_there_leaves_nothing(project: Project, make: Make) -> None:
    assert make("reports", "--study", "acme") == 2
    assert not (project.root / "reports" / "acme").exists()


@pytest.fixture
def kept(project: Project) -> Project:
    """The tiny project as a refusal leaves it."""
    file = files.load(project.root, "tiny")
    refused_inputs.keep(file, file.notebooks[0], [WHY, "Second."], "Simulated data: nothing here is real.")
    return project


def test_beside_a_version_it_says_that_this_is_an_earlier_one(kept: Project) -> None:
    folder = shelved(kept.root, 1)
    shown = row(kept.root)
    assert "You may rely on these numbers" in shown
    assert shown.count("inputs are refused, this is an earlier version:") == 2
    publish.mark_current(folder.parent, folder.name)
    assert "refused" not in row(kept.root)


def test_what_a_reader_must_know_of_the_data_is_told(kept: Project) -> None:
    assert "Simulated data: nothing here is real." in row(kept.root)


@pytest.mark.parametrize("harm", ["", "{", "[]", '{"why": 3}', "null"])
def test_a_damaged_record_is_none(kept: Project, harm: str) -> None:
    marker = home(kept.root) / "refused.json"
    whole = json.loads(marker.read_text("utf-8"))
    marker.write_text(harm, "utf-8")
    assert refused_inputs.read(home(kept.root)) is None
    assert '<tbody class="entry"' not in page.write(kept.root).read_text("utf-8")
    marker.write_text(json.dumps(whole | {"language": "xx"}), "utf-8")
    assert refused_inputs.read(home(kept.root)) is None
    marker.write_text(json.dumps(whole), "utf-8")
    assert refused_inputs.read(home(kept.root)) is not None


def test_erasing_people_takes_it_along(kept: Project) -> None:
    withdraw.clear(home(kept.root))
    assert refused_inputs.read(home(kept.root)) is None
