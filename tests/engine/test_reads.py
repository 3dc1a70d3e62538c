"""Studies that read what other studies published: order, versions, verification and what is refused."""

import json
import shutil
from collections.abc import Callable

import pytest

from helpers.tiny_project import COUNT, STUDY, Project, tiny
from reachbook import report_paths
from reachbook.cli import main
from reachbook.engine import plan
from reachbook.errors import ParamsError
from reachbook.study import Study

type Make = Callable[..., int]

SPEC = "reachbook.segmentation.spec:SegmentationSpec"
READ = [
    *COUNT[:4],
    'study = Study.load(study_name)\nreport = Report(study, "after")',
    'found = study.results("count")',
    'report.note(", ".join(each.study for each in found))',
    'report.finding("seen", "Seen", sum(len(each.table("orders")) for each in found), unit="count")',
]


def versions(project: Project) -> dict[str, str]:
    return {job.name: job.version for job in plan.jobs(project.root)}


def reading(project: Project) -> dict[str, float]:
    """What each made version of tiny/after has seen, by name of version."""
    home = project.root / "reports" / "tiny" / "after"
    results = {folder.name: (folder / "result.json").read_text("utf-8") for folder in report_paths.versions(home)}
    return {name: json.loads(text)["findings"][0]["value"] for name, text in results.items()}


def counting(project: Project) -> Project:
    """Study tiny counts and reads; north and south count on their own, south one order more; nothing is refused."""
    project.notebook("count", COUNT, title="How many orders?", spec=SPEC, tables=["orders"])
    project.notebook("after", READ, needs=["count"])
    project.study("tiny", STUDY.replace("[count]", "[after, count]") + "reads: [south, north]\n")
    project.study("north", "extends: tiny\ntitle: North\nreads: []\nnotebooks: [count]\n")
    south = "extends: north\ntitle: South\ntables: {orders: {path: data/south.csv}}\n"
    project.study("south", south)
    orders = (project.root / "data/orders.csv").read_text("utf-8")
    project.write("data/south.csv", orders + "o99,顾客1,2026-07-05 10:00:00,7.0\n")
    return project


@pytest.fixture
def three(project: Project) -> Project:
    """The three studies of `counting`, nothing made yet."""
    return counting(project)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The three studies after `make reports STUDY=tiny NOTEBOOK=after`; not to be changed."""
    project = counting(tiny(tmp_path_factory.mktemp("three")))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.root)
        assert main(["reports", "--study", "tiny", "--notebook", "after"]) == 0
    return project


@pytest.fixture
def after(three: Project, once: Project) -> Project:
    """The three studies as `once` left them, in a folder of this test's own."""
    shutil.copytree(once.root, three.root, dirs_exist_ok=True)
    return three


def test_one_study_is_made_with_what_it_reads_from_others(
    after: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(reading(after).values()) == [12.0 + 12.0 + 13.0]
    (folder,) = report_paths.versions(after.root / "reports" / "tiny" / "after")
    run = json.loads((folder / "run.json").read_text("utf-8"))
    assert set(run["inputs"]["upstream"]) == {"count", "north/count", "south/count"}
    page = (folder / "report.html").read_text("utf-8")
    assert "tiny, north, south" in page  # its own first, then the others in order of name
    assert "south/count (" in page
    capsys.readouterr()
    assert make("verify", "--version", folder.name) == 0
    assert "1 of 1 gave the same bytes" in capsys.readouterr().out


def test_in_jupyterlab_the_same_results_are_read(after: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(after.root / "notebooks")
    study = Study.load("tiny")
    assert [each.study for each in study.results("count")] == ["tiny", "north", "south"]
    own = study.result("count")
    assert own is not None
    assert own.study == "tiny"
    assert study.results("after") == (Study.load("tiny").result("after"),)
    assert [each.study for each in Study.load("north").results("count")] == ["north"]


def test_what_changes_in_another_study_reaches_exactly_what_reads_it(three: Project) -> None:
    before = versions(three)
    three.write("params/south/count.yaml", "k_max: 5\n")
    after = versions(three)
    assert {name for name in before if before[name] != after[name]} == {"south/count", "tiny/after"}


def test_reading_one_study_less_reaches_the_reader_alone(three: Project) -> None:
    before = versions(three)
    path = three.root / "params/tiny/study.yaml"
    path.write_text(path.read_text("utf-8").replace("[south, north]", "[north]"), encoding="utf-8")
    after = versions(three)
    assert {name for name in before if before[name] != after[name]} == {"tiny/after"}


def test_the_order_in_reads_changes_nothing(three: Project) -> None:
    before = versions(three)
    path = three.root / "params/tiny/study.yaml"
    path.write_text(path.read_text("utf-8").replace("[south, north]", "[north, south]"), encoding="utf-8")
    assert versions(three) == before


def test_a_version_that_was_read_and_is_gone_is_named(
    after: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder,) = report_paths.versions(after.root / "reports" / "tiny" / "after")
    shutil.rmtree(after.root / "reports" / "south")
    capsys.readouterr()
    make("verify", "--version", folder.name)
    assert "the version of south/count that it read is no longer there" in capsys.readouterr().out


def test_a_study_whose_other_does_not_list_the_notebook_reads_what_there_is(three: Project) -> None:
    three.notebook("shape", COUNT, tables=["orders"])
    three.study("north", "extends: tiny\nreads: []\nnotebooks: [shape]\n")
    three.study("south", "extends: tiny\nreads: []\nnotebooks: [count]\n")
    (after,) = (job for job in plan.jobs(three.root) if job.name == "tiny/after")
    assert set(after.inputs["upstream"]) == {"count", "south/count"}


def test_studies_whose_notebooks_wait_for_each_other(three: Project) -> None:
    three.notebook("count", COUNT, spec=SPEC, tables=["orders"], needs=["after"])
    three.study("tiny", STUDY.replace("[count]", "[after]") + "reads: [north]\n")
    three.study("north", STUDY + "reads: [tiny]\n")
    three.study("south", STUDY)
    with pytest.raises(ParamsError) as caught:
        plan.jobs(three.root)
    assert str(caught.value) == (
        "notebooks: north/count, tiny/after need each other in a circle. Take one name out of `needs`, or a study "
        "out of `reads`."
    )


def test_studies_may_read_each_other_where_no_notebook_waits_for_itself(three: Project) -> None:
    three.study("north", STUDY + "reads: [tiny]\n")
    assert [job.name for job in plan.jobs(three.root, "tiny", "after")] == [
        "tiny/count",
        "south/count",
        "north/count",
        "tiny/after",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "south, north",
            "south, nroth",
            "params/tiny/study.yaml:7: there is no study 'nroth' (params/nroth/study.yaml)",
        ),
        ("south, north", "tiny", "params/tiny/study.yaml:7: reads names tiny, and study tiny would read itself."),
        ("[south, north]", "south", "params/tiny/study.yaml:7: reads is"),
    ],
)
def test_mistakes_in_reads(three: Project, old: str, new: str, said: str) -> None:
    path = three.root / "params/tiny/study.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ParamsError) as caught:
        plan.jobs(three.root, "tiny")
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_a_study_takes_over_what_its_parent_reads_unless_it_says_otherwise(three: Project) -> None:
    three.study("tiny-10", "extends: tiny\ntitle: October\n")
    jobs = {job.name: job for job in plan.jobs(three.root, "tiny-10")}
    assert set(jobs["tiny-10/after"].inputs["upstream"]) == {"count", "north/count", "south/count"}
    three.study("north", "extends: tiny\ntitle: North\nnotebooks: [count]\n")
    with pytest.raises(ParamsError, match=r"or, where `extends` took it over, write `reads: \[\]` in params/north/"):
        plan.jobs(three.root, "north")


def test_a_needed_notebook_that_no_study_lists_is_done_without(project: Project, make: Make) -> None:
    project.notebook("count", COUNT, title="How many orders?", spec=SPEC, tables=["orders"])
    project.notebook("after", READ, needs=["count"])
    project.study("tiny", STUDY.replace("[count]", "[after]") + "reads: [north]\n")
    project.study("north", "extends: tiny\ntitle: North\nreads: []\nnotebooks: [after]\n")
    assert make("reports", "--study", "tiny") == 0
    assert list(reading(project).values()) == [0.0]
