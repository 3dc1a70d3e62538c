"""A source only reads: one SELECT passes, the connection is read-only, and nothing of a URL but its place is told.

The tests of servers run where REACHBOOK_TEST_SERVERS lists their URLs, separated by spaces:
benchmarks/tables/servers.sh starts a PostgreSQL and a MariaDB and sets it. SQLite is tested always.
"""

import json
import os
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reachbook.errors import DataError, ParamsError
from reachbook.params import Document, validated
from reachbook.study.spec import StudySpec
from reachbook.tables.address import redacted, shown_url
from reachbook.tables.formats import database
from reachbook.tables.formats.database import read_query
from reachbook.tables.formats.read_only import guard
from reachbook.tables.source import Source

SERVERS = os.environ.get("REACHBOOK_TEST_SERVERS", "").split()
SECRET = "hunter22"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("create table o (order_id, user_id, at, amount)")
        connection.execute("insert into o values ('1', 'u1', '2026-07-01 09:05:00', 12)")
    connection.close()
    return tmp_path


def rows(folder: Path) -> int:
    connection = sqlite3.connect(folder / "shop.db")
    count = int(connection.execute("select count(*) from o").fetchone()[0])
    connection.close()
    return count


def test_a_query_that_drops_a_table_is_refused_and_the_table_stays(shop: Path, refuse: Callable[..., str]) -> None:
    assert refuse("orders", url="sqlite:///shop.db", query="drop table o") == (
        "sqlite:///shop.db: the query is no SELECT but DROP; a source may only read. Write one SELECT. "
        "The database was not asked."
    )
    assert rows(shop) == 1


WRITES = {
    "with x as (delete from o returning *) select * from x": ("postgresql", "holds DELETE"),
    "with x as (insert into o values (1) returning *) select * from x": ("postgresql", "holds INSERT"),
    "with x as (update o set a = 1 returning *) select * from x": ("postgresql", "holds UPDATE"),
    "select * into o2 from o": ("postgresql", "writes what it selects (INTO)"),
    "select * into #o2 from o": ("mssql", "writes what it selects (INTO)"),
    "select * from o for update": ("postgresql", "locks rows"),
    "select * from o lock in share mode": ("mysql", "locks rows"),
    "select * from o with (updlock)": ("mssql", "locks rows"),
    "select * from o into outfile '/tmp/x'": ("mysql", "cannot be read as one SELECT"),
    "select 1 /*! into outfile '/tmp/x' */": ("mysql", "a comment that the database would run"),
    "select 1; drop table o": ("sqlite", "holds 2 statements"),
    "": ("sqlite", "holds no statements"),
    "-- nothing": ("sqlite", "holds no statements"),
    "delete from o": ("sqlite", "is no SELECT but DELETE"),
    "insert into o select * from p": ("sqlite", "is no SELECT but INSERT"),
    "update o set a = 1": ("sqlite", "is no SELECT but UPDATE"),
    "truncate table o": ("postgresql", "is no SELECT but TRUNCATETABLE"),
    "create table p as select * from o": ("postgresql", "is no SELECT but CREATE"),
    "merge into x using y on a when matched then delete": ("postgresql", "is no SELECT but MERGE"),
    "explain analyze delete from o": ("postgresql", "is no SELECT but EXPLAIN"),
    "call p()": ("mysql", "is no SELECT but CALL"),
    "exec p": ("mssql", "is no SELECT but EXECUTE"),
    "copy o to program 'rm x'": ("postgresql", "is no SELECT but COPY"),
    "pragma journal_mode = delete": ("sqlite", "is no SELECT but PRAGMA"),
    "attach 'x' as y": ("sqlite", "is no SELECT but ATTACH"),
    "vacuum": ("sqlite", "is no SELECT but VACUUM"),
    "select nextval('s')": ("postgresql", "calls nextval"),
    "select pg_catalog.setval('s', 1)": ("postgresql", "calls setval"),
    "select pg_read_file('/etc/passwd')": ("postgresql", "calls pg_read_file"),
    "select lo_import('/etc/passwd')": ("postgresql", "calls lo_import"),
    "select * from dblink('x', 'y') as t(a int)": ("postgresql", "calls dblink"),
    "select a from o where set_config('a', 'b', false) = 'b'": ("postgresql", "calls set_config"),
    "select load_extension('x')": ("sqlite", "calls load_extension"),
    "select writefile('a', 'b')": ("sqlite", "calls writefile"),
    "select LOAD_FILE('/etc/passwd')": ("mysql", "calls LOAD_FILE"),
    "select sleep(5)": ("mysql", "calls sleep"),
    "select next value for s": ("mssql", "holds NEXTVALUEFOR"),
    "select s.nextval from dual": ("oracle", "draws from a sequence"),
    "select dbms_lock.sleep(1) from dual": ("oracle", "calls dbms_lock"),
    "select * from openquery(s, 'delete from o')": ("mssql", "calls openquery"),
    "select * from read_it('host=h password=x')": ("postgresql", "holds what looks like a password"),
}


@pytest.mark.parametrize("query", WRITES)
def test_what_may_change_a_database_is_refused(query: str) -> None:
    backend, said = WRITES[query]
    with pytest.raises(DataError) as error:
        guard(query, backend, "db")
    assert str(error.value).startswith("db: the query ")
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("query", "backend"),
    [
        ("select * from o", "sqlite"),
        ("select 订单编号 as order_id from 订单 where 状态 = '交易成功';", "sqlite"),
        ("with x as (select * from o) select a, count(*) from x group by 1 having count(*) > 2", "postgresql"),
        ("(select 1 as a) union all (select 2) order by 1", "postgresql"),
        ("select a::date, b->>'x', c at time zone 'UTC' from t where x ~ 'a' -- delete", "postgresql"),
        ("select distinct on (a) a, row_number() over (partition by b order by c) from t limit 5", "postgresql"),
        ("select `订单编号`, date_format(at, '%Y-%m-%d') from `订单` where note = 'drop table; delete'", "mysql"),
        ("select top 5 [a b], convert(varchar(10), at, 120) from dbo.o with (nolock)", "mssql"),
        ("select a, replace(b, 'x', 'y'), update_time, deleted from o", "mysql"),
        ("from o select a", "duckdb"),
        ("select a from o", "nosuchdialect"),
    ],
)
def test_a_plain_select_passes(query: str, backend: str) -> None:
    guard(query, backend, "db")


def test_text_with_colons_and_percent_signs_stays_text(shop: Path) -> None:
    query = "select *, ' :x' as a from o where at like '%09:05%' and user_id <> ':u1'"
    assert read_query(Source(url="sqlite:///shop.db", query=query), shop).frame.column("a").to_pylist() == [" :x"]


@pytest.mark.parametrize("query", ["drop table o", "delete from o", "update o set amount = 0", "create table p (a)"])
def test_sqlite_itself_refuses_to_write(query: str, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "guard", lambda *_: None)
    with pytest.raises(DataError, match="attempt to write a readonly database"):
        read_query(Source(url="sqlite:///shop.db", query=query), shop)
    assert rows(shop) == 1


def test_a_sqlite_file_that_says_how_to_open_it_is_opened_read_only_all_the_same(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "guard", lambda *_: None)
    with pytest.raises(DataError, match="attempt to write a readonly database"):
        read_query(Source(url="sqlite:///file:shop.db?mode=rwc&uri=true", query="drop table o"), shop)
    assert rows(shop) == 1


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) as a from n"
SLOW = "select count(*) as a from o " + " ".join(f"cross join o o{i}" for i in range(40))
"""2^41 rows: no server counts them within a second."""
OVER = (
    "the query took over 1 second. Ask for less at once, let the database keep an index for it, or raise most_seconds."
)


def test_a_query_that_takes_too_long_is_stopped(shop: Path) -> None:
    started = time.monotonic()
    with pytest.raises(DataError) as error:
        read_query(Source(url="sqlite:///shop.db", query=ENDLESS, most_seconds=1), shop)
    assert str(error.value) == f"sqlite:///shop.db: {OVER}"
    assert time.monotonic() - started < 10
    assert rows(shop) == 1


def test_a_mistake_before_the_time_is_over_is_told_as_such(shop: Path) -> None:
    with pytest.raises(DataError, match="no such column: colour"):
        read_query(Source(url="sqlite:///shop.db", query="select colour from o", most_seconds=1), shop)


@pytest.mark.skipif(not SERVERS, reason="REACHBOOK_TEST_SERVERS names no server")
@pytest.mark.parametrize("url", SERVERS)
class TestServers:
    """Servers with a table o of two rows and a function boom() that deletes them; user and password in the URL."""

    def read(self, url: str, query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = read_query(Source(url=url, query=query), Path()).frame.to_pylist()
        return found

    def test_a_select_is_read(self, url: str) -> None:
        query = "select order_id, amount from o where user_id <> ':x' and user_id like '%u%' order by 1"
        assert [int(row["order_id"]) for row in self.read(url, query)] == [1, 2]

    def test_a_function_that_deletes_finds_a_read_only_session(self, url: str) -> None:
        with pytest.raises(DataError, match=r"(?i)read.only transaction"):
            self.read(url, "select boom() as b")
        assert len(self.read(url, "select * from o")) == 2

    @pytest.mark.parametrize("query", ["drop table o", "delete from o", "update o set amount = 0"])
    def test_the_session_itself_refuses_to_write(self, url: str, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database, "guard", lambda *_: None)
        with pytest.raises(DataError, match=r"(?i)read.only transaction"):
            self.read(url, query)
        assert len(self.read(url, "select * from o")) == 2

    def test_a_query_that_takes_too_long_is_stopped(self, url: str) -> None:
        with pytest.raises(DataError, match=re.escape(OVER)):
            read_query(Source(url=url, query=SLOW, most_seconds=1), Path())
        assert len(self.read(url, "select * from o")) == 2

    def test_a_wrong_password_and_name_are_not_told(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        wrong = f"{scheme}://someone:{SECRET}@{rest.rpartition('@')[2]}"
        with pytest.raises(DataError) as error:
            self.read(wrong, "select 1 as a")
        assert SECRET not in str(error.value)
        assert "someone" not in str(error.value)
        assert "Mend the URL" in str(error.value)


URLS = {
    f"mysql://u:{SECRET}@host/db": "mysql://host/db",
    f"mysql://u:{SECRET}@:/x@host:3306/db": "mysql://host/db",
    f"postgresql://h/db?user=u&password={SECRET}": "postgresql://h/db",
    f"postgresql://h/db?pass={SECRET}": "postgresql://h/db",
    f"postgresql://h/db?pass=a@{SECRET}": "postgresql://",
    f"postgresql://u:a?{SECRET}@h/db": "postgresql://",
    f"postgresql://u:a#{SECRET}@h/db": "postgresql://",
    f"postgresql://u:my {SECRET}@h:5432/db": "postgresql://h/db",
    f"mssql+pyodbc:///?odbc_connect=DRIVER%3DX%3BPWD%3D{SECRET}": "mssql+pyodbc://",
    f"jdbc:sqlserver://h;user=u;password={SECRET}": "jdbc:sqlserver://",
    f"DRIVER=X;SERVER=h;PWD={SECRET}": "the URL",
    f"u:{SECRET}@h/db": "the URL",
    f"sqlite+pysqlcipher://:{SECRET}@/shop.db?cipher=x": "sqlite+pysqlcipher:///shop.db",
    f"https://hooks.example/{SECRET}": "https://hooks.example",
    f"s3://KEY:{SECRET}@bucket/key": "s3://bucket",
    f"snowflake://u:{SECRET}@account/db/schema?warehouse=w": "snowflake://account/db",
    "postgresql://${USER}:${PASSWORD}@${HOST}/db": "postgresql://${HOST}/db",
    "sqlite:///data/shop.db": "sqlite:///data/shop.db",
    "sqlite:////srv/my shop.db": "sqlite:////srv/my shop.db",
    "duckdb:///shop.duckdb": "duckdb:///shop.duckdb",
}


@pytest.mark.parametrize("url", URLS)
def test_of_a_url_only_scheme_host_and_database_are_told(url: str) -> None:
    assert shown_url(url) == URLS[url]
    if SECRET in url:
        assert SECRET not in shown_url(url)
        with pytest.raises(DataError) as error:
            read_query(Source(url=url, query="select 1 as a"), Path())
        assert SECRET not in str(error.value)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "table",
    [
        {"url": [f"postgresql://u:{SECRET}@h/db"], "query": "select 1"},
        {"url": {"host": "h", "password": SECRET}, "query": "select 1"},
        {"path": f"postgresql://u:{SECRET}@h/db"},
        {"path": [f"postgresql://u:{SECRET}@h/db"]},
        {"path": f"DRIVER=x;PWD={SECRET}"},
        {"files": {"a": f"mysql://u:{SECRET}@h/d"}, "sql": "x.sql"},
        {"files": f"mysql://u:{SECRET}@h/d", "sql": "x.sql"},
        {f"postgresql://u:{SECRET}@h/db": 1},
        f"postgresql://u:{SECRET}@h/db",
    ],
)
def test_a_url_in_a_wrong_place_of_study_yaml_is_not_told(table: object) -> None:
    study = {
        "title": "x",
        "period": {"start": "2026-07-01", "end": "2026-07-02"},
        "notebooks": ["a"],
        "tables": {"orders": table},
    }
    with pytest.raises(ParamsError) as error:
        validated(Document(study, {(): "study.yaml:1"}), StudySpec)
    assert SECRET not in str(error.value)


def test_what_a_driver_says_is_told_without_secrets() -> None:
    said = f"could not connect to mysql://u:{SECRET}@h:3/d (password={SECRET} user='u')"
    assert redacted(said) == "could not connect to mysql://h/d (password=*** user=***)"
    assert redacted("no a in table at", ["a"]) == "no *** in table at"


def test_facts_and_records_hold_only_the_place(shop: Path) -> None:
    from reachbook.engine.make import study_spec

    url = "sqlite:///shop.db?timeout=7&secret=hunter22"
    raw = read_query(Source(url=url, query="select * from o"), shop)
    assert raw.facts["source"] == raw.place == "sqlite:///shop.db"
    assert SECRET not in json.dumps(raw.facts)
    spec = StudySpec.model_construct(tables={"orders": Source(url=url, query="select * from o")})
    job = type("Job", (), {"file": type("File", (), {"spec": spec})})
    assert SECRET not in json.dumps(study_spec(job), default=str)  # type: ignore[arg-type]
