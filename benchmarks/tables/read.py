"""Reading a large export, beside DuckDB's own reader: wall seconds, CPU seconds and peak memory.

python benchmarks/tables/read.py [rows] [repeats]

An export of orders as a shop writes it: Chinese names, GB18030, ids of 19 digits, times in milliseconds since 1970,
amounts with ¥, counts with 万. Ours checks every cell, notices totals, refunds and odd ids, and stores Parquet. DuckDB
reads every column as text and casts in SQL, without any check, and stores Parquet too; it gets the same file in UTF-8,
since its reader knows GB18030 only through an extension that has to be downloaded. Each run is a process of its own;
both take turns.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

ROWS, REPEATS = 5_000_000, 3
BLOCK = 100_000
HEADER = "订单编号,买家会员名,创建时间,实际支付金额,宝贝总数量,订单状态"
COLUMNS = {
    "order_id": "订单编号",
    "user_id": "买家会员名",
    "at": "创建时间",
    "amount": "实际支付金额",
    "items": "宝贝总数量",
}
SQL = """
copy (
  select "订单编号" as order_id, "买家会员名" as user_id,
    epoch_ms(cast("创建时间" as bigint)) + interval 8 hour as "at",
    cast(replace("实际支付金额", '¥', '') as decimal(18, 6)) as amount,
    case when "宝贝总数量" like '%万' then cast(replace("宝贝总数量", '万', '') as double) * 10000
      else cast("宝贝总数量" as double) end as items, "订单状态"
  from read_csv('{source}', all_varchar = true, header = true, delim = ',')
) to '{target}' (format parquet, compression zstd)
"""


def write(path: Path, rows: int) -> None:
    """Write the export in GB18030, and beside it in UTF-8."""
    import numpy as np

    rng = np.random.default_rng(7)
    with path.open("w", encoding="gb18030") as office, path.with_suffix(".utf8").open("w", encoding="utf-8") as plain:
        for out in (office, plain):
            out.write(HEADER + "\n")
        for start in range(0, rows, BLOCK):
            n = min(BLOCK, rows - start)
            people, cents = rng.integers(0, 400_000, n), rng.integers(100, 90_000, n)
            times, counts = 1_782_864_000_000 + rng.integers(0, 7_000_000_000, n), rng.integers(1, 9, n)
            many, states = rng.random(n) < 0.02, rng.random(n) < 0.9
            text = "".join(
                f"{3_912_345_678_900_000_000 + start + i},买家{people[i]},{times[i]},¥{cents[i] / 100:.2f},"
                f"{f'{counts[i] / 10}万' if many[i] else counts[i]},{'交易成功' if states[i] else '卖家已发货'}\n"
                for i in range(n)
            )
            office.write(text)
            plain.write(text)


def ours(path: Path, folder: Path) -> int:
    """Read, check and store with Reachbook."""
    from reachbook.tables.source import Source
    from reachbook.tables.store import checked

    source = Source(
        path=path.name, columns=COLUMNS, formats={"at": "epoch_ms"}, numbers={"amount": "currency", "items": "rounded"}
    )
    return checked("orders", source, path.parent, folder, "Asia/Shanghai", datetime(2027, 1, 1), "CNY").rows


def duckdb(path: Path, folder: Path) -> int:
    """Read, cast and store with DuckDB."""
    import duckdb as database

    target = folder / "orders.parquet"
    database.execute(SQL.format(source=path.with_suffix(".utf8"), target=target))
    return int(database.execute(f"select count(*) from '{target}'").fetchall()[0][0])


def run(who: str, path: Path) -> dict[str, float]:
    """Seconds and peak memory of one reader in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "one", who, str(path)], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def one(who: str, path: Path) -> None:
    """What the process does: read once, print what it took."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        rows = {"ours": ours, "duckdb": duckdb}[who](path, Path(folder))
    wall, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20
    print(json.dumps({"rows": rows, "wall": wall, "cpu": cpu, "memory": memory}))


def main(rows: int, repeats: int) -> None:
    """Print the medians of both, and their ratios."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        write(path, rows)
        print(f"{rows:,} rows, {path.stat().st_size / 2**20:,.0f} MB in GB18030")
        found = [{who: run(who, path) for who in ("ours", "duckdb")} for _ in range(repeats)]
    for who in ("ours", "duckdb"):
        wall, cpu, memory = (statistics.median(each[who][key] for each in found) for key in ("wall", "cpu", "memory"))
        print(f"{who:<8} wall {wall:6.1f} s   CPU {cpu:6.1f} s   peak {memory:5.2f} GB")
    for key in ("wall", "cpu"):
        print(f"ratio of {key}: {statistics.median(each['ours'][key] / each['duckdb'][key] for each in found):.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        main(*(int(each) for each in (*sys.argv[1:], *(ROWS, REPEATS)[len(sys.argv) - 1 :])))
