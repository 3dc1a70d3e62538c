"""Aspects from a dictionary or from the data, opinions on them, and quotes as evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfTransformer

from reachbook.sentiment.aspects.log_odds import associations
from reachbook.sentiment.aspects.terms import Terms, present
from reachbook.sentiment.aspects.tokens import JUDGEMENT, THING, judges
from reachbook.tables.masking import mask

_TERMS = 10
TERMS_APART = " / "
"""What parts the terms in the name of an aspect that was found in the data."""
_SHOWN = 3
_VERDICTS = frozenset(
    """
    不错 很好 喜欢 满意 推荐 值得 好评 完美 开心 赞 棒 失望 糟糕 后悔 郁闷 垃圾 差评 太差 很差 不好 不喜欢
    不满意 不值得 不推荐 没想到 无语 遗憾 值得推荐 值得购买 不愉快 good great nice best love excellent awesome
    amazing perfect happy recommend bad worst terrible awful horrible hate poor disappointed disappointing
    sucks thanks thank
    """.split()
)
"""Words that only restate the polarity and give no reason."""


@dataclass(frozen=True)
class Aspects:
    """Named aspects; a comment has an aspect if it holds one of the aspect's terms.

    Attributes
    ----------
    terms : dict of str to tuple of str
        Terms of each aspect, which a reader can check, by name.
    members : bool array (comments,) each
        Which comments have the aspect, by name.
    stability : dict of str to float
        Mean Jaccard overlap of the ten leading terms with the best match in halves of the comments, by name; 1 for a
        dictionary, which does not depend on the comments.
    """

    terms: dict[str, tuple[str, ...]]
    members: dict[str, np.ndarray]
    stability: dict[str, float]

    @property
    def covered(self) -> float:
        """Share of comments with at least one aspect."""
        return float(np.any(list(self.members.values()), axis=0).mean()) if self.members else 0.0


def from_dictionary(texts: Sequence[str], dictionary: Mapping[str, Sequence[str]]) -> Aspects:
    """Build the aspects that the study names, each with its terms.

    Notes
    -----
    If the name of an aspect is itself a judgement (好吃), comments that negate it are left out: 不好吃 is no praise of
    好吃.
    """
    terms = {name: tuple(each.lower() for each in words) for name, words in dictionary.items()}
    members: dict[str, np.ndarray] = {}
    for judging in (False, True):
        named = {name: words for name, words in terms.items() if judges(name) == judging}
        words = [word for each in named.values() for word in each]
        found = present(texts, words, affirmed={word for word in words if judging and judges(word)})
        members |= {name: _members(found, words) for name, words in named.items()}
    return Aspects(terms, {name: members[name] for name in terms}, dict.fromkeys(terms, 1.0))


def from_data(terms: Terms, count: int = 6, *, seed: int = 1, halves: int = 6, stable: float = 0.25) -> Aspects:
    """Find at most `count` aspects by non-negative matrix factorisation, each named by its leading terms.

    Parameters
    ----------
    halves : int
        Number of random halves of the comments in which the aspects are sought again.
    stable : float
        Least stability; aspects below it are left out.

    Notes
    -----
    Only terms that name a thing make aspects: what people think of it is left to `opinions`.

    References
    ----------
    Lee & Seung (1999), "Learning the parts of objects by non-negative matrix factorization".
    """
    things = _only(terms, terms.kinds != JUDGEMENT)
    count = min(count, len(things.names) - 1)
    if count < 1 or things.presence.shape[0] < 2 * count:
        return Aspects({}, {}, {})
    weights = _factors(things.presence, count, seed)
    overlap = _stability(things, weights, count, halves, seed)
    leading: dict[str, tuple[str, ...]] = {}
    stability: dict[str, float] = {}
    for row, value in zip(weights, overlap, strict=True):
        words = tuple(things.names[j] for j in _top(row))
        if value >= stable and words:
            name = TERMS_APART.join(_apart(words, _SHOWN))
            leading[name], stability[name] = words, float(value)
    return Aspects(leading, {name: _members(things, words) for name, words in leading.items()}, stability)


def opinions(terms: Terms, aspects: Aspects, probabilities: np.ndarray, *, most: int = 5) -> pd.DataFrame:
    """Find the phrases that distinguish negative from positive comments on each aspect, significant ones only.

    Parameters
    ----------
    probabilities : float64 array (comments, 3)
        Negative, neutral, positive.
    most : int
        Most phrases for each aspect and polarity.

    Returns
    -------
    pandas.DataFrame
        Columns aspect, polarity, term, these, those, log_odds, low, high, q. Terms of the aspect itself, bare names of
        things and bare verdicts (不错, 失望) are left out, because a reason is wanted.
    """
    best, rows = probabilities.argmax(axis=1), []
    said = _only(terms, (terms.kinds != THING) & ~np.isin(terms.names, list(_VERDICTS)))
    for name, flags in aspects.members.items():
        for polarity, k in (("negative", 0), ("positive", 2)):
            these, those = flags & (best == k), flags & (best == 2 - k)
            if min(these.sum(), those.sum()) < 10:
                continue
            found = associations(said.presence, said.names, these, those)
            found = found[found["significant"] & (found["z"] > 0) & ~found["term"].isin(aspects.terms[name])]
            found = found[found["term"].isin(_apart(found["term"].tolist(), most))]
            found.insert(0, "polarity", polarity)
            found.insert(0, "aspect", name)
            rows.append(found.drop(columns=["z", "significant"]))
    shape = ["aspect", "polarity", "term", "these", "those", "log_odds", "low", "high", "q"]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=shape)


def quotes(
    texts: Sequence[str], confidence: np.ndarray, rows: np.ndarray, most: int = 3, longest: int = 120
) -> list[str]:
    """Choose up to `most` different texts, verbatim but masked, in descending order of confidence.

    Parameters
    ----------
    confidence : float64 array (texts,)
        Probability of the quoted polarity.
    rows : int array (candidates,)
        Positions of the texts to choose from.
    longest : int
        Length in characters above which a text is visibly cut. Texts of fewer than four characters are skipped.
    """
    chosen: list[str] = []
    for row in rows[np.lexsort((rows, -confidence[rows]))]:
        text = mask(texts[row].strip())
        text = text if len(text) <= longest else text[:longest] + " […]"
        if len(text) >= 4 and text not in chosen:
            chosen.append(text)
        if len(chosen) == most:
            break
    return chosen


def _members(terms: Terms, words: Sequence[str]) -> np.ndarray:
    place = {name: j for j, name in enumerate(terms.names)}
    columns = [place[word] for word in words if word in place]
    return np.asarray(terms.presence[:, columns].sum(axis=1)).ravel() > 0


def _only(terms: Terms, flags: np.ndarray) -> Terms:
    kept = np.flatnonzero(flags)
    return Terms(tuple(terms.names[j] for j in kept), terms.presence[:, kept], terms.kinds[kept])


def _apart(words: Sequence[str], most: int) -> list[str]:
    """The first `most` words of which none contains another."""
    chosen: list[str] = []
    for word in words:
        if len(chosen) < most and not any(word in other or other in word for other in chosen):
            chosen.append(word)
    return chosen


def _factors(presence: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Weights of the terms in each factor, float64 array (count, terms)."""
    weighed = TfidfTransformer().fit_transform(presence)
    return np.asarray(NMF(count, init="nndsvda", random_state=seed, max_iter=200, tol=1e-3).fit(weighed).components_)


def _top(row: np.ndarray) -> list[int]:
    """Positions of the leading terms, leaving out those below a tenth of the largest weight."""
    return [int(j) for j in np.argsort(-row, kind="stable")[:_TERMS] if row[j] > 0.1 * row.max()]


def _stability(terms: Terms, weights: np.ndarray, count: int, halves: int, seed: int) -> np.ndarray:
    """Mean Jaccard overlap of each factor's leading terms with its match in each half, float64 array (count,)."""
    rng, total = np.random.default_rng(seed), np.zeros(count)
    own = [set(_top(row)) for row in weights]
    for _ in range(halves):
        half = rng.permutation(terms.presence.shape[0])[: terms.presence.shape[0] // 2]
        other = [set(_top(row)) for row in _factors(terms.presence[half], count, seed)]
        overlap = np.array([[len(a & b) / len(a | b) if a | b else 0.0 for b in other] for a in own])
        rows, columns = linear_sum_assignment(-overlap)
        total[rows] += overlap[rows, columns]
    return total / halves
