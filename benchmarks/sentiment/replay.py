"""Shares with a random audit, replayed on labelled sets: error, coverage and width beside counting and corrections.

    python benchmarks/sentiment/replay.py [replays] [folder of the labelled files] [airline, waimai, shopping, away]

Truth is the share among exactly the target's texts; the audit is drawn anew in each replay, the model is trained once.
Errors (mean and median of their sizes, root mean square) and half-widths are of the share of negatives, in points;
coverage is over negatives and, in brackets, over all polarities. "asked" is the half-width that was foretold: by
`domain.half_width` for the labels alone, else by `shares.plan` after the audit.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from classifier import SETS, weibo2018
from sklearn.model_selection import train_test_split

from reachbook import sentiment
from reachbook.sentiment.classifier.adaptation import adapted, clues
from reachbook.sentiment.classifier.domain_gate import domain, half_width
from reachbook.sentiment.prevalence.shares import plan, prevalence
from reachbook.sentiment.text.duplicates import groups
from reachbook.sentiment.text.labels import codes

AUDITS = (100, 200, 400)
SOURCE = 10_000


@dataclass(frozen=True)
class Case:
    """A target with the model's answers; `rates` is the model's confusion at home, (true, answered), by held-out texts.

    prior : shares of the polarities in training
    """

    name: str
    texts: list[str]
    truth: np.ndarray
    answers: np.ndarray
    rates: np.ndarray
    prior: np.ndarray
    gate: str


def shopping(folder: Path) -> pd.DataFrame:
    """Reviews of ten kinds of goods."""
    frame = pd.read_csv(folder / "online_shopping_10_cats.csv").dropna()
    return pd.DataFrame(
        {"text": frame["review"], "label": frame["label"].map({0: "negative", 1: "positive"}), "cat": frame["cat"]}
    )


def case(name: str, source: pd.DataFrame, target: pd.DataFrame) -> Case:
    """Train on two thirds of the source, measure the model at home on the rest, and judge the target with it."""
    known, held = train_test_split(source, test_size=1 / 3, random_state=1, stratify=source["label"])
    base = None if name.startswith("airline") else "reviews"
    model = sentiment.train(known["text"].tolist(), known["label"].tolist(), base=base)
    home, there = codes(held["label"]), model.predict_proba(held["text"].tolist()).argmax(axis=1)
    rates = np.array([[np.mean(there[home == k] == j) if (home == k).any() else 0 for j in range(3)] for k in range(3)])
    prior = np.bincount(home, minlength=3) / len(home)
    texts = target["text"].tolist()
    gate = domain(known["text"], texts, model=model)
    alike = "alike" if gate.same_domain else "not alike"
    words = f"area {gate.auc:.2f}, vocabulary {gate.coverage:.0%}, shift {gate.shift:.3f}, {alike}"
    return Case(name, texts, codes(target["label"]), model.predict_proba(texts), rates, prior, words)


def adjusted_count(found: Case) -> np.ndarray:
    """Shares that would give the counted answers if the model erred as it does at home (Forman 2008)."""
    seen = found.prior > 0
    counted = np.bincount(found.answers.argmax(axis=1), minlength=3)[seen] / len(found.texts)
    shares = np.zeros(3)
    shares[seen] = np.clip(np.linalg.lstsq(found.rates[np.ix_(seen, seen)].T, counted, rcond=None)[0], 0, None)
    return shares / shares.sum()


def expected_maximum(found: Case) -> np.ndarray:
    """Shares by expectation and maximisation from the model's probabilities (Saerens et al. 2002)."""
    shares = found.prior.copy()
    ratio = np.divide(found.answers, found.prior, out=np.zeros_like(found.answers), where=found.prior > 0)
    for _ in range(500):
        joint = ratio * shares
        shares = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares


def replay(found: Case, replays: int) -> None:
    """One line for each way and audit size."""
    real = np.bincount(found.truth, minlength=3) / len(found.truth)
    print(f"\n{found.name}: {len(found.texts):,} texts, {real[0]:.1%} negative; {found.gate}")
    for name, shares in (
        ("classify and count", np.bincount(found.answers.argmax(axis=1), minlength=3) / len(found.texts)),
        ("adjusted count", adjusted_count(found)),
        ("expectation-maximisation", expected_maximum(found)),
    ):
        print(f"{name:28s} {shares[0]:.1%} negative, off by {abs(shares[0] - real[0]) * 100:.1f} points; no audit")
    print(
        f"{'':28s}{'audit':>6s}{'mean':>7s}{'median':>8s}{'RMS':>7s}{'90 %':>15s}{'95 %':>15s}{'half':>7s}{'asked':>7s}"
    )
    known = clues(found.texts)
    flat = np.full((len(found.texts), 3), 1 / 3)
    ways: dict[str, Callable[[np.ndarray, int], np.ndarray | None]] = {
        "labels alone": lambda _, __: flat,
        "prevalence": lambda _, __: None,
        "prevalence, adapted": lambda index, r: adapted(found.answers, known, index, found.truth[index], r),
    }
    for n in AUDITS:
        draws = [np.random.default_rng([r, n, 51]).choice(len(found.texts), n, replace=False) for r in range(replays)]
        for name, way in ways.items():
            measured(found, real, name, draws, way)


def measured(
    found: Case,
    real: np.ndarray,
    name: str,
    draws: list[np.ndarray],
    way: Callable[[np.ndarray, int], np.ndarray | None],
) -> None:
    """Print error, coverage and width of one way, and the width that would have been foretold."""
    off, width, told, inside = [], [], [], np.zeros((2, 3))
    for r, index in enumerate(draws):
        guess = way(index, r)
        for j, level in enumerate((0.9, 0.95)):
            seen = prevalence(found.answers, index, found.truth[index], level, finite=True, adapted=guess)
            inside[j] += (seen.low <= real + 1e-9) & (real - 1e-9 <= seen.high)
        off.append(seen.middle[0] - real[0])
        width.append(seen.half_width[0])
        used = found.answers if guess is None else guess
        told.append(foretold(name, used, index, found.truth[index], real[0]))
    rate, present = inside / len(draws), real > 0
    cells = "".join(f"{f'{each[0]:.1%} ({each[present].mean():.1%})':>15s}" for each in rate)
    error = np.abs(off) * 100
    spread = np.sqrt((error**2).mean())
    print(
        f"{name:28s}{len(draws[0]):6d}{error.mean():7.2f}{np.median(error):8.2f}{spread:7.2f}{cells}"
        f"{np.mean(width) * 100:7.2f}{np.mean(told) * 100:7.2f}",
        flush=True,
    )


def foretold(name: str, used: np.ndarray, index: np.ndarray, labels: np.ndarray, share: float) -> float:
    """Half-width by `half_width` (labels alone) or by `plan` after this audit."""
    if name == "labels alone":
        return half_width(len(index), share)
    return float(plan(used, (len(index),), audit_index=index, audit_labels=labels)[0].likely[0])


def halves(name: str, folder: Path) -> Case:
    """Half of a set teaches, the other half is the target; copies and near copies are taken out first."""
    frame = SETS[name](folder).dropna().reset_index(drop=True)
    frame = frame.iloc[groups(frame["text"]).first]
    known, asked = train_test_split(frame, test_size=0.5, random_state=0, stratify=frame["label"])
    return case(f"{name}, half to other half", known, asked)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    given = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("REACHBOOK_SENTIMENT_DATA", "../shared/data/sentiment")
    place = Path(given)
    if not place.is_dir():
        sys.exit(f"{given} is not there: give the folder of the labelled files.")
    weibo = weibo2018(place).dropna()
    cases: dict[str, Callable[[], Case]] = {
        "airline": lambda: halves("airline", place),
        "waimai": lambda: halves("waimai", place),
        "shopping": lambda: case(
            "online_shopping to weibo2018", shopping(place).sample(SOURCE * 3 // 2, random_state=1), weibo
        ),
        "away": lambda: case("waimai to weibo2018", SETS["waimai"](place).dropna(), weibo),
    }
    for each in sys.argv[3:] or cases:
        replay(cases[each](), count)
