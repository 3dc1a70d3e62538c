"""Places of tables: the project and this machine's databases, and what the study states besides."""

from pathlib import Path

import pytest

from reachbook.errors import DataError
from reachbook.study import places
from reachbook.tables.source import Source


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a file, and beside it a folder with another one, to which a link leads."""
    for file in ("project/data/a.csv", "exports/b.csv", "exports/shop.db"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("a\n1\n")
    (tmp_path / "project/data/linked.csv").symlink_to(tmp_path / "exports/b.csv")
    (tmp_path / "project/inside.csv").symlink_to(tmp_path / "project/data/a.csv")
    (tmp_path / "project/q.sql").write_text("select * from b")
    return tmp_path / "project"


def refused(source: Source, root: Path, *stated: str) -> str:
    try:
        places.refuse(source, root, stated)
    except DataError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", ["../exports/b.csv", "data/linked.csv", "data/../../exports/b.csv"])
def test_a_file_outside_the_project_is_read_only_where_the_study_says_so(name: str, root: Path) -> None:
    assert refused(Source(path=name), root).startswith(f"{name}: leads out of the project. Copy the file into it")
    for place in ("../exports", str(root.parent / "exports")):
        assert refused(Source(path=name), root, place) == ""
    assert refused(Source(path=name), root, "../other", "exports")


def test_every_kind_of_source_is_looked_at(root: Path) -> None:
    away = str(root.parent / "exports" / "b.csv")
    part = Source(path="data/a.csv")
    for source in (
        Source(path=away),
        Source(paths="../exports/*.csv"),
        Source(parts=(part, Source(path=away))),
        Source(files={"b": away}, sql="q.sql"),
        Source(url="sqlite:///../exports/shop.db", query="select 1"),
        Source(url="sqlite:///file:../exports/shop.db?mode=rwc&uri=true", query="select 1"),
    ):
        assert "leads out of the project" in refused(source, root)
        assert refused(source, root, "../exports") == ""


def test_what_lies_in_the_project_needs_no_word(root: Path) -> None:
    for name in ("data/a.csv", "inside.csv", str(root / "data" / "a.csv"), "data/../data/a.csv"):
        assert refused(Source(path=name), root) == ""


def test_folders_outside_are_named_as_the_study_would_state_them(root: Path) -> None:
    away = ["../exports/b.csv", "data/linked.csv", str(root.parent / "exports" / "shop.db")]
    assert places.outside(["data/a.csv", *away], root) == ("../exports",)
    assert places.outside(["data/a.csv", "inside.csv"], root) == ()


@pytest.mark.parametrize("name", ["package://pytest/../x.csv", "package://pytest//etc/hostname"])
def test_a_package_is_not_left(name: str, root: Path) -> None:
    with pytest.raises(DataError, match="leads out of the package"):
        Source(path=name).all_files(root)


HERE = ("postgresql://u:p@localhost/db", "postgresql:///db", "mysql://127.0.0.1:3306/db", "sqlite://", "duckdb://")
ELSEWHERE = (
    "postgresql://u:p@db.acme.com/shop",
    "postgresql://localhost/shop?host=db.acme.com",
    "postgresql:///shop?host=localhost:5432,db.acme.com:5432",
    "mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BSERVER%3Dtcp%3Adb.acme.com%2C1433%3BDATABASE%3Dshop",
)


@pytest.mark.parametrize("url", HERE)
def test_databases_of_this_machine_need_no_word(url: str, root: Path) -> None:
    assert refused(Source(url=url, query="select 1"), root) == ""


@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_database_elsewhere_is_read_only_where_the_study_says_so(url: str, root: Path) -> None:
    source = Source(url=url, query="select 1")
    assert "leads to a database that is not on this machine" in refused(source, root)
    assert "u:p" not in refused(source, root)
    assert "leads to" in refused(source, root, "acme.com", "db.acme.com.evil.com")
    assert refused(source, root, "db.acme.com") == refused(source, root, "*.ACME.com") == ""


@pytest.mark.parametrize(
    "url", ["mssql+pyodbc:///?odbc_connect=DRIVER%3Dx", "duckdb:///md:shop", "postgresql:///?service=x"]
)
def test_a_setting_that_leads_anywhere_must_be_stated(url: str, root: Path) -> None:
    assert "leads to" in refused(Source(url=url, query="select 1"), root, "db.acme.com")


def test_the_place_counts_that_a_variable_leads_to(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP", "postgresql://u:hush@db.acme.com/shop")
    said = refused(Source(url="${SHOP}", query="select 1"), root)
    assert said.startswith("${SHOP}: leads to a database that is not on this machine")
    assert "hush" not in said
    assert refused(Source(url="${SHOP}", query="select 1"), root, "db.acme.com") == ""
