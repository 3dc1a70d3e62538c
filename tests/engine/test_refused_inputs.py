"""A study that is refused before anything ran stands on the list of reports with the sentence and its remedy."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from helpers.shelved import home, inputs, shelved
from helpers.tiny_project import COUNT, STUDY, Project
from reachbook.engine import publish, refused_inputs
from reachbook.engine.erasure import withdraw
from reachbook.engine.house_language import house_language
from reachbook.engine.shelf import page
from reachbook.errors import DataError
from reachbook.segmentation import preflight
from reachbook.translation import using

type Make = Callable[..., int]

WHY = "orders: A and B could each be it. Name one of them."
PREFLIGHT = {
    "spec": "reachbook.segmentation.spec:SegmentationSpec",
    "preflight": "reachbook.segmentation.preflight:refuse",
}


def row(root: Path) -> str:
    (found,) = re.findall(r'<tbody class="entry".*?</tbody>', page.write(root).read_text("utf-8"), re.DOTALL)
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


def test_beside_a_version_it_says_that_this_is_an_earlier_one(tmp_path: Path) -> None:
    folder = shelved(tmp_path, 1)
    assert "refused" not in row(tmp_path)
    refused_inputs.keep(folder.parent, inputs("tiny", "count"), [WHY, "Second."])
    shown = row(tmp_path)
    assert "You may rely on these numbers" in shown
    assert shown.count("inputs are refused, this is an earlier version:") == 2
    publish.mark_current(folder.parent, folder.name)
    assert "refused" not in row(tmp_path)


def test_what_a_reader_must_know_of_the_data_is_told(tmp_path: Path) -> None:
    simulated = inputs("tiny", "count", tables={"orders": {"source": "simulated"}})
    refused_inputs.keep(home(tmp_path), simulated, [WHY])
    assert "Simulated data: nothing here is real." in row(tmp_path)
    with using("zh"):
        refused_inputs.keep(home(tmp_path), {**simulated, "study": simulated["study"] | {"language": "zh"}}, [WHY])
    assert "模拟数据" in row(tmp_path)


@pytest.mark.parametrize("harm", ["", "{", "[]", '{"why": 3}', "null"])
def test_a_damaged_record_is_none(tmp_path: Path, harm: str) -> None:
    refused_inputs.keep(home(tmp_path), inputs("tiny", "count"), [WHY])
    marker = home(tmp_path) / "refused.json"
    whole = json.loads(marker.read_text("utf-8"))
    marker.write_text(harm, "utf-8")
    assert refused_inputs.read(home(tmp_path)) is None
    assert '<tbody class="entry"' not in page.write(tmp_path).read_text("utf-8")
    marker.write_text(json.dumps(whole | {"language": "xx"}), "utf-8")
    assert refused_inputs.read(home(tmp_path)) is None
    marker.write_text(json.dumps(whole), "utf-8")
    assert refused_inputs.read(home(tmp_path)) is not None


def test_erasing_people_takes_it_along(tmp_path: Path) -> None:
    refused_inputs.keep(home(tmp_path), inputs("tiny", "count"), ["u1 stands twice. Remove one."])
    withdraw.clear(home(tmp_path))
    assert refused_inputs.read(home(tmp_path)) is None
