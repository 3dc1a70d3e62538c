"""The register of processing says what is held about people, and is written anew where that changes."""

import re
from pathlib import Path

import pandas as pd
import pytest

from helpers.consenting import CONSENT, KEY, STUDY, people, person
from helpers.shelved import name, shelved
from helpers.tiny_project import Project
from reachbook.engine.register import page
from reachbook.engine.register.register import register
from reachbook.errors import ParamsError

STATED = "privacy: {purpose: To plan campaigns., basis: consent, keep_days: 30}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """100 people in all tables, 32 of whom have not consented."""
    monkeypatch.setenv("REACHBOOK_KEY", KEY)
    return people(tmp_path, 100, STUDY + STATED)


def shown(root: Path) -> str:
    return page.write(root, "people")[0].read_text("utf-8")


def body(text: str) -> str:
    return re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


def test_every_filled_column_of_a_table_with_people_has_its_role(project: Project) -> None:
    tables = {each.name: each for each in register(project.root, "people").tables}
    assert list(tables) == ["users", "interactions", "orders", "comments", "experiment", "reviews"]
    assert tables["users"].columns == {"person": ("user_id",), "consent": ("consent",), "trait": ("age_band",)}
    assert tables["comments"].columns == {
        "person": ("user_id",),
        "record": ("comment_id",),
        "act": ("platform", "at"),
        "text": ("text",),
    }
    assert tables["reviews"].columns == {"record": ("comment_id",), "text": ("note",), "judged": ("label",)}
    assert tables["experiment"].columns["person"] == ("unit_id",)
    assert (tables["users"].rows, tables["interactions"].rows, tables["interactions"].people) == (68, 136, 68)
    assert tables["reviews"].people is None


def test_who_left_is_counted_by_table_and_nobody_is_named(project: Project) -> None:
    text = body(shown(project.root))
    assert "32 of 100 rows were left out with the 32 people behind them, who have not consented" in text
    assert "64 of 200 rows were left out with the 32 people behind them" in text
    assert "To plan campaigns." in text
    assert "Nobody has been erased." in text
    assert "person-0" not in text


def test_versions_are_listed_with_the_last_day_on_which_they_may_stand(project: Project) -> None:
    quotes = {"quotes": pd.DataFrame({"quote": ["call [phone]", "fine", None], "n": [1, 2, 3]})}
    shelved(project.root, 1, "2026-10-01T08:00:00+00:00", study="people", published=quotes)
    shelved(project.root, 2, study="people", tables={"media": {"rows": 1, "sha256": "aa"}})
    shelved(project.root, 3, study="other")
    found = register(project.root, "people")
    (version,) = found.versions
    assert (version.version.name, version.until, version.tables) == (name(1), "2026-10-31", ("orders",))
    assert (version.masked, version.private, version.lists, found.impersonal) == (1, (), 0, 1)


def test_what_erasing_took_is_on_the_page_and_equal_inputs_give_equal_bytes(project: Project) -> None:
    params = project.root / "params" / "people"
    (params / "erasures.csv").write_text("day,people,versions_withdrawn,by\n2026-10-02,3,1,A\n", "utf-8")
    withdrawn = project.root / "reports/people/count" / name(7)
    withdrawn.mkdir(parents=True)
    (withdrawn / "withdrawn.json").write_text('{"withdrawn": "2026-10-02"}', "utf-8")
    (project.root / "reports/people/count/failed/x").mkdir(parents=True)
    before = shown(project.root)
    assert '<th scope="row">2026-10-02</th><td>people</td><td>3</td><td>1</td>' in before
    assert f"<code>count/{name(7)}</code> was withdrawn on 2026-10-02" in before
    assert "<code>reports/people/count/failed</code>" in before
    path = project.root / "reports/people/privacy.html"
    path.unlink()
    assert shown(project.root) == before
    (project.root / ".cache" / "register.json").unlink(missing_ok=True)
    path.unlink()
    assert shown(project.root) == before


@pytest.mark.parametrize("line", ["2026-10-02,three,1,A", "yesterday,3,1,A", "2026-10-02,3"])
def test_a_damaged_record_of_erasures_is_refused_by_its_line(project: Project, line: str) -> None:
    record = project.root / "params/people/erasures.csv"
    record.write_text(f"day,people,versions_withdrawn,by\n{line}\n", "utf-8")
    with pytest.raises(ParamsError, match=r"^params/people/erasures.csv:2: is no day, people"):
        register(project.root, "people")


def test_what_is_not_stated_is_said_with_its_remedy(project: Project) -> None:
    project.study("people", STUDY)
    text, (_, gaps) = shown(project.root), page.write(project.root, "people")
    assert [re.search(r"`privacy: \{(\w+)", each)[1] for each in gaps] == ["purpose", "basis", "keep_days"]
    assert all(each.startswith("params/people/study.yaml") and each in text.replace("&#39;", "'") for each in gaps)
    project.study("people", STUDY + CONSENT)
    assert len(page.write(project.root, "people")[1]) == 1


def test_a_register_that_cannot_be_written_anew_is_removed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(project.root)
    assert list(page.refresh(project.root)) == []
    (project.root / "params/people/forget.csv").write_text(f"key {'0' * 8}\n", "utf-8")
    monkeypatch.delenv("REACHBOOK_KEY")
    (line,) = page.refresh(project.root)
    assert line.startswith("warning   reports/people/privacy.html was removed, since it cannot be written anew: REACH")
    assert not (project.root / "reports/people/privacy.html").exists()


def test_the_page_speaks_the_studys_language(project: Project) -> None:
    project.study("people", STUDY + STATED + "language: zh\n")
    text = body(shown(project.root))
    assert '<html lang="zh">' in text
    assert "个人信息处理登记" in text
    assert person(1) not in text
