"""Raw tables in which nobody belongs to any group: how often is structure claimed all the same?

    python benchmarks/segmentation/structureless.py [repetitions] [people,people,...] [stream]

Users, orders and interactions are drawn, pass through features.sql and the choice of segments as a study's do, and a
line is printed for each activity, length and size. A person's rates of ordering and of interacting are independent;
when, where and at which hour something happens is the same for all. A repetition is one of the tables named in
`TABLES`, in turn, with its own mean activity. The same file runs on commits before it.
"""

import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from quick import quick

from reachbook.segmentation import SegmentationSpec
from reachbook.segmentation.behaviour import Features, features
from reachbook.segmentation.segments import EVALUATED

STREAM = 911
"""Seeds on which nothing was chosen."""
START = date(2025, 1, 1)
MONTHS = (1, 2, 3, 12)
ACTIVITIES = ("poisson", "negative binomial", "one and done")
TABLES = (("orders",), ("orders", "interactions"), ("interactions",))
HOURS = np.array([3, 2, 1, 1, 1, 1, 2, 4, 5, 5, 6, 6, 7, 6, 5, 5, 5, 6, 7, 8, 9, 9, 8, 5], float)
PLATFORMS = {"douyin": 0.4, "xiaohongshu": 0.25, "wechat": 0.2, "weibo": 0.15}
KINDS = {"view": 0.6, "like": 0.2, "comment": 0.08, "collect": 0.07, "share": 0.05}


def numbers(rng: np.random.Generator, activity: str, people: int, mean: float) -> np.ndarray:
    """Events of each person in the period, shape (people,); `mean` a person (one and done: most of them have one)."""
    if activity == "one and done":
        return 1 + np.where(rng.random(people) < 0.8, 0, rng.geometric(0.5, people))
    rate = mean if activity == "poisson" else rng.gamma(0.7, mean / 0.7, people)
    return np.asarray(rng.poisson(rate, people))


def events(rng: np.random.Generator, number: np.ndarray, days: int) -> pd.DataFrame:
    """One row an event: user_id, at; days even over the period, hours by `HOURS`."""
    who = np.repeat(np.arange(len(number)), number)
    hour = rng.choice(24, len(who), p=HOURS / HOURS.sum())
    second = rng.integers(0, days, len(who)) * 86_400 + hour * 3_600 + rng.integers(0, 3_600, len(who))
    ids = pd.Series(who).map("u{:06d}".format)
    return pd.DataFrame({"user_id": ids, "at": pd.Timestamp(START) + pd.to_timedelta(second, unit="s")})


def pick(rng: np.random.Generator, weights: dict[str, float], size: int) -> np.ndarray:
    """Names drawn by weight."""
    return rng.choice(list(weights), size, p=list(weights.values()))


def tables(rng: np.random.Generator, activity: str, months: int, people: int, has: tuple[str, ...]) -> dict:
    """The frames of one audience without groups."""
    days = round(months * 30.4)
    made = {"users": pd.DataFrame({"user_id": [f"u{j:06d}" for j in range(people)]})}
    if "orders" in has:
        each = events(rng, numbers(rng, activity, people, months * rng.uniform(0.4, 1.5)), days)
        amount = np.exp(4.5 + rng.uniform(0.1, 0.9) * rng.standard_normal(len(each))).round(2)
        nothing = np.full(len(each), np.nan)
        made["orders"] = each.assign(order_id=np.arange(len(each)).astype(str), amount=amount, items=nothing,
                                     discount=nothing)  # fmt: skip
    if "interactions" in has:
        each = events(rng, numbers(rng, activity, people, months * np.exp(rng.uniform(0, 2))), days)
        made["interactions"] = each.assign(platform=pick(rng, PLATFORMS, len(each)), kind=pick(rng, KINDS, len(each)),
                                           content_id=pd.Series([None] * len(each), dtype="str"))  # fmt: skip
    return made


def people_of(made: dict, months: int) -> Features:
    """What features.sql and the rest make of the frames."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{name}.parquet" for name in made}
        for name, frame in made.items():
            frame.to_parquet(paths[name])
        return features(paths, SegmentationSpec(), START, START + timedelta(days=round(months * 30.4) - 1))


def segments_in(found: Features, seed: int) -> int:
    """Number of segments that the product would plan for; of many people it judges a sample, and so does this."""
    rows = np.random.default_rng([seed, 2]).permutation(len(found.frame))[:EVALUATED]
    return quick(found.clustered.iloc[np.sort(rows)], seed=seed)[0]


def main(repetitions: int, sizes: tuple[int, ...], stream: int) -> None:
    """Print one line a cell, then the whole."""
    print(f"{'activity':20s}{'months':>7s}{'people':>8s}{'segments claimed':>18s}{'of':>5s}{'seconds each':>14s}")
    wrong, cells = 0, 0
    for a, activity in enumerate(ACTIVITIES):
        for months in MONTHS:
            for people in sizes:
                begun, claimed = time.perf_counter(), []
                for r in range(repetitions):
                    rng = np.random.default_rng([stream, r, a, months, people])
                    found = people_of(tables(rng, activity, months, people, TABLES[r % len(TABLES)]), months)
                    claimed.append(segments_in(found, r + 1))
                each = (time.perf_counter() - begun) / repetitions
                count = sum(k > 0 for k in claimed)
                wrong, cells = wrong + count, cells + 1
                print(f"{activity:20s}{months:7d}{people:8d}{count:18d}{repetitions:5d}{each:14.1f}", flush=True)
    print(f"all: {wrong / cells / repetitions:.1%}")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 20, tuple(int(n) for n in (given[1:2] or ["500,5000,50000"])[0].split(",")),
         int(given[2]) if len(given) > 2 else STREAM)  # fmt: skip
