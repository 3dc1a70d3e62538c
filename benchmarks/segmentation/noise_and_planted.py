"""False structure on shapes without segments, recovery of planted ones, beside the plain recipe.

    python benchmarks/segmentation/noise_and_planted.py [repetitions of noise] [of planted]

The plain recipe: standard scaling, k-means, the k of 2 to 10 with the best silhouette (it has no way to say "none").
Shapes and sizes are seeded: n is 200 to 5,000 and p 2 to 20 for noise, n is 800 to 4,000 for planted segments.
"""

import sys

import numpy as np
import pandas as pd
from quick import quick
from shapes import NOISE, PLANTED, planted
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.preprocessing import StandardScaler

STREAM = 47
"""Seeds on which nothing was chosen. Limits were set on other streams, whose rates are lower than what is true."""


def plain(values: np.ndarray) -> tuple[int, np.ndarray]:
    """(k, labels) of the plain recipe."""
    scaled = StandardScaler().fit_transform(values)
    found = {k: KMeans(k, n_init=3, random_state=0).fit_predict(scaled) for k in range(2, 11)}
    score = {k: silhouette_score(scaled, labels, sample_size=1000, random_state=0) for k, labels in found.items()}
    best = max(score, key=lambda k: score[k])
    return best, found[best]


def noise_table(name: str, seed: int) -> np.ndarray:
    """One table of a shape without segments."""
    rng = np.random.default_rng([seed, STREAM])
    n, p = int(np.exp(rng.uniform(np.log(200), np.log(5000)))), int(rng.integers(2, 21))
    return NOISE[name](rng, n, p)


def planted_table(name: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """One table with planted segments, and the truth."""
    rng = np.random.default_rng([seed, STREAM])
    return planted(rng, int(np.exp(rng.uniform(np.log(800), np.log(4000)))), **PLANTED[name])  # type: ignore[arg-type]


def frame(values: np.ndarray) -> pd.DataFrame:
    """`values` as features."""
    return pd.DataFrame(values, columns=[f"x{j:02d}" for j in range(values.shape[1])])


def main(repetitions: int, planted_repetitions: int) -> None:
    """Print both tables, line by line."""
    print(f"{'shape without segments':28s}{'false structure':>16s}{'plain':>8s}   of {repetitions}")
    wrong = 0
    for name in NOISE:
        found = sum(quick(frame(noise_table(name, r)))[0] > 0 for r in range(repetitions))
        wrong += found
        print(f"{name:28s}{found:16d}{repetitions:8d}", flush=True)
    print(f"{'all':28s}{wrong / repetitions / len(NOISE):16.1%}{1:8.0%}\n")
    print(
        f"{'planted':20s}{'right k':>9s}{'ARI median':>12s}{'lowest':>8s}{'plain right k':>16s}"
        f"{'ARI':>6s}{'lowest':>8s}"
    )
    for name, how in PLANTED.items():
        rows = []
        for r in range(planted_repetitions):
            values, truth = planted_table(name, r)
            (k, labels), (other, beside) = quick(frame(values)), plain(values)
            scores = [adjusted_rand_score(truth, each) for each in (labels, beside)]
            rows.append((k == how["k"], scores[0], other == how["k"], scores[1]))
        a = np.array(rows, float)
        ours = f"{a[:, 0].mean():9.0%}{np.median(a[:, 1]):12.2f}{a[:, 1].min():8.2f}"
        print(f"{name:20s}{ours}{a[:, 2].mean():16.0%}{np.median(a[:, 3]):6.2f}{a[:, 3].min():8.2f}", flush=True)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(*(given or [20, 6]))
