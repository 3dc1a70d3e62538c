"""Experiments: coverage and width of 95 % intervals, known cases, and a million units.

python benchmarks/effects/experiment.py [simulations a cell] [known | speed | conversion | revenue | other ...]

Effects of 0, 10 and 20 % take turns within a cell. "blocked" is the share of runs in which a gate says "do not act";
"acting" is the coverage of the others. Widths are mean widths over the oracle's, see experiment_worlds.py. Welch's
interval of units stands beside.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import experiment_worlds as worlds
import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.effects import EffectSpec, estimate

DATA = Path(__file__).parents[3] / "shared" / "data" / "campaign"
SIZES = (500, 2000, 20_000)
LIFTS = (0.0, 0.1, 0.2)
World = Callable[[np.random.Generator, float], tuple[pd.DataFrame, float, float]]


def cell(name: str, number: int, world: World, spec: EffectSpec | None = None) -> None:
    """One line: coverage of `number` simulations, its standard error, width, the gates' part, and Welch's interval."""
    inside, width, oracle, blocked, acting, seconds, peer = 0, 0.0, 0.0, 0, 0, 0.0, np.zeros(2)
    for r in range(number):
        table, truth, best = world(np.random.default_rng([r, 17]), LIFTS[r % len(LIFTS)])
        started = time.perf_counter()
        effect = estimate(table, spec, seed=r)
        seconds += time.perf_counter() - started
        low, high = effect.interval()
        hit = low <= truth <= high
        inside += hit
        width += high - low
        oracle += best
        blocked += not effect.passed
        acting += hit and effect.passed
        middle, half = _welch(table)
        peer += abs(truth - middle) <= half, 2 * half
    rate = inside / number
    kept = f"{acting / (number - blocked):8.3f}" if number > blocked else "       -"
    beside = "        -      -" if spec and spec.denominator else f"{peer[0] / number:9.3f}{peer[1] / oracle:7.2f}"
    print(
        f"{name:40s}{rate:9.3f} +- {np.sqrt(rate * (1 - rate) / number):.3f}{width / oracle:7.2f}"
        f"{blocked / number:9.3f}{kept}{seconds / number * 1000:5.0f} ms{beside}",
        flush=True,
    )


def _welch(table: pd.DataFrame) -> tuple[float, float]:
    """Difference in means of units and the half-width of its 95 % interval, normal with each arm's own variance."""
    arms = [table.outcome.to_numpy()[(table.arm == name).to_numpy()] for name in ("control", "treated")]
    error = np.hypot(*(each.std(ddof=1) / np.sqrt(len(each)) for each in arms))
    return float(arms[1].mean() - arms[0].mean()), float(error * norm.ppf(0.975))


def header(title: str) -> None:
    columns = ("coverage", 18), ("width", 7), ("blocked", 9), ("acting", 8), ("time", 8), ("Welch", 9), ("width", 7)
    print(f"\n{title}\n{'cell':40s}" + "".join(f"{name:>{width}s}" for name, width in columns))


def conversion(number: int) -> None:
    header("conversion, units in each arm")
    for p in (0.01, 0.03, 0.1):
        for n in SIZES:
            cell(f"{p:.0%}, n {n:,}", number, lambda rng, lift, n=n, p=p: worlds.conversion(rng, (n, n), p, lift))
    unequal = (4000, 1000)
    cell("3%, n 4,000 : 1,000", number, lambda rng, lift: worlds.conversion(rng, unequal, 0.03, lift), _ratio(unequal))


def revenue(number: int) -> None:
    header("revenue, conversion x basket, lift of conversion or of baskets in turns")
    for name, basket in worlds.BASKETS.items():
        for n, p in ((500, 0.05), (500, 0.1), (2000, 0.05), (20_000, 0.05)):
            cell(f"{name}, conversion {p:.0%}, n {n:,}", number, _revenue((n, n), p, basket))
    unequal = (8000, 2000)
    for name in ("log-normal 1", "Pareto 2.1"):
        basket = worlds.BASKETS[name]
        cell(f"{name}, conversion 5%, n 8,000 : 2,000", number, _revenue(unequal, 0.05, basket), _ratio(unequal))


def _revenue(n: tuple[int, int], p: float, basket: worlds.Basket) -> World:
    def world(rng: np.random.Generator, lift: float) -> tuple[pd.DataFrame, float, float]:
        way = "conversion" if rng.random() < 0.5 else "basket"
        return worlds.revenue(rng, n, p, basket, lift, way)

    return world


def _ratio(n: tuple[int, int]) -> EffectSpec:
    return EffectSpec(ratios={"control": float(n[0]), "treated": float(n[1])})


def other(number: int) -> None:
    header("counts (gamma-Poisson), ratio (orders per visit), clusters of 40 to 200 units")
    for n in SIZES:
        cell(f"counts of mean 1.6, n {n:,}", number, lambda rng, lift, n=n: worlds.counts(rng, (n, n), 1.6, lift))
    spec = EffectSpec(denominator="visits")
    for n in (500, 2000):
        cell(f"ratio, n {n:,}", number, lambda rng, lift, n=n: worlds.ratio(rng, (n, n), lift), spec)
    spec = EffectSpec(cluster="store")
    for count in (10, 20, 60):
        cell(f"{count} clusters", number, lambda rng, lift, k=count: worlds.clusters(rng, k, lift), spec)


def known(_: int) -> None:
    """Published cases: the point must lie inside the published interval."""
    if not DATA.exists():
        print("\nknown cases: the data folder ../shared/data is not here, so they are left out.")
        return
    head = ("effect", 10), ("interval", 22), ("published", 28), ("inside", 8), ("blocks", 8), ("time", 8)
    print(f"\n{'known case':34s}" + "".join(f"{name:>{width}s}" for name, width in head))
    mail = pd.read_csv(DATA / "hillstrom.csv")
    mail = mail.assign(unit_id=np.arange(len(mail)), arm=mail.segment).drop(columns="segment")
    published = {
        ("Mens E-Mail", "visit"): (0.0766, 0.0700, 0.0832),
        ("Mens E-Mail", "conversion"): (0.0068, 0.0050, 0.0086),
        ("Mens E-Mail", "spend"): (0.77, 0.49, 1.05),
        ("Womens E-Mail", "visit"): (0.0452, 0.0389, 0.0516),
        ("Womens E-Mail", "conversion"): (0.0031, 0.0015, 0.0047),
        ("Womens E-Mail", "spend"): (0.42, 0.17, 0.68),
    }
    for outcome in ("visit", "conversion", "spend"):
        _known(mail, outcome, "Hillstrom", {k[0]: v for k, v in published.items() if k[1] == outcome})
    cats = pd.read_csv(DATA / "cookie_cats.csv").rename(columns={"userid": "unit_id", "test_version": "arm"})
    _known(cats, "retention_7", "Cookie Cats", {"gate_40": (-0.0082, -0.0133, -0.0031)})
    _known(cats, "retention_1", "Cookie Cats", {"gate_40": (-0.0059, -0.0124, 0.0006)})
    rounds = estimate(cats, EffectSpec(outcome="sum_gamerounds"))
    print("Cookie Cats, rounds played:", *(g.detail for g in rounds.gates if not g.passed and g.level == "block"))


def _known(table: pd.DataFrame, outcome: str, case: str, published: dict[str, tuple[float, float, float]]) -> None:
    started = time.perf_counter()
    effect = estimate(table, EffectSpec(outcome=outcome))
    seconds = time.perf_counter() - started
    for arm in effect.detail.arms[1:]:
        low, middle, high = np.quantile(arm.effect, [0.025, 0.5, 0.975])
        said = published[arm.name]
        print(
            f"{case + ' ' + arm.name.split()[0] + ' ' + outcome:34s}{middle:10.4f}  [{low:8.4f}, {high:8.4f}]"
            f"{said[0]:10.4f} [{said[1]:.4f}, {said[2]:.4f}]{said[1] <= middle <= said[2]!s:>8s}"
            f"{not effect.passed!s:>8s}{seconds:6.2f} s"
        )


def speed(_: int) -> None:
    """A million units, beside Welch's interval and a bootstrap of the mean with the same number of draws."""
    print("\na million units in four segments; the peers know no gates, segments or tails")
    rng = np.random.default_rng(5)
    for kind in ("conversion", "revenue"):
        half = 500_000, 500_000
        table = (
            worlds.conversion(rng, half, 0.05, 0.05)
            if kind == "conversion"
            else worlds.revenue(rng, half, 0.05, worlds.BASKETS["log-normal 1"], 0.05, "conversion")
        )[0]
        table["segment"] = rng.choice(["north", "south", "east", "west"], len(table))
        started = time.perf_counter()
        effect = estimate(table)
        ours = time.perf_counter() - started
        low, high = effect.interval()
        print(f"{kind:12s} reachbook {ours:6.2f} s  {effect.middle:.5f} [{low:.5f}, {high:.5f}]")
        _peers(table)


def _peers(table: pd.DataFrame, draws: int = 200) -> None:
    started = time.perf_counter()
    middle, half = _welch(table)
    seconds = time.perf_counter() - started
    print(f"{'':12s} Welch     {seconds:6.2f} s  {middle:.5f} [{middle - half:.5f}, {middle + half:.5f}]")
    arms = [table.outcome.to_numpy()[(table.arm == name).to_numpy()] for name in ("control", "treated")]
    started = time.perf_counter()
    rng = np.random.default_rng(3)
    boot = [
        np.subtract(*(each[rng.integers(0, len(each), len(each))].mean() for each in arms[::-1])) for _ in range(draws)
    ]
    seconds = time.perf_counter() - started
    low, high = np.quantile(boot, [0.025, 0.975])
    print(f"{'':12s} bootstrap {seconds:6.2f} s  {np.mean(boot):.5f} [{low:.5f}, {high:.5f}]  ({draws} resamples)")


PARTS = {"known": known, "speed": speed, "conversion": conversion, "revenue": revenue, "other": other}

if __name__ == "__main__":
    given = sys.argv[1:]
    runs = int(given[0]) if given else 600
    for part in given[1:] or PARTS:
        PARTS[part](runs)
