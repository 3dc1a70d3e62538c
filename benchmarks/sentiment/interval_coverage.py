"""Coverage and width of every interval of shares, nominal 90 and 95 %, with models that are wrong in known ways.

python benchmarks/sentiment/interval_coverage.py [repetitions of prevalence] [of the pooled cells]

Not called coverage.py: numba looks for a module of that name, and would find this one.
"""

import sys

import numpy as np
import pandas as pd
from simulators import SHARES, WAYS, classifier

from reachbook.sentiment.prevalence.pooling import combinations, pool
from reachbook.sentiment.prevalence.shares import prevalence
from reachbook.sentiment.text.labels import POLARITIES
from reachbook.stats.agreement import agreement
from reachbook.stats.intervals import difference

LEVELS = (0.9, 0.95)
TEXTS = 4000
MEASURES = ("raw", "kappa", "alpha")


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


def sets_of(keys: pd.DataFrame) -> dict[str, list[np.ndarray]]:
    """Rows of each cell, of each week, and of the first and the second half of the weeks."""
    cell, week = combinations(keys)[0], keys["week"].to_numpy()
    return {
        "cells": [np.flatnonzero(cell == g) for g in range(cell.max() + 1)],
        "weeks": [np.flatnonzero(week == w) for w in range(week.max() + 1)],
        "change": [np.flatnonzero((week < 4) == first) for first in (True, False)],
    }


def pooled(repetitions: int) -> None:
    """Coverage of the pooled model's intervals over all three classes, and how many fits passed the gates."""
    print(f"\npartial pooling of week x platform (32 cells, 400 labels), {repetitions} fits a line")
    print("target: the share among exactly the texts of the cell, of the week; the change from weeks 1-4 to 5-8")
    heads = [f"{kind} {unit}" for kind in ("cells", "weeks", "change") for unit in ("90 %", "95 %", "half")]
    print(f"{'model':15s}" + "".join(f"{head:>13s}" for head in (*heads, "count off", "passed")))
    for way in WAYS:
        seen: dict[str, list[float]] = {head: [] for head in (*heads, "count off")}
        passed = 0
        for r in range(repetitions):
            keys, truth, p, index = cells(r, way)
            fit = pool(p, keys, index, truth[index], seed=r)
            passed += fit.convergence.passed
            for kind, rows in sets_of(keys).items():
                real = np.stack([np.bincount(truth[each], minlength=3) / len(each) for each in rows])
                answers = np.stack([np.bincount(p[each].argmax(axis=1), minlength=3) / len(each) for each in rows])
                drawn = fit.drawn(rows)
                if kind == "change":
                    drawn, real = np.diff(drawn, axis=1), np.diff(real, axis=0)
                for level in LEVELS:
                    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
                    seen[f"{kind} {level * 100:.0f} %"].append(float(((low <= real) & (real <= high)).mean()))
                seen[f"{kind} half"].append(float((high - low).mean() / 2))
                if kind == "cells":
                    seen["count off"].append(float(np.abs(answers - real).mean()))
        shown = [f"{np.mean(values):.1%}" if "%" in head else f"{np.mean(values):.3f}" for head, values in seen.items()]
        print(f"{way:15s}" + "".join(f"{cell:>13s}" for cell in (*shown, f"{passed}/{repetitions}")), flush=True)


def changes(repetitions: int) -> None:
    """The difference of the shares of two independent samples, as drift states it: from even shares to three others."""
    print("\nchange of a share between two audited versions, 200 labels each; coverage over the three classes")
    print(f"{'from even to':16s}{'model':15s}{'90 %':>8s}{'95 %':>8s}{'half':>8s}")
    for (name, share), way in ((s, w) for s in SHARES.items() for w in ("calibrated", "biased", "shifted")):
        inside, width = np.zeros(2), 0.0
        real = np.array(share) - SHARES["even"]
        for r in range(repetitions):
            rng = np.random.default_rng([r, 35])
            truths = [rng.choice(3, TEXTS, p=each) for each in (SHARES["even"], share)]
            drawn = [(classifier(rng, truth, way), rng.choice(TEXTS, 200, replace=False)) for truth in truths]
            for j, level in enumerate(LEVELS):
                old, new = (prevalence(p, i, t[i], level) for (p, i), t in zip(drawn, truths, strict=True))
                moved = [difference(new.interval(each), old.interval(each)) for each in POLARITIES]
                inside[j] += np.mean([not each.excludes(by) for each, by in zip(moved, real, strict=True)])
            width += float(np.mean([each.half_width for each in moved])) / repetitions
        print(
            f"{name:16s}{way:15s}{inside[0] / repetitions:8.1%}{inside[1] / repetitions:8.1%}{width:8.3f}", flush=True
        )


def raters(repetitions: int) -> None:
    """Agreement of two people of the same mind in some of the comments, who guess the rest by the shares."""
    print(
        "\nagreement of two raters: coverage for raw agreement, kappa and alpha, the latter two in truth the one mind"
    )
    print(f"{'one mind':10s}{'items':>6s}" + "".join(f"{f'{m} {x:.0%}':>12s}" for m in MEASURES for x in LEVELS))
    share = np.array(SHARES["even"])
    for mind, n in ((m, n) for m in (0.4, 0.7, 0.9) for n in (30, 100, 300)):
        real = (mind + (1 - mind) * (share**2).sum(), mind, mind)
        inside = np.zeros((3, 2))
        for r in range(repetitions):
            rng = np.random.default_rng([r, n, 36])
            first, guess = rng.choice(3, (2, n), p=share)
            second = np.where(rng.random(n) < mind, first, guess)
            for j, level in enumerate(LEVELS):
                found = agreement(first, second, 3, level, seed=r)
                inside[:, j] += [not getattr(found, m).excludes(x) for m, x in zip(MEASURES, real, strict=True)]
        print(f"{mind:<10.1f}{n:6d}" + "".join(f"{rate:12.1%}" for rate in (inside / repetitions).ravel()), flush=True)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]] or [500, 60]
    if given[0]:
        simple(given[0])
        changes(given[0])
        raters(given[0])
    if given[-1]:
        pooled(given[-1])
