"""Two shared versions that differ by a few people are never published side by side."""

import re
import shutil
from collections.abc import Callable

import pandas as pd
import pytest

from helpers.tiny_project import STUDY, Project, tiny
from reachbook import report_paths
from reachbook.cli import main

type Make = Callable[..., int]

CELLS = [
    "# How many people?",
    ("parameters", 'study_name: str = "tiny"'),
    "from reachbook.report import Report\nfrom reachbook.study import Study",
    'study = Study.load(study_name)\nreport = Report(study, "count")',
    'orders = study.table("orders").assign(group=lambda each: each["order_id"].str[0])',
    'groups = orders.groupby("group").agg(people=("user_id", "nunique")).reset_index()',
    'report.table("groups", groups, people=("people",))',
    'report.table("buyers", orders, download=True, private="always")',
]


def asked(project: Project, audience: str) -> None:
    project.notebook("count", CELLS, tables=["orders"])
    project.study("tiny", STUDY + f"privacy: {{audience: {audience}}}\n")


def people(project: Project, count: int) -> None:
    lines = [f"o{n},person-{n:03d},2026-07-{n % 28 + 1:02d} 10:00:00,5" for n in range(count)]
    project.write("data/orders.csv", "\n".join(["order_id,user_id,at,amount", *lines]) + "\n")


def made(project: Project) -> int:
    return len(report_paths.versions(project.root / "reports" / "tiny" / "count"))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shared version of 60 people; not to be changed."""
    project = tiny(tmp_path_factory.mktemp("sixty"))
    asked(project, "shared")
    people(project, 60)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.root)
        assert main(["reports"]) == 0
    return project


@pytest.fixture
def sixty(project: Project, once: Project) -> Project:
    """The project with the shared version of 60 people."""
    shutil.copytree(once.root, project.root, dirs_exist_ok=True)
    return project


@pytest.mark.parametrize("count", [61, 59])
def test_one_person_more_or_fewer_is_refused_with_the_sentence(
    sixty: Project, make: Make, capsys: pytest.CaptureFixture[str], count: int
) -> None:
    people(sixty, count)
    capsys.readouterr()
    assert make("reports") != 0
    shown = " ".join("".join(capsys.readouterr()).split())
    assert re.search(
        r"params/tiny/study\.yaml: privacy: table groups, o: 1 person more or fewer than in version", shown
    )
    assert made(sixty) == 1


def test_as_many_more_as_the_minimum_pass_and_so_do_internal_versions(sixty: Project, make: Make) -> None:
    people(sixty, 80)
    assert make("reports") == 0
    asked(sixty, "internal")
    people(sixty, 81)
    assert make("reports") == 0
    assert made(sixty) == 3


def test_a_small_group_is_never_shared(project: Project, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    asked(project, "shared")
    people(project, 19)
    assert make("reports") != 0
    assert "a group of 19 people, fewer than the minimum of 20" in " ".join("".join(capsys.readouterr()).split())
    assert made(project) == 0


def several(project: Project, **counts: int) -> None:
    """People whose orders begin with different letters, which are the groups."""
    lines = [f"{name}{n},{name}-person-{n:03d},2026-07-{n % 28 + 1:02d} 10:00:00,5"
             for name, count in counts.items() for n in range(count)]  # fmt: skip
    project.write("data/orders.csv", "\n".join(["order_id,user_id,at,amount", *lines]) + "\n")


def test_a_small_group_is_hidden_with_the_one_that_protects_it(project: Project, make: Make) -> None:
    asked(project, "shared")
    several(project, a=90, b=70, c=33, d=19)
    assert make("reports") == 0
    (version,) = report_paths.versions(project.root / "reports" / "tiny" / "count")
    page = (version / "report.html").read_text("utf-8")
    assert "2 groups are not told: they have fewer than 20 people" in re.sub(r"\s+", " ", page)
    groups = pd.read_parquet(version / "tables/groups.parquet")
    assert groups.to_dict("list") == {"group": ["a", "b"], "people": [90, 70]}


@pytest.mark.parametrize("counts", [{"a": 90, "d": 19}, {"c": 12, "d": 19}])
def test_where_no_group_could_hide_it_the_page_is_refused(
    project: Project, make: Make, capsys: pytest.CaptureFixture[str], counts: dict[str, int]
) -> None:
    asked(project, "shared")
    several(project, **counts)
    assert make("reports") != 0
    assert "fewer than the minimum of 20" in " ".join("".join(capsys.readouterr()).split())
    assert made(project) == 0
