"""Is one person among the counted? The best guess from a page of counts, beside the bound that epsilon sets.

python benchmarks/privacy/membership.py [runs] [people]

Two tables of interactions that differ by one person are put into cells and released with random errors, each under as
many keys as there are runs. The attacker knows both tables and sees a release: every threshold on the cell of that
person is tried, and the likelihood ratio of the two noise distributions. Advantage is true guesses among runs with the
person less false ones among runs without. Beside it, an attacker who sees the exact counts, and one who averages the
same release made again and again under one key.
"""

import math
import sys
import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from reachbook.headcount.cells import Cells, cells
from reachbook.headcount.spec import HeadcountSpec
from reachbook.privacy import release
from reachbook.privacy.key import Key

START, END = date(2026, 7, 1), date(2026, 9, 30)
PLATFORMS = ("douyin", "weibo", "xiaohongshu")
REPEATS = 10
EPSILONS = ("0.1", "0.5", "1", "2")


def counted(folder: Path, people: int) -> Cells:
    """Cells of the first `people` people, three events each; the last one is the person in question."""
    rng = np.random.default_rng(3)
    day = pd.Timestamp(START) + pd.to_timedelta(rng.integers(0, 92, 3 * people), unit="D")
    frame = pd.DataFrame({"user_id": np.repeat([f"person-{n:06d}" for n in range(people)], 3), "at": day})
    frame["platform"] = rng.choice([*PLATFORMS, "bilibili"], 3 * people)
    frame.to_parquet(folder / "interactions.parquet")
    (found,) = cells({"interactions": folder / "interactions.parquet"}, HeadcountSpec(platforms=PLATFORMS), START, END)
    return found


def without_last(one: Cells) -> Cells:
    """The same cells without the last person."""
    return Cells(one.id, one.labels, one.ids[:-1], one.codes[:-1])


def drawn(one: Cells, epsilon: str, runs: int) -> np.ndarray:
    """Released counts under many keys, int array (runs, cells)."""
    held, counts = release.ground(one.ids, one.codes.tolist()), one.counts
    keys = [Key(f"run {run:08d} of the membership benchmark".encode()) for run in range(runs)]
    return np.array([release.release(counts, Fraction(epsilon), key, one.id, held).drawn for key in keys])


def best_threshold(inside: np.ndarray, outside: np.ndarray) -> float:
    """Largest advantage of all guesses "in, if the cell counts more than ..."; the best is chosen on these very runs,
    which favours the attacker.
    """
    cuts = np.unique(np.concatenate([inside, outside]))
    return max(float((inside > cut).mean() - (outside > cut).mean()) for cut in cuts)


def main(runs: int, people: int) -> None:
    """Print the advantages by epsilon."""
    with tempfile.TemporaryDirectory() as folder:
        all_ = counted(Path(folder), people)
    fewer, cell = without_last(all_), int(all_.codes[-1])
    error = math.sqrt(0.5 / runs)
    print(f"{people:,} people in {len(all_.labels)} cells; {runs:,} keys with the person and {runs:,} without")
    print(f"standard error of an advantage: at most {error:.3f}")
    print("epsilon   bound   best guess   exact counts   averaged 10 times   one number off by (95%)")
    for epsilon in EPSILONS:
        inside, outside = (drawn(one, epsilon, runs)[:, cell] for one in (all_, fewer))
        exact = best_threshold(np.full(runs, all_.counts[cell]), np.full(runs, fewer.counts[cell]))
        again = [np.mean([drawn(one, epsilon, runs)[:, cell] for _ in range(REPEATS)], 0) for one in (all_, fewer)]
        off = np.quantile(np.abs(outside - fewer.counts[cell]), 0.95)
        bound = release.advantage(float(epsilon))
        print(
            f"{epsilon:>7}   {bound:5.3f}   {best_threshold(inside, outside):10.3f}   {exact:12.3f}   "
            f"{best_threshold(*again):18.3f}   {off:23.0f}"
        )


if __name__ == "__main__":
    main(*(int(each) for each in (*sys.argv[1:], *(1_000, 2_000)[len(sys.argv) - 1 :])))
