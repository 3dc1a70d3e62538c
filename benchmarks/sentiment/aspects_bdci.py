"""Learnt aspects on car reviews (10 aspects, three polarities), beside a plain TF-IDF model, on the same five folds.

    python benchmarks/sentiment/aspects_bdci.py [folder of the labelled files] [folds scored, of 5]

Rows of one content are one text; copies and near copies stay together in a fold. Detection: micro-F1 over all texts and
aspects. Polarity: accuracy for the aspects that people named.
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from learned_aspects.model import learn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from reachbook.sentiment.text.duplicates import groups

FILE = "bdci2018_car_aspect.csv"
POLARITY = {-1: "negative", 0: "neutral", 1: "positive"}


def labelled(folder: Path) -> pd.DataFrame:
    """One row a label: text, aspect, polarity, fold."""
    frame = pd.read_csv(folder / FILE)
    text = frame.groupby("content_id")["content"].transform("first").str.strip()
    frame = pd.DataFrame(
        {"text": text, "aspect": frame["subject"], "polarity": frame["sentiment_value"].map(POLARITY)}
    ).drop_duplicates(["text", "aspect"])
    group = groups(frame["text"]).group
    fold = np.random.default_rng(0).permutation(group.max() + 1) % 5
    return frame.assign(fold=fold[group])


def micro_f1(texts: list[str], aspects: list[str], found: np.ndarray, truth: pd.DataFrame) -> float:
    """Of the flags `found`, shape (texts, aspects)."""
    place = {text: row for row, text in enumerate(texts)}
    has = np.zeros_like(found)
    has[truth["text"].map(place), truth["aspect"].map({name: j for j, name in enumerate(aspects)})] = True
    return float(2 * (has & found).sum() / (has.sum() + found.sum()))


def ours(train: pd.DataFrame, test: pd.DataFrame, texts: list[str]) -> tuple[float, float]:
    """(micro-F1, accuracy)."""
    model = learn(train["text"].tolist(), train["aspect"].tolist(), train["polarity"].tolist())
    right = 0
    for aspect, rows in test.groupby("aspect"):
        best = model.polarity(rows["text"].tolist(), str(aspect)).argmax(axis=1)
        right += int((np.array(["negative", "neutral", "positive"])[best] == rows["polarity"].to_numpy()).sum())
    return micro_f1(texts, list(model.aspects), model.assign(texts), test), right / len(test)


def plain(train: pd.DataFrame, test: pd.DataFrame, texts: list[str]) -> tuple[float, float]:
    """TF-IDF of 1 to 3 characters and logistic regression: one model an aspect, one for the polarity."""
    known = train["text"].drop_duplicates().tolist()
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3)).fit(known)
    features, asked, aspects = vectors.transform(known), vectors.transform(texts), sorted(train["aspect"].unique())
    chance = np.zeros((len(texts), len(aspects)))
    for j, aspect in enumerate(aspects):
        has = np.isin(known, train.loc[train["aspect"] == aspect, "text"].to_numpy(dtype=object))
        chance[:, j] = LogisticRegression(C=10.0, solver="liblinear").fit(features, has).predict_proba(asked)[:, 1]
    found = chance >= 0.5
    found[np.arange(len(texts)), chance.argmax(axis=1)] = True
    judge = LogisticRegression(C=10.0, max_iter=300).fit(vectors.transform(train["text"]), train["polarity"])
    right = judge.predict(vectors.transform(test["text"])) == test["polarity"].to_numpy()
    return micro_f1(texts, aspects, found, test), float(right.mean())


def main(folder: Path, number: int) -> None:
    """Print one line a model."""
    if not (folder / FILE).is_file():
        raise SystemExit(f"{FILE} is not in {folder}. Name the folder of the labelled files.")
    frame = labelled(folder)
    print(f"{len(frame):,} labels on {frame['text'].nunique():,} texts; commonest polarity {share(frame):.1%}")
    print(f"{'':12s}{'detection micro-F1':>20s}{'polarity accuracy':>20s}{'seconds a fold':>16s}   {number} of 5 folds")
    for name, method in {"reachbook": ours, "plain": plain}.items():
        start, scores = time.perf_counter(), []
        for fold in range(number):
            test = frame[frame["fold"] == fold]
            scores.append(method(frame[frame["fold"] != fold], test, test["text"].drop_duplicates().tolist()))
        f1, accuracy = np.mean(scores, axis=0)
        print(f"{name:12s}{f1:20.1%}{accuracy:20.1%}{(time.perf_counter() - start) / number:16.1f}", flush=True)


def share(frame: pd.DataFrame) -> float:
    """Of the commonest polarity."""
    return float(frame["polarity"].value_counts(normalize=True).iloc[0])


if __name__ == "__main__":
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("REACHBOOK_SENTIMENT_DATA", "../shared/data/sentiment")
    main(Path(given), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
