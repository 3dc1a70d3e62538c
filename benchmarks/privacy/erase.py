"""Erasing 1,000 people from a study, beside one clean read of the same exports: wall seconds, CPU seconds, memory.

python benchmarks/privacy/erase.py [people] [repeats] [basis]

Each person stands in the tables users, orders and interactions, with one row in each of the first two and two in the
last; nine of ten have consented, and with the basis "consent" the others leave. A clean read reads, checks and stores
all three in an empty cache. The erasure then looks through what was stored, writes the list of hashes, withdraws the
version that read these tables, and stores them anew without the people. Next is a read, and last a read in an empty
cache, as of a new export, in which each id is hashed, since the list holds no ids. Each is a process of its own, in
turn.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEOPLE, ERASED, REPEATS, BASIS = 1_000_000, 1_000, 3, ""
BLOCK = 100_000
STUDY = """\
title: People
period: {start: 2026-07-01, end: 2026-09-30}
notebooks: [count]
privacy: {BASIS}
tables:
  users: {path: data/users.csv}
  orders: {path: data/orders.csv}
  interactions: {path: data/interactions.csv}
"""
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"reachbook": {"title": "How many?", "tables": ["users", "orders", "interactions"]}},
    "cells": [],
}
STEPS = {
    "read": "one clean read",
    "erase": f"erasing {ERASED:,}",
    "again": "the next read",
    "anew": "an empty cache",
}


def project(root: Path, people: int, basis: str) -> tuple[int, int]:
    """Write the study, its exports, and the ids to be erased; the rows to be read before and after the erasure."""
    import numpy as np

    rng = np.random.default_rng(7)
    for folder in ("params/people", "notebooks", "data"):
        (root / folder).mkdir(parents=True)
    (root / "params/people/study.yaml").write_text(
        STUDY.replace("BASIS", f"basis: {basis}, purpose: measuring" if basis else ""), encoding="utf-8"
    )
    (root / "notebooks/count.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    heads = {
        "users": "user_id,age_band,city_tier,consent",
        "orders": "order_id,user_id,at,amount",
        "interactions": "user_id,platform,kind,at",
    }
    outs = {name: (root / f"data/{name}.csv").open("w", encoding="utf-8") for name in heads}
    for name, out in outs.items():
        out.write(heads[name] + "\n")
    stays = np.ones(people, dtype=bool)
    for start in range(0, people, BLOCK):
        n = min(BLOCK, people - start)
        ids = [f"member-{each:09d}" for each in range(start, start + n)]
        ages, days, hours = rng.integers(0, 5, n), rng.integers(1, 29, n), rng.integers(0, 24, n)
        cents, said = rng.integers(100, 90_000, n), rng.random(n) < 0.9
        if basis == "consent":
            stays[start : start + n] = said
        at = [f"2026-07-{day:02d} {hour:02d}:15:00" for day, hour in zip(days, hours, strict=True)]
        outs["users"].writelines(
            f"{i},{20 + 10 * a}+,tier_{a},{'是' if yes else '否'}\n" for i, a, yes in zip(ids, ages, said, strict=True)
        )
        outs["orders"].writelines(f"o{start + k},{i},{at[k]},{cents[k] / 100:.2f}\n" for k, i in enumerate(ids))
        outs["interactions"].writelines(
            f"{i},douyin,view,{at[k]}\n{i},weibo,like,{at[-k]}\n" for k, i in enumerate(ids)
        )
    for out in outs.values():
        out.close()
    chosen = rng.choice(people, ERASED, replace=False)
    (root / "ids.txt").write_text("".join(f"member-{each:09d}\n" for each in chosen), encoding="utf-8")
    return 4 * int(stays.sum()), 4 * int(stays.sum() - stays[chosen].sum())


def fresh(root: Path) -> None:
    """Take away what earlier steps have left."""
    for folder in (".cache", "reports"):
        shutil.rmtree(root / folder, ignore_errors=True)
    for name in ("forget.csv", "erasures.csv"):
        (root / "params/people" / name).unlink(missing_ok=True)


def read(root: Path) -> int:
    """Read, check and store every table; the rows of all."""
    from reachbook.study import files
    from reachbook.study.data import Data

    data = Data(files.load(root, "people"))
    return sum(data[name].rows for name in data)


def erase(root: Path) -> int:
    """Erase the people; the versions withdrawn."""
    from reachbook.engine.erasure.erase import erase as erased

    return sum(line.startswith("withdrawn ") for line in erased(root, "people", "ids.txt", "benchmark"))


def publish(root: Path) -> None:
    """Leave a version that has read the tables as they are in the cache, so that there is something to withdraw."""
    from reachbook.engine.page import provenance

    facts = [json.loads(path.read_text("utf-8"))["facts"] for path in sorted((root / ".cache/tables").glob("*.json"))]
    names = sorted(path.name.partition("-")[0] for path in (root / ".cache/tables").glob("*.json"))
    study = {"name": "people", "title": "People", "notice": "", "currency": "CNY", "language": "en"}
    inputs = {
        "study": study | {"period": {"start": "2026-07-01", "end": "2026-09-30"}},
        "notebook": {"name": "count", "title": "How many?", "cells": ""},
        "parameters": {},
        "tables": dict(zip(names, facts, strict=True)),
        "modules": {},
        "upstream": {},
        "lock": "",
        "python": "",
    }
    run = {"finished": "2026-10-01T00:00:00+00:00", "commit": ""}
    folder = root / "reports/people/count/0123456789ab"
    folder.mkdir(parents=True)
    provenance.write(
        folder, {"version": folder.name, "key": "k", "page": "", "failure": "", "inputs": inputs, "run": run}
    )


def timed(step: str, root: Path) -> dict[str, float]:
    """Seconds and peak memory of one step in a process of its own."""
    command = [sys.executable, __file__, "one", step, str(root)]
    surroundings = {**os.environ, "REACHBOOK_KEY": "0123456789abcdef" * 4}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=surroundings)
    return dict(json.loads(done.stdout))


def one(step: str, root: Path) -> None:
    """What the process does: the step, then print what it took."""
    began = time.perf_counter()
    count = {"read": read, "erase": erase, "again": read, "anew": read}[step](root)
    wall, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20
    print(json.dumps({"count": count, "wall": wall, "cpu": cpu, "memory": memory}))


def turn(root: Path, rows: tuple[int, int]) -> dict[str, dict[str, float]]:
    """All steps once; what they did must be right, or their time says nothing."""
    fresh(root)
    found = {"read": timed("read", root)}
    publish(root)
    found |= {step: timed(step, root) for step in ("erase", "again")}
    shutil.rmtree(root / ".cache")
    found["anew"] = timed("anew", root)
    counts = tuple(found[step]["count"] for step in STEPS)
    before, after = rows
    if counts != (before, 1, after, after):
        raise SystemExit(f"rows read, versions withdrawn, rows read again: {counts}, which is wrong")
    return found


def main(people: int, repeats: int, basis: str) -> None:
    """Print the medians of all steps, and what the erasure costs by the clean read of the same turn."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        rows = project(root, people, basis)
        size = sum(path.stat().st_size for path in (root / "data").iterdir())
        print(
            f"{people:,} people, {4 * people:,} rows in three tables, basis: {basis or 'none'}, {size / 2**20:,.0f} MB"
        )
        found = [turn(root, rows) for _ in range(repeats)]
    for step, name in STEPS.items():
        wall, cpu, memory = (statistics.median(each[step][key] for each in found) for key in ("wall", "cpu", "memory"))
        print(f"{name:<15} wall {wall:6.1f} s   CPU {cpu:6.1f} s   peak {memory:5.2f} GB")
    for step in ("erase", "again", "anew"):
        for key in ("wall", "cpu"):
            ratio = statistics.median(each[step][key] / each["read"][key] for each in found)
            print(f"{STEPS[step]} by one clean read, {key}: {ratio:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        stated = (*sys.argv[1:], *(PEOPLE, REPEATS, BASIS)[len(sys.argv) - 1 :])
        main(int(stated[0]), int(stated[1]), str(stated[2]))
