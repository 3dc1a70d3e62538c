"""Terms of Chinese and English comments without a dictionary: runs of characters that hold together and stand free.

A term's parts occur together far more often than by chance (cohesion), and what comes before and after it varies
(branching entropy; Jin & Tanaka-Ishii 2006). English words are words already, less the commonest.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_ENGLISH = re.compile(r"[a-z][a-z']{2,}")
_LONGEST = 4
_SAMPLE = 50_000
_EMPTY = frozenset(
    "的了是在我你他她它们这那有和就也都不很还又被把给吗呢吧啊呀哦嗯着过得地与及或但而所以因为如果一个没会要能可以说想看去来到上下里"
    "么什怎为于之其从对等让向再才只真太最更比较非常"
)
"""Function characters: a term neither starts nor ends with one."""


@dataclass(frozen=True)
class Terms:
    """Terms, most frequent first, and which comment holds which: a sparse matrix (comments, terms) of 0 and 1."""

    names: tuple[str, ...]
    presence: sparse.csr_matrix


def mine(
    texts: Sequence[str], *, most: int = 600, fewest: int = 8, cohesion: float = 2.5, branching: float = 1.2
) -> Terms:
    """The terms of `texts` that at least `fewest` comments hold.

    cohesion : least pointwise mutual information (nats) of the weakest cut; branching : least entropy (nats) of the
        characters on the poorer side. Statistics come from the first 50,000 texts in the order given.
    """
    sample = [text.lower() for text in texts[:_SAMPLE]]
    found = _chinese(sample, fewest, cohesion, branching) | _english(sample, fewest)
    names = sorted(found, key=lambda name: (-found[name], name))[: 2 * most]
    return present(texts, names, fewest, most)


def present(texts: Sequence[str], names: Sequence[str], fewest: int = 1, most: int | None = None) -> Terms:
    """Which comment holds which of the terms; those in fewer than `fewest` comments are left out."""
    unique = sorted({name.lower() for name in names if name})
    columns = []
    lowered = pd.Series([text.lower() for text in texts], dtype=object)
    for name in unique:
        word = re.compile(rf"(?<![a-z]){re.escape(name)}(?![a-z])") if name.isascii() else None
        columns.append([bool(word.search(t)) if word and name in t else name in t for t in lowered])
    matrix = sparse.csr_matrix(np.array(columns, dtype=np.int8).reshape(len(unique), len(texts)).T)
    count = np.asarray(matrix.sum(axis=0)).ravel()
    order = [j for j in np.lexsort((np.arange(len(unique)), -count)) if count[j] >= fewest][:most]
    return Terms(tuple(unique[j] for j in order), matrix[:, order].tocsr())


def _english(texts: Sequence[str], fewest: int) -> dict[str, int]:
    count = Counter(word for text in texts for word in set(_ENGLISH.findall(text)))
    return {word: n for word, n in count.items() if n >= fewest and word not in ENGLISH_STOP_WORDS}


def _chinese(texts: Sequence[str], fewest: int, cohesion: float, branching: float) -> dict[str, int]:
    """Runs of two to four characters that pass both tests, without those that only live inside a longer one."""
    runs = [run for text in texts for run in _CHINESE.findall(text)]
    if not runs:
        return {}
    counter = CountVectorizer(analyzer="char", ngram_range=(1, _LONGEST + 1), lowercase=False, max_features=400_000)
    total = np.asarray(counter.fit_transform([f" {run} " for run in runs]).sum(axis=0)).ravel()
    count = dict(zip(counter.get_feature_names_out(), total.tolist(), strict=True))
    sides = _sides(count)
    size = sum(n for gram, n in count.items() if len(gram) == 1 and gram != " ")
    kept = {
        gram: n
        for gram, n in count.items()
        if 2 <= len(gram) <= _LONGEST and n >= fewest and " " not in gram and not {gram[0], gram[-1]} & _EMPTY
        if _cohesion(gram, count, size) >= cohesion and min(sides.get(gram, (0.0, 0.0))) >= branching
    }
    longer = Counter[str]()
    for gram, n in kept.items():
        for i in range(len(gram)):
            for j in range(i + 2, len(gram) + 1):
                part = gram[i:j]
                if part != gram:
                    longer[part] = max(longer[part], n)
    return {gram: int(n) for gram, n in kept.items() if longer[gram] < 0.7 * n}


def _cohesion(gram: str, count: dict[str, int], size: int) -> float:
    """Pointwise mutual information of the two parts at the weakest cut."""
    cuts = ((gram[:i], gram[i:]) for i in range(1, len(gram)))
    return min(math.log(count[gram] * size / (count.get(a, 1) * count.get(b, 1))) for a, b in cuts)


def _sides(count: dict[str, int]) -> dict[str, tuple[float, float]]:
    """Entropy of what stands left and right of each run. An edge of the text is a new neighbour each time."""
    left: dict[str, list[tuple[int, bool]]] = {}
    right: dict[str, list[tuple[int, bool]]] = {}
    for gram, n in count.items():
        if len(gram) >= 3:
            left.setdefault(gram[1:], []).append((n, gram[0] == " "))
            right.setdefault(gram[:-1], []).append((n, gram[-1] == " "))
    return {gram: (_entropy(left[gram]), _entropy(right[gram])) for gram in left.keys() & right.keys()}


def _entropy(neighbours: list[tuple[int, bool]]) -> float:
    total = sum(n for n, _ in neighbours)
    inner = sum(n * math.log(total / n) for n, edge in neighbours if not edge)
    return (inner + sum(n * math.log(total) for n, edge in neighbours if edge)) / total
