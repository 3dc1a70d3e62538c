"""The two linear models behind learnt aspects: one hears which aspects a text speaks of, one judges each of them."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from reachbook.sentiment.aspects.features import AspectTfIdf, Reading, weighing

_DETECT, _JUDGE = 1.0, 0.1
"""Inverse strengths of the penalty: the best of three or four tried in cross-validation on car reviews."""


@dataclass(frozen=True)
class Detector:
    """One linear model an aspect, its two sides weighed alike: weights (aspects, columns), intercepts (aspects,)."""

    weighed: AspectTfIdf
    weights: np.ndarray
    intercepts: np.ndarray

    def margins(self, reading: Reading) -> np.ndarray:
        """Signed distance from the border of each aspect, shape (texts, aspects)."""
        return np.asarray(self.weighed(reading.whole) @ self.weights.T + self.intercepts)

    def loudest(self, reading: Reading) -> np.ndarray:
        """The clause of each text that says most about each aspect, shape (texts, aspects)."""
        said = np.asarray(reading.parts[:, self.weighed.columns] @ (self.weights * self.weighed.weigh.idf_).T)
        starts = np.searchsorted(reading.owner, np.arange(reading.whole.shape[0]))
        return np.column_stack([np.lexsort((-column, reading.owner))[starts] for column in said.T])


def detector(reading: Reading, has: np.ndarray, seed: int) -> Detector:
    """Learn which texts speak of each aspect; has : flags, shape (texts, aspects)."""
    weighed = weighing(reading.whole)
    features = weighed(reading.whole)
    models = [LinearSVC(C=_DETECT, class_weight="balanced", random_state=seed).fit(features, each) for each in has.T]
    weights = np.concatenate([model.coef_ for model in models])
    return Detector(weighed, weights, np.array([model.intercept_[0] for model in models]))


@dataclass(frozen=True)
class Pairs:
    """Texts and the aspects asked about: text, aspect, clause (the loudest), all of shape (pairs,), are indices."""

    text: np.ndarray
    aspect: np.ndarray
    clause: np.ndarray


@dataclass(frozen=True)
class Judge:
    """One linear model for all aspects, on the whole text, the clause and the aspect's name."""

    whole: AspectTfIdf
    clause: AspectTfIdf
    aspects: int
    model: LinearSVC

    def features(self, reading: Reading, pairs: Pairs) -> sparse.csr_matrix:
        """Shape (pairs, features)."""
        names = sparse.csr_matrix(np.eye(self.aspects)[pairs.aspect])
        parts = [self.whole(reading.whole)[pairs.text], self.clause(reading.parts[pairs.clause]), names]
        return sparse.csr_matrix(sparse.hstack(parts, format="csr"))

    def margins(self, reading: Reading, pairs: Pairs) -> np.ndarray:
        """One column a polarity that was learnt from, shape (pairs, classes)."""
        found = np.asarray(self.model.decision_function(self.features(reading, pairs)))
        return found if found.ndim == 2 else np.column_stack([-found, found]) / 2


def judge(reading: Reading, pairs: Pairs, polarity: np.ndarray, aspects: int, seed: int) -> Judge:
    """Learn how each pair is judged; polarity : class of each, shape (pairs,)."""
    model = LinearSVC(C=_JUDGE, random_state=seed)
    made = Judge(weighing(reading.whole), weighing(reading.parts[pairs.clause]), aspects, model)
    model.fit(made.features(reading, pairs), polarity)
    return made
