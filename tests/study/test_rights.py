"""People leave before any notebook reads: those who have not consented, and those who are to be forgotten."""

import pyarrow.parquet as pq
import pytest

from helpers.consenting import CONSENT, KEY, STUDY, TABLES, consenting, people, person
from helpers.tiny_project import Project
from reachbook.errors import ParamsError, ReachbookError
from reachbook.privacy import forget
from reachbook.privacy.key import Key
from reachbook.study import files
from reachbook.study.data import Data, cache_folder, departed

ONE = Key(KEY.encode())
EVERYONE = {person(number) for number in range(1, 101)}
AGREED = {person(number) for number in range(1, 101) if consenting(number)}
IDS = {
    "users": "user_id",
    "interactions": "user_id",
    "orders": "user_id",
    "comments": "user_id",
    "experiment": "unit_id",
}


@pytest.fixture
def made(tmp_path, monkeypatch) -> Project:
    """People in every table; no key is set."""
    monkeypatch.delenv("REACHBOOK_KEY", raising=False)
    return people(tmp_path)


def data(project: Project, study: str = STUDY + CONSENT, name: str = "people") -> Data:
    project.study(name, study)
    return Data(files.load(project.root, name))


def ids(found: Data, name: str) -> set[str]:
    return set(pq.read_table(found[name].path)[IDS[name]].drop_null().to_pylist())


def test_without_a_basis_nobody_leaves(made):
    found = data(made, STUDY)
    assert all(ids(found, name) == EVERYONE for name in IDS)
    assert all(not found[name].left_out for name in TABLES)


def test_who_said_no_or_nothing_leaves_every_table(made):
    found = data(made)
    assert 0 < len(AGREED) < 80
    assert all(ids(found, name) == AGREED for name in IDS)


def test_who_is_not_in_the_table_of_users_has_not_consented(made):
    users = made.root / "data/users.csv"
    users.write_text(
        "\n".join(line for line in users.read_text("utf-8").splitlines() if person(1) not in line), "utf-8"
    )
    assert ids(data(made), "orders") == AGREED - {person(1)}


@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("Y", "N"), ("同意", "不同意"), ("TRUE", "false")])
def test_consent_in_other_words(made, yes, no):
    users = made.root / "data/users.csv"
    users.write_text(users.read_text("utf-8").replace("是", yes).replace("否", no), "utf-8")
    assert ids(data(made), "users") == AGREED


def test_consent_that_cannot_be_read_is_refused_with_its_line(made):
    users = made.root / "data/users.csv"
    users.write_text(users.read_text("utf-8").replace("是", "也许", 1), "utf-8")
    with pytest.raises(ReachbookError, match=r"data/users.csv:2: consent: 也许"):
        data(made)["orders"]


def test_what_left_is_counted_by_table_and_reason_without_ids(made):
    found = data(made)
    gone = 100 - len(AGREED)
    assert found["interactions"].left_out == (
        f"{2 * gone} of 200 rows were left out with the {gone} people behind them, who have not consented "
        "(privacy: basis)",
    )
    assert "1 row without a user_id stays: nobody can be asked about it" in found["comments"].left_out
    assert any("Units are taken for people" in line for line in found["experiment"].left_out)
    assert not any("zq" in line for name in TABLES for line in found[name].left_out)


def test_rows_about_comments_that_left_leave_too(made):
    found = data(made)
    left = set(pq.read_table(found["reviews"].path)["note"].to_pylist())
    assert left == {f"from {each}" for each in AGREED}
    assert "the comments that they are about are not there" in found["reviews"].left_out[0]


def test_units_that_are_no_users_stay(made):
    path = made.root / "data/experiment.csv"
    path.write_text(path.read_text("utf-8").replace("person", "city"), "utf-8")
    assert data(made)["experiment"].rows == 100


@pytest.mark.parametrize("without", ["users", "consent"])
def test_consent_that_nobody_can_have_given_is_refused_with_its_line(made, without):
    study = STUDY.replace("  users: {path: data/users.csv}\n", "") if without == "users" else STUDY
    if without == "consent":
        made.write("data/users.csv", "user_id,age_band\n" + f"{person(1)},25-34\n")
    with pytest.raises(ParamsError, match=r"params/people/study.yaml:\d+: privacy.basis is consent, but .*yes/no, 1/0"):
        data(made, study + CONSENT)["orders"]


def test_nobody_who_consents_is_refused(made):
    users = made.root / "data/users.csv"
    users.write_text(users.read_text("utf-8").replace("是", "否"), "utf-8")
    with pytest.raises(ParamsError, match="nobody in the table users has consented"):
        data(made)["users"]


def test_a_no_without_a_basis_is_warned_of_with_what_to_write(made):
    (line,) = data(made, STUDY)["users"].warnings
    assert line.startswith("20 people have not consented, and are used all the same.")
    assert "basis: consent" in line
    assert data(made)["users"].warnings == ()
    assert data(made, STUDY + CONSENT.replace("consent", "contract"))["users"].warnings == ()


def test_people_to_be_forgotten_leave_whatever_the_basis(made, monkeypatch):
    monkeypatch.setenv("REACHBOOK_KEY", KEY)
    forget.add(forget.path(made.root, "people"), ONE, ONE.hashes([person(1), person(2), "never seen"]))
    for study, stay in ((STUDY, EVERYONE), (STUDY + CONSENT, AGREED)):
        found = data(made, study)
        assert all(ids(found, name) == stay - {person(1), person(2)} for name in IDS)
        assert any("2 people behind them, who are to be forgotten" in line for line in found["orders"].left_out)


def test_lists_of_an_extended_study_count_too(made, monkeypatch):
    monkeypatch.setenv("REACHBOOK_KEY", KEY)
    forget.add(forget.path(made.root, "people"), ONE, ONE.hashes([person(1)]))
    forget.add(forget.path(made.root, "child"), ONE, ONE.hashes([person(2)]))
    made.study("people", STUDY)
    assert ids(data(made, "extends: people\n", "child"), "orders") == EVERYONE - {person(1), person(2)}
    assert ids(data(made, STUDY), "orders") == EVERYONE - {person(1)}


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("", r"REACHBOOK_KEY: is not set.*params/people/forget.csv names people by hashes of that key"),
        ("other " * 8, r"params/people/forget.csv:1: was made with key [0-9a-f]{8}; REACHBOOK_KEY holds another one"),
    ],
)
def test_a_missing_or_changed_key_is_refused_before_anything_is_read(made, monkeypatch, key, told):
    forget.add(forget.path(made.root, "people"), ONE, ONE.hashes([person(1)]))
    monkeypatch.setenv("REACHBOOK_KEY", key)
    with pytest.raises(ParamsError, match=told):
        data(made, STUDY)["orders"]
    assert not (cache_folder(made.root) / "tables").exists()


def test_no_copy_stays_in_the_cache_with_those_who_have_to_leave(made):
    before = {name: data(made, STUDY)[name].path for name in IDS}
    assert all(path.is_file() for path in before.values())
    found = data(made)
    assert not any(found[name].path == before[name] or before[name].is_file() for name in IDS)


def test_another_study_without_a_basis_keeps_its_copy(made):
    other = data(made, STUDY, "other")
    paths = [other[name].path for name in IDS]
    found = data(made)
    assert all(ids(found, name) == AGREED for name in IDS)
    assert all(path.is_file() for path in paths)


def test_simulated_people_leave_too(made):
    sizes = "users: 200, contents: 30, interactions: 900, orders: 100, comments: 60, labels: 10, units: 30, cities: 6"
    study = STUDY.split("tables:")[0] + f"simulate: {{{sizes}}}\n"
    everyone = ids(data(made, study), "users")
    found = data(made, study + CONSENT)
    agreed = ids(found, "users")
    assert agreed < everyone
    assert all(ids(found, name) <= agreed for name in ("interactions", "orders", "comments"))
    assert ids(found, "orders")
    segments = pq.read_table(found["truth_segments"].path)["user_id"].to_pylist()
    assert set(segments) == agreed
    assert "have not consented" in found["orders"].left_out[0]


def test_how_many_rows_a_few_people_have_is_not_told(made, monkeypatch):
    monkeypatch.setenv("REACHBOOK_KEY", KEY)
    forget.add(forget.path(made.root, "people"), ONE, ONE.hashes([person(1)]))
    found = data(made, STUDY)["interactions"]
    assert found.left_out == ("rows were left out with the 1 people behind them, who are to be forgotten (make erase)",)
    assert found.about["forgotten"] == {"people": 1}


def test_sums_are_handed_on_without_hashes(made, monkeypatch):
    monkeypatch.setenv("REACHBOOK_KEY", KEY)
    forget.add(forget.path(made.root, "people"), ONE, ONE.hashes([person(1)]))
    found = data(made)
    told = departed({name: found[name] for name in TABLES})
    assert told["users"]["forgotten"] == {"people": 1}
    assert found["users"].about["forgotten"]["hashes"]
    assert set(told["orders"]["no_consent"]) >= {"rows", "people", "each"}
