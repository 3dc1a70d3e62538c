"""The cache: content decides, nothing is read twice, nothing is seen by halves, nothing heavy is loaded in vain."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from helpers import package_copy
from helpers.clock import NOW
from reachbook import stamped
from reachbook.errors import DataError
from reachbook.tables import store
from reachbook.tables.source import Source
from reachbook.tables.store import Checked, checked, fingerprint

Make = Callable[..., str]
Check = Callable[..., Checked]


def age(path: Path, seconds: float = 10) -> None:
    """Make a file look settled."""
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_the_hash_follows_the_content_and_nothing_else(tmp_path: Path, orders: Make) -> None:
    first = fingerprint(Source(path=orders()), tmp_path, tmp_path / "c")
    assert fingerprint(Source(path=orders(name="copy.csv")), tmp_path, tmp_path / "d") == first
    age(tmp_path / "orders.csv")
    assert fingerprint(Source(path="orders.csv"), tmp_path, tmp_path / "c") == first
    orders("o1,u1,2026-07-01,1")
    assert fingerprint(Source(path="orders.csv"), tmp_path, tmp_path / "c") != first


def test_a_file_rewritten_within_the_clock_is_hashed_again(tmp_path: Path, orders: Make) -> None:
    source = Source(path=orders("o1,u1,2026-07-01,1"))
    before = fingerprint(source, tmp_path, tmp_path / "c")
    stamp = (tmp_path / "orders.csv").stat()
    orders("o1,u1,2026-07-01,2")
    os.utime(tmp_path / "orders.csv", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert fingerprint(source, tmp_path, tmp_path / "c") != before


def test_a_settled_file_is_hashed_once(tmp_path: Path, orders: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    source, cache = Source(path=orders()), tmp_path / "c"
    monkeypatch.setattr(stamped, "SETTLED_NS", 0)
    first = fingerprint(source, tmp_path, cache)
    book = json.loads((cache / "hashes.json").read_text())
    assert [entry[-1] for entry in book.values()] == [first]
    book[str(tmp_path / "orders.csv")][-1] = "known"
    (cache / "hashes.json").write_text(json.dumps(book))
    assert fingerprint(source, tmp_path, cache) == "known"


def test_a_young_file_is_not_remembered(tmp_path: Path, orders: Make) -> None:
    fingerprint(Source(path=orders()), tmp_path, tmp_path / "c")
    assert not (tmp_path / "c" / "hashes.json").exists()


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"x": 1}'])
def test_a_broken_stat_cache_is_as_good_as_none(broken: str, tmp_path: Path, orders: Make) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "hashes.json").write_text(broken)
    assert len(fingerprint(Source(path=orders()), tmp_path, tmp_path / "c")) == 64


def test_a_query_over_files_hashes_files_and_query(tmp_path: Path, orders: Make) -> None:
    (tmp_path / "o.sql").write_text("from o")
    source = Source(files={"o": orders()}, sql="o.sql")
    seen = {fingerprint(source, tmp_path, tmp_path / "c")}
    (tmp_path / "o.sql").write_text("from o order by 1")
    seen.add(fingerprint(source, tmp_path, tmp_path / "c"))
    orders("o1,u1,2026-07-01,1")
    seen.add(fingerprint(source, tmp_path, tmp_path / "c"))
    assert len(seen) == 3


def test_a_database_is_hashed_by_its_rows_whatever_their_order(tmp_path: Path) -> None:
    def hashed(rows: list[tuple[object, ...]], query: str = "select * from t") -> str:
        connection = sqlite3.connect(tmp_path / "x.db")
        connection.execute("drop table if exists t")
        connection.execute("create table t (a, b)")
        connection.executemany("insert into t values (?, ?)", rows)
        connection.commit()
        connection.close()
        return fingerprint(Source(url="sqlite:///x.db", query=query), tmp_path, tmp_path / "c")

    one = hashed([(1, "x"), (2, None)])
    assert hashed([(2, None), (1, "x")]) == one
    others = [hashed([(1, "x")]), hashed([(1, "x"), (1, "x")]), hashed([("1", "x"), (2, None)])]
    assert one not in [*others, hashed([(1, "x"), (2, None)], "select a, b from t")]


def test_checked_tables_are_read_once(orders: Make, check: Check) -> None:
    first = check("orders", path=orders())
    stamp = first.path.stat().st_mtime_ns
    again = check("orders", path="orders.csv")
    assert again == first
    assert again.path.stat().st_mtime_ns == stamp
    assert first.rows == 3
    assert first.facts["columns"]["order_id"] == "order_id"


def test_another_zone_mapping_or_content_is_another_table(orders: Make, check: Check) -> None:
    paths = {
        check("orders", path=orders()).path,
        check("orders", path="orders.csv", zone="UTC").path,
        check("orders", path="orders.csv", scale={"amount": 0.01}).path,
        check("orders", path=orders("o1,u1,2026-07-01,1")).path,
    }
    assert len(paths) == 4


def test_the_same_content_gives_the_same_bytes(orders: Make, tmp_path: Path) -> None:
    source = Source(path=orders())
    one = checked("orders", source, tmp_path, tmp_path / "c1", "UTC", NOW)
    two = checked("orders", source, tmp_path, tmp_path / "c2", "UTC", NOW)
    assert one.path.read_bytes() == two.path.read_bytes()
    assert one.path.name == two.path.name


def test_a_refused_table_leaves_nothing_behind(orders: Make, refuse: Make, tmp_path: Path) -> None:
    refuse("orders", path=orders("o1,u1,never,1"))
    assert not list((tmp_path / ".cache").rglob("*.parquet"))


def test_a_cached_table_whose_notes_are_lost_is_made_again(orders: Make, check: Check) -> None:
    first = check("orders", path=orders())
    first.path.with_suffix(".json").unlink()
    assert check("orders", path="orders.csv") == first
    first.path.unlink()
    assert pq.read_table(check("orders", path="orders.csv").path).num_rows == 3


def test_an_unknown_table_is_refused(orders: Make, refuse: Make) -> None:
    assert refuse("order", path=orders()).startswith("order: there is no such table. Tables are users, interactions,")


def test_facts_name_no_password_and_no_folder_of_this_machine(tmp_path: Path, orders: Make, check: Check) -> None:
    assert str(tmp_path) not in json.dumps(check("orders", path=orders()).facts)


def test_nothing_heavy_is_imported_while_nothing_changed(
    tmp_path: Path, orders: Make, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamped, "SETTLED_NS", 0)
    check("orders", path=orders())
    code = (
        "import sys; from datetime import datetime; from pathlib import Path;"
        "from reachbook.tables.source import Source; from reachbook.tables.store import checked;"
        f"root = Path({str(tmp_path)!r});"
        "source, zone = Source(path='orders.csv'), 'Asia/Shanghai';"
        "print(checked('orders', source, root, root / '.cache', zone, datetime.now()).rows);"
        "heavy = ('pandas', 'numpy', 'pyarrow', 'pandera', 'duckdb', 'sqlalchemy', 'jinja2');"
        "print([m for m in heavy if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split("\n")[:2] == ["3", "[]"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "exactly one of path, paths, parts, url or files; here: none"),
        ({"path": "a.csv", "url": "sqlite://", "query": "x"}, "here: path, url"),
        ({"url": "sqlite://"}, "url and query go together"),
        ({"files": {"a": "a.csv"}}, "files and sql go together"),
        ({"path": "a.csv", "timezone": "Shanghai"}, "'Shanghai' is not a time zone; write one like Asia/Shanghai"),
        ({"path": "a.csv", "encoding": "utf-99"}, "'utf-99' is not an encoding"),
        ({"path": "a.csv", "scale": {"amount": 0}}, "scale of amount is 0.0; it must be above zero"),
        ({"path": "a.csv", "delimiter": ", "}, "at most 1 character"),
        ({"path": "a.csv", "colums": {}}, "Extra inputs are not permitted"),
    ],
)
def test_a_source_says_one_thing_only(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match="validation error") as error:
        Source(**given)  # type: ignore[arg-type]
    assert said in str(error.value)


def test_a_table_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, orders: Make, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = orders()
    inner = store._check

    def slow(*arguments: object) -> object:
        result = inner(*arguments)  # type: ignore[arg-type]
        orders("o1,u1,2026-07-01,1", "o2,u1,2026-07-01,1")
        return result

    monkeypatch.setattr(store, "_check", slow)
    with pytest.raises(DataError, match=r"orders\.csv: changed while it was being read\. Run again"):
        check("orders", path=path)


def test_the_key_of_a_table_covers_all_that_reads_and_checks_it(tmp_path: Path) -> None:
    """Readers, currency and suspicions stand in folders of their own, the database's reader in query.py."""
    package = package_copy.copied(tmp_path)
    files = [*sorted((package / "tables").rglob("*.py")), package / "query.py"]
    assert {"delimited.py", "workbook.py", "totals.py", "times.py"} <= {path.name for path in files}
    assert package_copy.unnoticed(files, lambda: package_copy.key(package / "tables" / "store.py", "_own_source")) == []
