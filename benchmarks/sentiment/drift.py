"""Drift between two versions: how often it is found where nothing changed, and where one thing alone changed.

python benchmarks/sentiment/drift.py [pairs without change] [pairs of each change]
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from simulators import classifier

from reachbook.sentiment.prevalence.drift import AuditedComments, drift
from reachbook.sentiment.text.base_corpus import reviews
from reachbook.sentiment.text.labels import POLARITIES

TEXTS, AUDIT = 1000, 200
SHARES = (0.35, 0.0, 0.65)
PARTS = ("prevalence", "vocabulary", "calibration")
New = Callable[[np.random.Generator], AuditedComments]


def version(
    rng: np.random.Generator,
    shares: tuple[float, ...] = SHARES,
    way: str = "calibrated",
    said: str = "",
    texts: int = TEXTS,
) -> AuditedComments:
    """Reviews of known polarity with a simulated model; `said` is added to three in twenty of them."""
    whole = reviews()
    label = np.array(whole.labels, dtype=object)
    truth = rng.choice(3, texts, p=shares)
    pools = {k: np.flatnonzero(label == POLARITIES[k]) for k in (0, 2)}
    rows = [whole.texts[rng.choice(pools[k])][:60] for k in truth]
    if said:
        rows = [f"{row}{said}" if odd else row for row, odd in zip(rows, rng.random(texts) < 0.15, strict=True)]
    index = rng.choice(texts, min(AUDIT, texts), replace=False)
    return AuditedComments(rows, classifier(rng, truth, way, prior=np.array(SHARES)), index, truth[index])


CHANGES: dict[str, New] = {
    "nothing": version,
    "negative 35 % to 50 %": lambda rng: version(rng, (0.5, 0.0, 0.5)),
    "negative 35 % to 60 %": lambda rng: version(rng, (0.6, 0.0, 0.4)),
    "a new word in 15 %": lambda rng: version(rng, said="，快递盒子压坏了"),
    "model twice shifted": lambda rng: version(rng, way="biased"),
    "model shifted in half": lambda rng: version(rng, way="shifted"),
}


def power(name: str, pairs: int) -> None:
    """One line: how often anything, and each part, was found."""
    found = dict.fromkeys(("anything", *PARTS), 0)
    for r in range(pairs):
        rng = np.random.default_rng([r, 61])
        seen = drift(version(rng), CHANGES[name](rng), seed=r).changed
        for part in seen:
            found[part] += 1
        found["anything"] += bool(seen)
    print(f"{name:26s}{pairs:7d}" + "".join(f"{count / pairs:13.1%}" for count in found.values()), flush=True)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]] or [200, 40]
    rng = np.random.default_rng(1)
    both = version(rng, texts=4000), version(rng, texts=4000)
    drift(*both)
    start = time.process_time()
    drift(*both)
    print(f"two versions of 4,000 texts: {time.process_time() - start:.1f} CPU-seconds")
    print(f"\nversions of {TEXTS:,} texts and {AUDIT} labels, all tests together at 5 %")
    print(f"{'changed':26s}{'pairs':>7s}" + "".join(f"{part:>13s}" for part in ("anything", *PARTS)))
    for each in CHANGES:
        power(each, given[0] if each == "nothing" else given[-1])
