"""A version changes with everything that decides a report's content, and with nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.tiny_project import COUNT, STUDY, Project
from reachbook.cli import main
from reachbook.engine import plan, sources
from reachbook.engine.page import provenance, render
from reachbook.errors import DataError, ParamsError
from reachbook.segmentation.spec import SegmentationSpec


def versions(project: Project) -> dict[str, str]:
    return {job.name: job.version for job in plan.jobs(project.root)}


@pytest.fixture
def two(project: Project) -> Project:
    """The tiny project with a second notebook that reads users and has a parameter, and refuses nothing."""
    project.notebook("shape", COUNT, spec="reachbook.segmentation.spec:SegmentationSpec", tables=["users"])
    text = STUDY.replace("[count]", "[count, shape]") + "  users: {path: data/users.csv}\n"
    project.study("tiny", text)
    project.write("data/users.csv", "user_id\nu1\nu2\n")
    return project


def change_parameter(project: Project) -> None:
    project.write("params/tiny/shape.yaml", "k_max: 5\n")


def change_table(project: Project) -> None:
    project.write("data/users.csv", "user_id\nu1\nu3\n")


def change_notebook(project: Project) -> None:
    cells = [*COUNT, "print(1)"]
    project.notebook("shape", cells, spec="reachbook.segmentation.spec:SegmentationSpec", tables=["users"])


@pytest.mark.parametrize("change", [change_parameter, change_table, change_notebook])
def test_a_change_reaches_exactly_the_report_that_depends_on_it(
    two: Project, change: Callable[[Project], None]
) -> None:
    before = versions(two)
    change(two)
    after = versions(two)
    assert before["tiny/count"] == after["tiny/count"]
    assert before["tiny/shape"] != after["tiny/shape"]


def test_the_lock_and_the_study_reach_all(two: Project) -> None:
    first = versions(two)
    two.write("requirements.lock", "nothing==2.0\n")
    second = versions(two)
    two.study("tiny", (two.root / "params/tiny/study.yaml").read_text("utf-8").replace("seed: 7", "seed: 8"))
    third = versions(two)
    for name in first:
        assert len({first[name], second[name], third[name]}) == 3


def test_a_module_reaches_those_that_import_it(two: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before, follow = versions(two), sources.modules

    def edited(code: tuple[str, ...], *also: str, language: str, cache: Path) -> dict[str, str]:
        found = follow(code, *also, language=language, cache=cache)
        return {name: "edited" if name == "reachbook.segmentation.spec" else sha for name, sha in found.items()}

    monkeypatch.setattr(sources, "modules", edited)
    after = versions(two)
    assert before["tiny/count"] == after["tiny/count"]
    assert before["tiny/shape"] != after["tiny/shape"]


def test_comments_and_untouched_rewrites_change_nothing(two: Project) -> None:
    before = versions(two)
    path = two.root / "params/tiny/study.yaml"
    path.write_text("# a comment\n" + path.read_text("utf-8"), encoding="utf-8")
    two.write("data/users.csv", "user_id\nu1\nu2\n")
    assert versions(two) == before


def test_the_page_alone_changes_the_version_but_not_the_key(two: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {job.name: (job.key, job.version) for job in plan.jobs(two.root)}
    monkeypatch.setattr(render, "key", lambda: "another page")
    for job in plan.jobs(two.root):
        assert job.key == before[job.name][0]
        assert job.version != before[job.name][1]


def test_upstream_stands_first_and_counts(two: Project) -> None:
    two.notebook("count", COUNT, title="How many orders?", tables=["orders"], needs=["shape"])
    before = plan.jobs(two.root)
    assert [job.notebook.name for job in before] == ["shape", "count"]
    change_parameter(two)
    after = plan.jobs(two.root)
    assert before[1].version != after[1].version
    assert [job.notebook.name for job in plan.jobs(two.root, notebook="count")] == ["shape", "count"]


def test_notebooks_that_need_each_other(two: Project) -> None:
    two.notebook("count", COUNT, tables=["orders"], needs=["shape"])
    two.notebook("shape", COUNT, tables=["users"], needs=["count"])
    with pytest.raises(ParamsError, match="need each other in a circle"):
        plan.jobs(two.root)


def test_a_notebook_whose_tables_the_study_lacks(project: Project) -> None:
    project.notebook("count", COUNT, tables=["users", "interactions"], any_of=["users", "interactions"])
    with pytest.raises(ParamsError, match=r"study.yaml:5: count needs a table users or interactions"):
        plan.jobs(project.root)


def test_an_unknown_notebook(project: Project) -> None:
    with pytest.raises(ParamsError, match=r"NOTEBOOK: no study here has a notebook 'cuont'. Notebooks: count."):
        plan.jobs(project.root, notebook="cuont")


def test_mistakes_of_every_study_and_table_are_said_at_once(two: Project) -> None:
    two.write("data/users.csv", "user_id\nu1\nu1\n")
    two.orders(first=-3.5)
    two.study("other", STUDY.replace("data/orders.csv", "data/nothing.csv"))
    with pytest.raises(DataError) as caught:
        plan.jobs(two.root)
    said = str(caught.value)
    assert "data/orders.csv:2: amount: -3.5 is negative." in said
    assert "data/users.csv:3: user_id: u1" in said
    assert "data/nothing.csv" in said


def test_parameters_are_held_against_the_tables_before_anything_runs(project: Project) -> None:
    tables = "  media: {path: data/media.csv}\n  outcome: {path: data/outcome.csv}\n"
    project.study("tiny", STUDY.replace("[count]", "[budget]") + tables)
    project.notebook("budget", COUNT, spec="reachbook.budget.spec:BudgetSpec", tables=["media", "outcome"])
    project.write("data/media.csv", "week,channel,spend\n2026-01-05,抖音,5\n2026-01-12,抖音,6\n")
    project.write("data/outcome.csv", "week,value\n2026-01-05,50\n2026-01-12,60\n")
    right = "limits: {抖音: {high: 8}}\nblackout: {all: [2026-01-20]}\nhorizon_weeks: 2\n"
    project.write("params/tiny/budget.yaml", right)
    assert plan.jobs(project.root)
    wrong = (
        "limits:\n  抖: {high: 8}\nblackout:\n  抖音: [2026-09-01]\n  weibo: []\npeaks: {soon: 2.0}\n"
        "groups: {short: {channels: [抖音, 快手]}}\n"
        "scenarios: {less: {fixed: {b: 0.0}}}\ntests: [{channel: b, extra_spend: 5.0}]\n"
    )
    project.write("params/tiny/budget.yaml", wrong)
    with pytest.raises(ParamsError) as caught:
        plan.jobs(project.root)
    lines = str(caught.value).splitlines()
    known = "Channels of the media table: 抖音."
    assert lines[0] == f"params/tiny/budget.yaml:2: limits.抖 is no channel of the media table. {known}"
    assert [line.split(" ")[1] for line in lines] == [
        "limits.抖", "blackout.weibo", "scenarios.less.fixed.b", "groups.short.channels[1]", "tests[0].channel",
        "blackout.抖音[0]", "peaks.soon",
    ]  # fmt: skip
    assert "is 2026-09-01, outside the 13 weeks that are planned after 2026-01-12" in lines[5]
    assert lines[6].endswith("peaks.soon is soon. Write a day as YYYY-MM-DD.")


CELL = 'study_name: str = "tiny"\nk_max: int = {k}  # most segments\n'


def with_cell(project: Project, source: str) -> None:
    cells = [COUNT[0], ("parameters", source), *COUNT[2:]]
    project.notebook("shape", cells, spec="reachbook.segmentation.spec:SegmentationSpec", tables=["users"])


@pytest.mark.parametrize(
    "source",
    [
        CELL.format(k=5),
        CELL.format(k=5).replace("  # most segments", ""),
        'study_name = "acme"\nk_max = 5',
        "# nothing but a comment",
        "",
    ],
)
def test_a_value_saved_in_the_parameters_cell_decides_nothing(two: Project, source: str) -> None:
    with_cell(two, CELL.format(k=8))
    before = versions(two)
    with_cell(two, source)
    assert versions(two) == before


@pytest.mark.parametrize("source", [CELL.format(k=8) + "more = 1", CELL.format(k=8) + "import sys", "k_max = = 8"])
def test_what_else_a_parameters_cell_does_decides(two: Project, source: str) -> None:
    with_cell(two, CELL.format(k=8))
    before = versions(two)
    with_cell(two, source)
    assert versions(two)["tiny/shape"] != before["tiny/shape"]


def test_make_says_which_value_wins(
    two: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_cell(two, CELL.format(k=5))
    monkeypatch.chdir(two.root)
    assert main(["validate"]) == 0
    said = "the parameters cell of shape holds k_max=5; make ignores it: write it into params/tiny/shape.yaml"
    assert said in capsys.readouterr().out
    default = SegmentationSpec().k_max
    with_cell(two, CELL.format(k=default))
    assert main(["validate"]) == 0
    assert "make ignores it" not in capsys.readouterr().out


def test_the_foot_of_a_page_says_which_value_wins(two: Project) -> None:
    shape = next(job for job in plan.jobs(two.root) if job.notebook.name == "shape")
    (values,) = [values for term, values in provenance.header(shape.inputs, "v").provenance if term == "Parameters"]
    assert values[-1].startswith("What params/tiny/shape.yaml says wins, else the default; the notebook's own cell")
