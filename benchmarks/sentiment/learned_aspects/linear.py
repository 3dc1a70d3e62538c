"""Linear models behind learned aspects: a detector of aspects, and a judge of the polarity towards each."""

from dataclasses import dataclass

import numpy as np
from learned_aspects.features import AspectTfIdf, Reading, weighing
from scipy import sparse
from sklearn.svm import LinearSVC

_DETECT, _JUDGE = 1.0, 0.1
"""Inverse penalties, the best of three or four tried by cross-validation on car reviews."""


@dataclass(frozen=True)
class Detector:
    """One linear model for each aspect, with balanced classes.

    Attributes
    ----------
    weighed : AspectTfIdf
        Tf-idf weights of the features.
    weights : float64 array (aspects, columns)
    intercepts : float64 array (aspects,)
    """

    weighed: AspectTfIdf
    weights: np.ndarray
    intercepts: np.ndarray

    def margins(self, reading: Reading) -> np.ndarray:
        """Signed distance from the decision boundary of each aspect, float64 array (texts, aspects)."""
        return np.asarray(self.weighed(reading.whole) @ self.weights.T + self.intercepts)

    def loudest(self, reading: Reading) -> np.ndarray:
        """Clause of each text with the largest score for each aspect, int array (texts, aspects)."""
        said = np.asarray(reading.parts[:, self.weighed.columns] @ (self.weights * self.weighed.weigh.idf_).T)
        starts = np.searchsorted(reading.owner, np.arange(reading.whole.shape[0]))
        return np.column_stack([np.lexsort((-column, reading.owner))[starts] for column in said.T])


def detector(reading: Reading, has: np.ndarray, seed: int) -> Detector:
    """Fit the detector.

    Parameters
    ----------
    has : bool array (texts, aspects)
        Which texts mention which aspect.
    """
    weighed = weighing(reading.whole)
    features = weighed(reading.whole)
    models = [LinearSVC(C=_DETECT, class_weight="balanced", random_state=seed).fit(features, each) for each in has.T]
    weights = np.concatenate([model.coef_ for model in models])
    return Detector(weighed, weights, np.array([model.intercept_[0] for model in models]))


@dataclass(frozen=True)
class Pairs:
    """Pairs of a text and an aspect.

    Attributes
    ----------
    text, aspect, clause : int array (pairs,)
        Indices of the text, the aspect and the clause with the strongest evidence of it.
    """

    text: np.ndarray
    aspect: np.ndarray
    clause: np.ndarray


@dataclass(frozen=True)
class Judge:
    """One linear model of polarity for all aspects, on the entire text, the clause and the aspect."""

    whole: AspectTfIdf
    clause: AspectTfIdf
    aspects: int
    model: LinearSVC

    def features(self, reading: Reading, pairs: Pairs) -> sparse.csr_matrix:
        """Features of the pairs; sparse array (pairs, features)."""
        names = sparse.csr_matrix(np.eye(self.aspects)[pairs.aspect])
        parts = [self.whole(reading.whole)[pairs.text], self.clause(reading.parts[pairs.clause]), names]
        return sparse.csr_matrix(sparse.hstack(parts, format="csr"))

    def margins(self, reading: Reading, pairs: Pairs) -> np.ndarray:
        """Margins of each trained polarity, float64 array (pairs, classes)."""
        found = np.asarray(self.model.decision_function(self.features(reading, pairs)))
        return found if found.ndim == 2 else np.column_stack([-found, found]) / 2


def judge(reading: Reading, pairs: Pairs, polarity: np.ndarray, aspects: int, seed: int) -> Judge:
    """Fit the judge.

    Parameters
    ----------
    polarity : int array (pairs,)
        Class of each pair.
    """
    model = LinearSVC(C=_JUDGE, random_state=seed)
    made = Judge(weighing(reading.whole), weighing(reading.parts[pairs.clause]), aspects, model)
    model.fit(made.features(reading, pairs), polarity)
    return made
