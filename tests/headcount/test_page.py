"""A shared page of counts: its numbers are within their errors, and nothing on it was made from exact ones."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from helpers.consenting import KEY, person
from helpers.tiny_project import Project
from reachbook import report_paths
from reachbook.cli import main

HERE = Path(__file__).parents[2]
STUDY = """\
title: Counted
period: {start: 2026-07-01, end: 2026-09-30}
language: LANGUAGE
notebooks: [people_counts]
tables:
  users: {path: data/users.csv}
  interactions: {path: data/interactions.csv}
privacy: {audience: shared, epsilon: 0.5}
"""
PEOPLE = 3217
"""A number that stands nowhere by chance."""


def project(root: Path, people: int = PEOPLE, language: str = "en") -> Project:
    """Write the study `counted`; each person has one row in each table."""
    made = Project(root)
    made.study("counted", STUDY.replace("LANGUAGE", language))
    made.write("params/counted/people_counts.yaml", "platforms: [douyin]\ntraits: {age_band: [25-34]}\n")
    (root / "notebooks").mkdir(exist_ok=True)
    shutil.copy(HERE / "notebooks" / "people_counts.ipynb", root / "notebooks")
    shutil.copy(HERE / "requirements.lock", root)
    everyone = [person(number) for number in range(people)]
    users = [f"{each},{'25-34' if at % 2 else '35-44'}" for at, each in enumerate(everyone)]
    acts = [f"{each},{'douyin' if at % 3 else 'weibo'},view,2026-09-28 10:00:00" for at, each in enumerate(everyone)]
    made.write("data/users.csv", "\n".join(["user_id,age_band", *users]) + "\n")
    made.write("data/interactions.csv", "\n".join(["user_id,platform,kind,at", *acts]) + "\n")
    return made


def version(root: Path) -> Path:
    """The newest version."""
    return max(report_paths.versions(root / "reports/counted/people_counts"), key=lambda each: each.stat().st_mtime)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("REACHBOOK_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    return project(tmp_path)


def test_a_page_holds_numbers_with_errors_alone(made: Project) -> None:
    """Each range holds its number with 95%; with this key all four do that hold anybody."""
    assert main(["reports"]) == 0
    folder = version(made.root)
    stages = pd.read_parquet(folder / "tables/platforms.parquet").set_index(["platform", "stage"])
    ages = pd.read_parquet(folder / "tables/by_age_band.parquet").set_index("age_band")
    true = {"douyin": PEOPLE - (PEOPLE + 2) // 3, "other": (PEOPLE + 2) // 3}
    for name, count in true.items():
        assert stages.loc[(name, "active"), "low"] <= count <= stages.loc[(name, "active"), "high"]
    assert ages.loc["25-34", "low"] <= PEOPLE // 2 <= ages.loc["25-34", "high"]
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    texts = {name: path.read_text("utf-8") for name, path in files.items() if path.suffix in (".html", ".json", ".csv")}
    exact = re.compile(r"(?<![\d,.])(3,?217|2,?144|1,?073|1,?608|1,?609)(?![\d,])")
    assert {"report.html", "run.json", "result.json", "ro-crate-metadata.json"} <= set(texts)
    assert [name for name, text in texts.items() if exact.search(text)] == []
    page = texts["report.html"]
    assert "is right in at most 62.2% of cases" in page
    assert "One person more or fewer changes one number of each of 2 tables by one" in page
    facts = json.loads(texts["run.json"])["inputs"]["tables"]["users"]
    assert set(facts) == {"source", "encoding", "sha256", "blinded"}
    notes = [json.loads(path.read_text("utf-8"))["facts"] for path in (made.root / ".cache/tables").glob("*.json")]
    assert not any(each["sha256"] in "".join(texts.values()) for each in notes)
    assert main(["verify"]) == 0


def test_another_key_is_another_version_and_no_key_is_a_sentence(
    made: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reports"]) == 0
    monkeypatch.setenv("REACHBOOK_KEY", KEY[::-1])
    assert main(["reports"]) == 0
    versions = report_paths.versions(made.root / "reports/counted/people_counts")
    drawn = [pd.read_parquet(each / "tables/platforms.parquet")["people"].tolist() for each in versions]
    assert len(drawn) == 2
    assert drawn[0] != drawn[1]
    monkeypatch.delenv("REACHBOOK_KEY")
    capsys.readouterr()
    assert main(["reports"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "params/counted/study.yaml:8: REACHBOOK_KEY: is not set." in said
    assert "The random errors of privacy.epsilon are drawn from that key." in said


def test_few_people_are_not_planned_by(made: Project) -> None:
    project(made.root, 30)
    assert main(["reports"]) == 0
    result = json.loads((version(made.root) / "result.json").read_text("utf-8"))
    assert result["verdict"] == "do not act"
    assert result["decision"].startswith("Do not plan by these numbers")


def test_erasing_a_person_withdraws_a_version_that_tells_no_hash_of_its_tables(made: Project) -> None:
    assert main(["reports"]) == 0
    folder = version(made.root)
    assert main(["erase", "--study", "counted", "--ids", "nobody", "--by", "A"]) == 0
    assert (folder / "report.html").is_file(), "a version in which nobody of them stands is kept"
    assert main(["erase", "--study", "counted", "--ids", person(5), "--by", "A"]) == 0
    assert [path.name for path in folder.iterdir()] == ["withdrawn.json"]
