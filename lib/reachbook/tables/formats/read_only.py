"""Read-only access to databases: a single SELECT, over a connection opened read-only where that is supported."""

import logging
import re
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING
from urllib.parse import quote

import sqlglot
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.pool import NullPool
from sqlglot import exp
from sqlglot.errors import SqlglotError

from reachbook.errors import DataError
from reachbook.tables.address import holds_secret
from reachbook.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DIALECTS = {
    "postgresql": "postgres", "cockroachdb": "postgres", "mysql": "mysql", "mariadb": "mysql", "mssql": "tsql",
    "awsathena": "athena", "postgres": "postgres",
}  # fmt: skip
_WRITES = (
    exp.DML, exp.DDL, exp.Command, exp.Into, exp.Lock, exp.Drop, exp.Alter, exp.TruncateTable, exp.Set, exp.Pragma,
    exp.Attach, exp.Detach, exp.Execute, exp.Use, exp.Transaction, exp.Commit, exp.Rollback, exp.Kill, exp.Analyze,
    exp.Grant, exp.LoadData, exp.NextValueFor,
)  # fmt: skip
_FUNCTIONS = re.compile(
    r"nextval|setval|set_config|dblink\w*|query_to_xml\w*|lo_\w+"
    r"|pg_(read|ls|stat_file|file|terminate|cancel|reload|rotate|notify|advisory|try_advisory|logical|create|drop|switch"
    r"|promote|sleep|backup|start|stop|wal_replay|stat_reset|replication|import|export)\w*"
    r"|load_extension|writefile|readfile|edit|load_file|sleep|benchmark|get_lock|release_\w*locks?|sys_(exec|eval)"
    r"|master_pos_wait|openrowset|openquery|opendatasource|xp_\w+|(postgres|mysql)_(execute|query)",
    re.IGNORECASE,
)
_PACKAGES = re.compile(r"(dbms|utl)_\w+", re.IGNORECASE)
_LOCKS = re.compile(r"(upd|x)lock|tablockx?|paglock|rowlock|holdlock|serializable", re.IGNORECASE)
_SESSION = {
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "sqlite": "PRAGMA query_only = ON",
    "oracle": "SET TRANSACTION READ ONLY",
    "duckdb": "SET enable_external_access = false",
}

_LONGEST = {
    "postgresql": "SET statement_timeout = {milliseconds}",
    "mysql": "SET SESSION max_execution_time = {milliseconds}",
    "mariadb": "SET SESSION max_statement_time = {seconds}",
}
"""How a session is told after how long a statement ends."""
_WAITING = ("psycopg", "psycopg2", "pymysql", "mysqldb")
"""Drivers that can be told how long to wait for a server."""


def guard(query: str, backend: str, place: str) -> None:
    """Check, without asking the database, that `query` is one SELECT that changes nothing.

    Parameters
    ----------
    backend : str
        SQLAlchemy's name of the database, which determines the dialect.

    Raises
    ------
    DataError
        The query cannot be parsed, does more than read, or holds a password.
    """
    dialect = _DIALECTS.get(backend, backend)
    statements = _parsed(query, dialect if dialect in sqlglot.Dialect.classes else "", place)
    if len(statements) != 1:
        raise DataError(
            f"{place}: "
            + (
                tr("the query holds {n} statements. Write one SELECT.", n=len(statements))
                if statements
                else tr("the query holds no statements. Write one SELECT.")
            )
        )
    what = _change(statements[0]) or _hidden_comment(query, dialect)
    if what:
        raise DataError(
            f"{place}: "
            + tr("the query {what}; a source may only read. Write one SELECT. The database was not asked.", what=what)
        )
    if any(holds_secret(str(text.this)) for text in statements[0].find_all(exp.Literal) if text.is_string):
        raise DataError(
            f"{place}: "
            + tr(
                "the query holds what looks like a password, and queries are kept with reports. Let the "
                "database make that connection, and select from its view."
            )
        )


def _parsed(query: str, dialect: str, place: str) -> list[exp.Expr]:
    logger = logging.getLogger("sqlglot")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        return [each for each in sqlglot.parse(query, read=dialect) if each is not None]
    except (SqlglotError, RecursionError) as error:
        first: dict[str, object] = next(iter(getattr(error, "errors", [])), {})
        at = tr(" (line {line}, column {column})", line=first["line"], column=first["col"]) if first.get("line") else ""
        raise DataError(
            f"{place}: "
            + tr(
                "the query cannot be read as one SELECT{at}. Mend it, or make a view of it in the "
                "database and select from that. The database was not asked.",
                at=at,
            )
        ) from None
    finally:
        logger.setLevel(level)


def _change(statement: exp.Expr) -> str:
    """Describe what a statement does besides reading, as the end of a sentence; "" if it only reads."""
    if not isinstance(statement, (exp.Query, exp.Pivot, exp.Values)):
        name = statement.name if isinstance(statement, exp.Command) else statement.key
        return tr("is no SELECT but {name}", name=name.upper())
    return next(_changes(statement), "")


def _changes(statement: exp.Expr) -> "Iterator[str]":
    for node in statement.walk():
        if isinstance(node, exp.Into):
            yield tr("writes what it selects (INTO)")
        elif isinstance(node, exp.Lock) or (isinstance(node, exp.WithTableHint) and _LOCKS.search(node.sql("tsql"))):
            yield tr("locks rows")
        elif isinstance(node, _WRITES):
            yield tr("holds {what}", what=node.key.upper())
        elif isinstance(node, exp.Func) and _FUNCTIONS.fullmatch(_name(node)):
            yield tr("calls {name}, which may do more than read", name=_name(node))
        elif isinstance(node, exp.Identifier) and _PACKAGES.fullmatch(node.name):
            yield tr("calls {name}, which may do more than read", name=node.name)
        elif isinstance(node, exp.Column) and node.table and node.name.casefold() == "nextval":
            yield tr("draws from a sequence")


def _name(function: exp.Func) -> str:
    return function.name if isinstance(function, exp.Anonymous) else function.sql_name()


def _hidden_comment(query: str, dialect: str) -> str:
    """Report a comment that MySQL would execute: /*! ... */."""
    return (
        tr("holds a comment that the database would run (/*!)")
        if dialect == "mysql" and "/*" in query and (re.search(r"/\*M?!", query))
        else ""
    )


def engine(url: URL, seconds: int) -> Engine:
    """Create an engine whose connections are opened read-only, and within `seconds`, where the driver supports it."""
    backend, file = url.get_backend_name(), url.database or ""
    if backend == "sqlite" and url.get_driver_name() == "pysqlite" and file not in ("", ":memory:"):
        address = f"file:{quote(str(Path(file)))}?mode=ro"
        return create_engine(url.set(query={}), poolclass=NullPool, creator=lambda: sqlite3.connect(address, uri=True))
    if backend == "duckdb" and file not in ("", ":memory:"):
        return create_engine(url, poolclass=NullPool, connect_args={"read_only": True})
    waits = url.get_driver_name() in _WAITING and "connect_timeout" not in url.query
    return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": seconds} if waits else {})


def settle(connection: Connection, seconds: int) -> None:
    """Make the session read-only, and its statements end after so many seconds, where the database supports that; the
    caller never commits a change.
    """
    name = "mariadb" if getattr(connection.dialect, "is_mariadb", False) else connection.dialect.name
    orders = [order for order in (_LONGEST.get(name), _SESSION.get(name)) if order]
    for order in orders:
        connection.exec_driver_sql(order.format(seconds=seconds, milliseconds=1000 * seconds))
    if orders and name != "oracle":  # where it holds for the transaction that has just begun
        connection.commit()


@contextmanager
def stopwatch(connection: Connection, seconds: int) -> "Iterator[Callable[[], bool]]":
    """Interrupt what runs on the connection after so many seconds, where the driver can do so by itself.

    Yields
    ------
    callable
        Whether the time is over.
    """
    end, driver = time.monotonic() + seconds, connection.connection.driver_connection
    timer = Timer(seconds, getattr(driver, "interrupt", lambda: None))
    timer.daemon = True
    timer.start()
    try:
        yield lambda: time.monotonic() >= end
    finally:
        timer.cancel()
