"""Run a .sql file on DuckDB (default) or Spark; only its result becomes a frame."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reachbook.errors import RunError
from reachbook.translation import tr

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Engine = Literal["duckdb", "spark"]


class Sql(str):
    """Text that is safe to insert into a query as it is."""


def run(
    sql: str | Path,
    tables: "Mapping[str, Path | pa.Table]",
    parameters: Mapping[str, object] | None = None,
    *,
    engine: Engine = "duckdb",
) -> "pd.DataFrame":
    """Run a query over named tables and return its result as a frame.

    Parameters
    ----------
    sql : str or Path
        The query, or the file that holds it, in DuckDB's dialect: a Jinja2 template, so that columns can follow
        parameters, as in `{% for p in platforms %} ... {% endfor %}`.
    tables : mapping of str to Path or pyarrow.Table
        Parquet file or Arrow table by its name in the query.
    parameters : mapping of str to object or None
        Values for the template and for `$name`. They enter the template's text only through the filters `literal` (a
        quoted value) and `identifier` (a quoted name); `$name` is bound by the engine and never becomes text.

    Returns
    -------
    pandas.DataFrame
        Decimals are float64, or int64 at scale 0 where they fit; times and dates are naive datetime64[us]; text is
        `str`. Rows come in the order of the query's ORDER BY, from a single thread: the same every time.

    Raises
    ------
    RunError
        The query cannot be rendered or run.
    """
    return frame(arrow(sql, tables, parameters, engine=engine))


def arrow(
    sql: str | Path,
    tables: "Mapping[str, Path | pa.Table]",
    parameters: Mapping[str, object] | None = None,
    *,
    engine: Engine = "duckdb",
) -> "pa.Table":
    """Run a query like `run`, and return an Arrow table with the engine's own types."""
    text = sql.read_text("utf-8") if isinstance(sql, Path) else sql
    place = sql.name if isinstance(sql, Path) else "query"
    parameters = parameters or {}
    rendered = render(text, parameters, place)
    return (_spark if engine == "spark" else _duckdb)(rendered, tables, parameters, place)


def render(text: str, parameters: Mapping[str, object], place: str = "query") -> str:
    """Fill in the template.

    Raises
    ------
    RunError
        A name is unknown, or a value did not pass through a quoting filter.
    """
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined, finalize=_only_quoted, autoescape=False
    )
    environment.filters |= {"literal": lambda v: literal(_defined(v)), "identifier": lambda v: identifier(_defined(v))}
    try:
        return environment.from_string(text).render(**parameters)
    except jinja2.TemplateError as error:
        line = getattr(error, "lineno", None)
        raise RunError(f"{place}{f':{line}' if line else ''}: {error}") from None
    except (TypeError, ValueError) as error:
        raise RunError(f"{place}: {error}") from None


def _defined(value: object) -> object:
    """Return the value; an unknown name raises here instead of being quoted."""
    import jinja2

    if isinstance(value, jinja2.Undefined):
        raise jinja2.UndefinedError(str(getattr(value, "_undefined_message", tr("unknown name"))))
    return value


def literal(value: object) -> Sql:
    """Format a value as safely quoted SQL text; a list becomes a parenthesis for IN.

    Raises
    ------
    ValueError
        A number is not finite, or a text holds a NUL character.
    TypeError
        The value's type has no SQL literal.
    """
    match value:
        case None:
            return Sql("NULL")
        case bool():
            return Sql("TRUE" if value else "FALSE")
        case float() if value != value or value in (float("inf"), float("-inf")):
            raise ValueError(tr("{value} has no SQL literal. Leave it out, or use None for missing.", value=value))
        case int() | float() | Decimal():
            return Sql(str(value))
        case dt.datetime():
            return Sql(f"TIMESTAMP '{value.replace(tzinfo=None).isoformat(' ')}'")
        case dt.date():
            return Sql(f"DATE '{value.isoformat()}'")
        case str() if "\x00" in value:
            raise ValueError(tr("a text with a NUL character cannot stand in SQL. Take the character out."))
        case str():
            return Sql("'" + value.replace("'", "''") + "'")
        case list() | tuple() | set() | frozenset():
            return _in_list(sorted(value, key=str) if isinstance(value, (set, frozenset)) else value)
        case _:
            raise TypeError(
                tr(
                    "a {kind} has no SQL literal. Pass a text, number, date or a list of them.",
                    kind=type(value).__name__,
                )
            )


def _in_list(values: Iterable[object]) -> Sql:
    inside = ", ".join(literal(v) for v in values)
    return Sql(f"({inside or 'NULL'})")


def identifier(value: object) -> Sql:
    """Quote the name of a column or table.

    Raises
    ------
    ValueError
        The name is empty, not text, or holds a NUL character.
    """
    if not isinstance(value, str) or not value or "\x00" in value:
        raise ValueError(tr("{value!r} cannot name a column. Give a text that is not empty.", value=value))
    return Sql('"' + value.replace('"', '""') + '"')


def _only_quoted(value: Any) -> Any:
    """Allow `{{ ... }}` to print only quoted text, integers and separators."""
    import jinja2

    if isinstance(value, (Sql, int, jinja2.Undefined)) or (isinstance(value, str) and not value.strip(", \n")):
        return value
    raise ValueError(
        tr(
            "{{{{ ... }}}} would put {value!r} into the query as it is. Write {{{{ ... | literal }}}} for a value, "
            "{{{{ ... | identifier }}}} for a name.",
            value=value,
        )
    )


def _duckdb(
    sql: str, tables: "Mapping[str, Path | pa.Table]", parameters: Mapping[str, object], place: str
) -> "pa.Table":
    import duckdb

    with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET preserve_insertion_order = true")
        files = [str(path) for path in tables.values() if isinstance(path, Path)]
        for name, table in tables.items():
            if isinstance(table, Path):
                connection.execute(f"CREATE VIEW {identifier(name)} AS FROM read_parquet({literal(str(table))})")
            else:
                connection.register(name, table)
        # A query that opens files of its own would escape the hash of its inputs.
        connection.execute(f"SET allowed_paths = [{', '.join(literal(file) for file in files)}]")
        connection.execute("SET enable_external_access = false")
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise RunError(
                    f"{place}: "
                    + tr(
                        "a query is one SELECT, but here are statements of another kind or number ({n}). "
                        "Keep one SELECT.",
                        n=len(statements),
                    )
                )
            bound = {n: parameters[n] for n in statements[0].named_parameters if n in parameters}
            return connection.sql(sql, params=bound).to_arrow_table()
        except duckdb.Error as error:
            raise RunError(f"{place}: {' '.join(str(error).split())}") from None


def transpile(sql: str) -> str:
    """Translate SQL from DuckDB's dialect into Spark's."""
    import sqlglot

    return sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]


def _spark(
    sql: str, tables: "Mapping[str, Path | pa.Table]", parameters: Mapping[str, object], place: str
) -> "pa.Table":
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise RunError(
            f"{place}: " + tr("Spark is not installed. Install the extra `reachbook[spark]`, or keep `engine: duckdb`.")
        ) from None
    session = (
        SparkSession.builder.master("local[1]")
        .appName("reachbook")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    for name, table in tables.items():
        data = session.read.parquet(str(table)) if isinstance(table, Path) else session.createDataFrame(table)
        data.createOrReplaceTempView(name)
    bound = {n: v for n, v in parameters.items() if re.search(rf"\${re.escape(n)}\b", sql)}
    return session.sql(transpile(sql), args=bound).toArrow()


def frame(table: "pa.Table") -> "pd.DataFrame":
    """Convert an Arrow table to a frame, with the types described in `run`."""
    import pyarrow as pa

    plain = {name: _plain(column) for name, column in zip(table.column_names, table.columns, strict=True)}
    made: pd.DataFrame = pa.table(plain).to_pandas()
    return made


def _plain(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    import pyarrow as pa

    kind = column.type
    if pa.types.is_decimal(kind) and kind.scale == 0:
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            return column.cast(pa.float64())
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    return column.cast(pa.timestamp("us")) if pa.types.is_date(kind) or pa.types.is_timestamp(kind) else column
