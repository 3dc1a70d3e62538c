"""The domain gate against what it guards from: how far off the shares are without any audit, by source and target.

    python benchmarks/sentiment/gate.py [folder of the labelled files]

Error is that of the share of negatives by the mean of the model's probabilities, in points. Limits of the gate are
chosen on the categories of online_shopping; the other sets show how they do elsewhere.
"""

import os
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from classifier import airline, waimai, weibo2018
from replay import shopping

from reachbook import sentiment
from reachbook.demo import simulate
from reachbook.demo.spec import DemoSpec
from reachbook.sentiment.classifier.domain_gate import COVERAGE_LIMIT, domain
from reachbook.sentiment.text.duplicates import groups

MOST = 3000
Sets = dict[str, pd.DataFrame]
Row = tuple[str, float, float, float, float]


def thinned(frame: pd.DataFrame, negatives: float, seed: int) -> pd.DataFrame:
    """As many texts of the frame as can be with this share of negatives."""
    bad, rest = frame[frame["label"] == "negative"], frame[frame["label"] != "negative"]
    size = min(len(bad) / negatives, len(rest) / (1 - negatives))
    parts = [
        bad.sample(int(size * negatives), random_state=seed),
        rest.sample(int(size * (1 - negatives)), random_state=seed),
    ]
    return pd.concat(parts)


def chosen_on(folder: Path) -> Sets:
    """The categories of goods with enough reviews."""
    goods = shopping(folder)
    big = [name for name, count in goods["cat"].value_counts().items() if count >= MOST]
    return {str(name): once(goods[goods["cat"] == name]) for name in big}


def reported(folder: Path) -> Sets:
    """Sets of other kinds of text, and the simulated brand's comments."""
    tables = simulate(DemoSpec(), date(2026, 7, 1), date(2026, 9, 30), 20260930)
    comments, truth = tables["comments"].to_pandas(), tables["truth_comments"].to_pandas()
    demo = pd.DataFrame({"text": comments["text"], "label": truth["polarity"]})
    found = {"waimai": waimai(folder), "weibo2018": weibo2018(folder), "simulated brand": demo}
    return {name: once(frame.dropna()) for name, frame in found.items()} | {"airline": once(airline(folder).dropna())}


def once(frame: pd.DataFrame) -> pd.DataFrame:
    """Each text once, at most 6,000 of them in random order."""
    return frame.sample(min(len(frame), 2 * MOST), random_state=1).pipe(lambda f: f.iloc[groups(f["text"]).first])


def measure(sets: Sets, targets: Sets) -> list[Row]:
    """Half of each source on its other half, as it is and with other shares of negatives, and on each other target.

    Rows hold name, area, coverage, shift and error.
    """
    rows = []
    for name, frame in sets.items():
        half = len(frame) // 2
        known = frame.iloc[:half].head(MOST)
        base = None if name == "airline" else "reviews"
        model = sentiment.train(known["text"].tolist(), known["label"].tolist(), base=base)
        asked = {f"{name} (other half)": frame.iloc[half:]}
        asked |= {f"{name} ({share:.0%} negative)": thinned(frame.iloc[half:], share, 2) for share in (0.15, 0.8)}
        asked |= {other: each.iloc[len(each) // 2 :] for other, each in targets.items() if other != name}
        for target, each in asked.items():
            texts = each["text"].head(MOST).tolist()
            real = (each["label"].head(MOST) == "negative").mean()
            gate = domain(known["text"], texts, model=model)
            off = float(model.predict_proba(texts)[:, 0].mean() - real)
            rows.append((f"{name} -> {target}", gate.auc, gate.coverage, gate.shift or 0.0, off))
            print(
                f"{rows[-1][0]:44s}{len(texts):7d}{real:8.1%}{gate.auc:8.3f}{gate.coverage:10.1%}"
                f"{gate.shift or 0:8.3f}{off * 100:8.1f}  "
                f"{'passed' if gate.same_domain else 'refused'}",
                flush=True,
            )
    return rows


def summary(rows: list[Row]) -> None:
    """How well each pair of limits tells errors of at most 5 points from larger ones."""
    area, covered, shift, off = (np.array([row[k] for row in rows]) for k in (1, 2, 3, 4))
    fine = np.abs(off) <= 0.05
    print(f"\n{fine.sum()} of {len(rows)} pairs are off by at most 5 points")
    print(f"{'area':>6s}{'shift':>8s}{'passed':>8s}{'of them off by more':>21s}{'refused':>9s}{'of them fine':>14s}")
    for most in (0.55, 0.6, 0.7, 0.8, 0.9, 1.0):
        for moved in (0.01, 0.02, 0.03, 0.05, 1.0):
            passed = (area <= most) & (shift <= moved) & (covered >= COVERAGE_LIMIT)
            print(
                f"{most:6.2f}{moved:8.2f}{passed.sum():8d}{(passed & ~fine).sum():21d}"
                f"{(~passed).sum():9d}{(~passed & fine).sum():14d}"
            )


if __name__ == "__main__":
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("REACHBOOK_SENTIMENT_DATA", "../shared/data/sentiment")
    place = Path(given)
    if not place.is_dir():
        sys.exit(f"{given} is not there: give the folder of the labelled files.")
    print(
        f"{'source -> target':44s}{'texts':>7s}{'real':>8s}{'area':>8s}{'coverage':>10s}{'shift':>8s}{'off':>8s}  gate"
    )
    goods, others = chosen_on(place), reported(place)
    summary(measure(goods, goods))
    print()
    summary(measure(others, others | goods))
