"""PostgreSQL and MariaDB as sources, on servers of their own that are started here and gone afterwards.

They are started where their programs and drivers are installed; the project installs none. benchmarks/tables/servers.sh
says which drivers, and runs the finer tests of tests/tables/formats/test_database.py against the same servers.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers.reliability import Trials
from helpers.runs import Runs, ended

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="servers as started on POSIX systems")
SECRET = "pw-reach"
ROWS = """
create table o (order_id int, user_id varchar(9), at timestamp, amount numeric(9, 2));
insert into o values (1, 'u1', '2026-07-01 09:05:00', 12), (2, 'u2', '2026-07-02 10:00:00', 3.1);
"""
STUDY = """\
title: Tiny
period: {{start: 2026-07-01, end: 2026-09-30}}
notebooks: [count]
tables:
  orders:
    url: {scheme}://reach:${{REACHBOOK_SHOP}}@127.0.0.1:{port}/{database}
    query: {query}
    most_seconds: 2
"""
ORDERS = "select order_id, user_id, at, amount from o"
SLOW = f"select o.* from o {' '.join(f'cross join o o{i}' for i in range(40))}"
KINDS = ("postgresql", "mysql")


def program(name: str) -> str:
    """A program of a server, wherever Debian keeps it; the test is skipped where there is none."""
    places = [*sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin"))), os.environ.get("PATH", ""), "/usr/sbin"]
    found = shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def driver(name: str) -> None:
    """Skip the test where a driver is not installed."""
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"the driver {name} is not installed; benchmarks/tables/servers.sh says how")


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def unprivileged(folder: Path) -> tuple[str, ...]:
    """Words before a command that start it as nobody, whose folder becomes; servers refuse to run as root."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("servers do not run as root, and there is no setpriv")
    shutil.chown(folder, 65534, 65534)
    return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


@contextmanager
def postgresql(folder: Path, port: int) -> Iterator[tuple[str, str]]:
    """A PostgreSQL with the table o; yields scheme and database."""
    driver("psycopg")
    server, make, shell, words = program("postgres"), program("initdb"), program("psql"), unprivileged(folder)
    (folder / "password").write_text(SECRET, "utf-8")
    data = str(folder / "data")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run([*words, make, "-D", data, "-U", "reach", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"],
                   **quiet)  # fmt: skip
    command = [*words, server, "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1",
               "-c", f"unix_socket_directories={folder}"]  # fmt: skip
    client = [shell, "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "reach", "postgres"]
    with serving(command, client, folder):
        yield "postgresql+psycopg", "postgres"


@contextmanager
def mysql(folder: Path, port: int) -> Iterator[tuple[str, str]]:
    """A MariaDB with the table o; yields scheme and database."""
    driver("pymysql")
    server, make, shell = program("mariadbd"), program("mariadb-install-db"), program("mariadb")
    words, data, base = unprivileged(folder), f"--datadir={folder / 'data'}", os.environ.get("REACHBOOK_MARIADB", "")
    places = [f"--basedir={base}"] if base else []
    subprocess.run([*words, make, "--no-defaults", data, *places, "--auth-root-authentication-method=normal"],
                   check=True, capture_output=True, cwd=folder)  # fmt: skip
    near = f"--socket={folder / 's.sock'}"
    command = [*words, server, "--no-defaults", data, *places, "--bind-address=127.0.0.1", f"--port={port}", near]
    client = [shell, "--no-defaults", near, "-u", "root", "-e"]
    with serving(command, [*client[:-1], "mysql"], folder):
        user = f"create user reach@localhost identified by '{SECRET}'; grant all on shop.* to reach@localhost"
        subprocess.run([*client, f"create database shop; {user}"], check=True)
        subprocess.run([*client, f"use shop; {ROWS}"], check=True)
        yield "mysql+pymysql", "shop"


@contextmanager
def serving(command: list[str], client: list[str], folder: Path) -> Iterator[None]:
    """Run a server while the block lasts; the client fills a PostgreSQL, and only asks a MariaDB."""
    rows = "select 1;" if "-u" in client else ROWS
    with (folder / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log, cwd=folder) as server:
        try:
            for _ in range(120):
                asked = subprocess.run(client, input=rows, text=True, capture_output=True, check=False,
                                       env=os.environ | {"PGPASSWORD": SECRET})  # fmt: skip
                if asked.returncode == 0:
                    break
                time.sleep(0.5)
            assert asked.returncode == 0, asked.stderr + (folder / "log").read_text("utf-8", "replace")
            yield
        finally:
            server.terminate()
            server.wait(60)


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_is_read_and_a_slow_query_stopped(
    kind: str, trial: Trials, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REACHBOOK_SHOP", SECRET)
    with tempfile.TemporaryDirectory(prefix="rb", dir="/tmp") as name:
        port = free_port()
        with {"postgresql": postgresql, "mysql": mysql}[kind](Path(name), port) as (scheme, database):
            place = {"scheme": scheme, "port": port, "database": database}
            runs.project.study("tiny", STUDY.format(query=ORDERS, **place))
            read = ended(runs.start("validate"))
            assert (read.code, read.err) == (0, "")
            assert "orders 2" in read.out
            runs.project.study("tiny", STUDY.format(query=SLOW, **place))
            slow = ended(runs.start("validate"))
            assert slow.code == 2
            assert "the query took over 2 seconds. Ask for less at once" in slow.err
        gone = ended(runs.start("validate"))
        assert gone.code == 2
        assert "Mend the URL, or see that the database can be reached from here." in gone.err
    said = "".join(each.out + each.err for each in (read, slow, gone))
    assert "Traceback" not in said
    leaked = said.count(SECRET) + sum(SECRET in path.read_text("utf-8", "replace") for path in written(runs))
    trial.record(f"{kind} on a real server: read, stopped when slow, gone", 3, 0, leaked=leaked)


def written(runs: Runs) -> list[Path]:
    """Every file of a project."""
    return [path for path in runs.project.root.rglob("*") if path.is_file()]
