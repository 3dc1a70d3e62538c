"""Coverage and width of every interval of shares, nominal 90 and 95 %, with models that are wrong in known ways.

python benchmarks/sentiment/interval_coverage.py [repetitions of prevalence] [of the pooled cells]

Not called coverage.py: numba looks for a module of that name, and would find this one.
"""

import sys

import numpy as np
import pandas as pd
from simulators import SHARES, WAYS, classifier

from reachbook.sentiment.pooling import combinations, pool
from reachbook.sentiment.shares import prevalence

LEVELS = (0.9, 0.95)
TEXTS = 4000


def simple(repetitions: int) -> None:
    """One line for each share, audit size and kind of model: coverage and half-width, mean over the three classes."""
    print("prevalence, target: the rate behind the texts; classify and count: its mean error")
    print(
        f"{'shares':16s}{'model':15s}{'audit':>6s}{'90 %':>8s}{'95 %':>8s}{'worst':>8s}{'half':>8s}{'count off':>11s}"
    )
    for (name, share), way in ((s, w) for s in SHARES.items() for w in WAYS):
        for n in (30, 100, 200, 400):
            inside, width, off = np.zeros((2, 3)), 0.0, 0.0
            for r in range(repetitions):
                rng = np.random.default_rng([r, n, 31])
                truth = rng.choice(3, TEXTS, p=share)
                p, index = classifier(rng, truth, way), rng.choice(TEXTS, n, replace=False)
                for j, level in enumerate(LEVELS):
                    found = prevalence(p, index, truth[index], level)
                    inside[j] += (found.low <= np.array(share) + 1e-9) & (share <= found.high)
                width += found.half_width.mean() / repetitions
                off += np.abs(found.counted - share).mean() / repetitions
            rate = inside / repetitions
            print(
                f"{name:16s}{way:15s}{n:6d}{rate[0].mean():8.1%}{rate[1].mean():8.1%}{rate[1].min():8.1%}"
                f"{width:8.3f}{off:11.3f}",
                flush=True,
            )


def cells(seed: int, way: str) -> tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]:
    """Keys, polarity, probabilities and audit of 32 cells of 8 weeks and 4 platforms, 8,000 texts and 400 labels."""
    rng = np.random.default_rng([seed, 32])
    week, platform = rng.integers(0, 8, 8000), rng.choice(4, 8000, p=[0.4, 0.3, 0.2, 0.1])
    odds = np.log([0.3, 0.2, 0.5]) + rng.normal(0, 0.4, (4, 3))[platform] + rng.normal(0, 0.3, (8, 3))[week]
    odds = odds + rng.normal(0, 0.3, (8, 4, 3))[week, platform]
    share = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    truth = (rng.random(8000)[:, None] > share.cumsum(axis=1)).sum(axis=1).clip(0, 2)
    keys = pd.DataFrame({"week": week, "platform": platform})
    return keys, truth, classifier(rng, truth, way), rng.choice(8000, 400, replace=False)


def pooled(repetitions: int) -> None:
    """Coverage of the cells' intervals over repetitions x 32 cells x 3 classes, and how many fits passed the gates."""
    print("\ncells by partial pooling (week x platform), target: the share among exactly the cell's texts")
    print(f"{'model':15s}{'90 %':>8s}{'95 %':>8s}{'half':>8s}{'count off':>11s}{'passed':>8s}")
    for way in WAYS:
        inside, width, off, passed = np.zeros(2), 0.0, 0.0, 0
        for r in range(repetitions):
            keys, truth, p, index = cells(r, way)
            code = combinations(keys)[0]
            size = np.bincount(code)
            real = np.stack([np.bincount(code, truth == k) for k in range(3)], axis=1) / size[:, None]
            counted = np.stack([np.bincount(code, p.argmax(axis=1) == k) for k in range(3)], axis=1) / size[:, None]
            fit = pool(p, keys, index, truth[index], seed=r)
            drawn = fit.drawn([np.flatnonzero(code == g) for g in range(len(size))])
            for j, level in enumerate(LEVELS):
                low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
                inside[j] += ((low <= real) & (real <= high)).mean() / repetitions
            width += float((high - low).mean()) / 2 / repetitions
            off += float(np.abs(counted - real).mean()) / repetitions
            passed += fit.convergence.passed
        print(f"{way:15s}{inside[0]:8.1%}{inside[1]:8.1%}{width:8.3f}{off:11.3f}{passed:5d}/{repetitions}", flush=True)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]] or [400, 10]
    simple(given[0])
    if given[1]:
        pooled(given[1])
