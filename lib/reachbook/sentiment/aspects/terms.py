"""Terms of Chinese and English comments, mined without a dictionary: words, and phrases of neighbouring words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from reachbook.sentiment.aspects.find import presence
from reachbook.sentiment.aspects.tokens import (
    BREAK,
    CONTENT,
    DEGREE,
    DENIAL,
    EITHER,
    FUNCTION,
    JUDGEMENT,
    THING,
    Tokens,
    tokens,
)

_SAMPLE = 2_000_000
_LONGEST = 3
_WIDEST = 8
_INSIDE = 0.7
_JUDGEMENT_SHARE = 0.15


@dataclass(frozen=True)
class Terms:
    """Terms in descending order of frequency, and which comment holds which.

    Attributes
    ----------
    names : tuple of str
        Terms.
    presence : sparse int8 array (comments, terms)
        0 and 1.
    kinds : int64 array (terms,)
        JUDGEMENT, EITHER or THING; EITHER for all terms of `present`.
    """

    names: tuple[str, ...]
    presence: sparse.csr_matrix
    kinds: np.ndarray


def mine(
    texts: Sequence[str], *, most: int = 600, fewest: int = 8, cohesion: float = 2.0, branching: float = 1.2
) -> Terms:
    """Find terms that at least `fewest` comments hold; at most half of them are phrases.

    Parameters
    ----------
    most : int
        Most terms.
    cohesion : float
        Least pointwise mutual information, in nats, at a phrase's weakest cut.
    branching : float
        Least entropy, in nats, of the neighbouring words on the poorer side of a phrase.

    Notes
    -----
    A phrase's words occur together far more often than by chance, and the words before and after it vary: 送餐慢,
    客服态度差, battery life. Statistics come from a sample of two million characters spread evenly over the texts.

    References
    ----------
    Jin & Tanaka-Ishii (2006), "Unsupervised segmentation of Chinese text by use of branching entropy".
    """
    words = tokens(_sample(texts))
    found: dict[str, tuple[int, int, int]] = {}
    for size in range(1, _LONGEST + 1):
        found |= _grams(words, size, fewest, cohesion, branching)
    phrases = {name for name, (n, size, _) in found.items() if size > 1}
    count = {name: n for name, (n, _, _) in found.items()}
    kept = sorted(set(count) - _parts(count, phrases), key=lambda name: (-count[name], name))
    chosen = [name for name in kept if name in phrases][: most // 2]
    chosen += [name for name in kept if name not in phrases][: most - len(chosen)]
    terms = present(texts, chosen, fewest, affirmed={name for name in chosen if found[name][2] == JUDGEMENT})
    return Terms(terms.names, terms.presence, np.array([found[name][2] for name in terms.names], dtype=np.int64))


def present(
    texts: Sequence[str], names: Sequence[str], fewest: int = 1, affirmed: Collection[str] = frozenset()
) -> Terms:
    """Find which comment holds which of the terms, leaving out terms of fewer than `fewest` comments.

    Parameters
    ----------
    affirmed : collection of str
        Terms that do not count where they are negated (好吃 in 不好吃).

    Notes
    -----
    A Chinese term matches wherever its characters occur, even inside a longer word; a Latin one as entire words.
    """
    unique = sorted({name.lower() for name in names if name})
    matrix = presence(texts, unique, np.array([name in affirmed for name in unique], dtype=bool))
    count = np.asarray(matrix.sum(axis=0)).ravel()
    order = [j for j in np.lexsort((np.arange(len(unique)), -count)) if count[j] >= fewest]
    return Terms(tuple(unique[j] for j in order), matrix[:, order].tocsr(), np.full(len(order), EITHER))


def _sample(texts: Sequence[str]) -> list[str]:
    size = sum(map(len, texts))
    step = max(1, -(-size // _SAMPLE))
    return list(texts[::step])


def _grams(words: Tokens, size: int, fewest: int, cohesion: float, branching: float) -> dict[str, tuple[int, int, int]]:
    """Terms of `size` words with (comments, size, kind)."""
    grams, text, at = _runs(words, size)
    if not len(grams):
        return {}
    unique, which = np.unique(grams, axis=0, return_inverse=True)
    which = which.ravel()
    comments = np.bincount(np.unique(which * (text.max() + 1) + text) // (text.max() + 1), minlength=len(unique))
    keep = comments >= fewest
    if size > 1:
        keep &= (_cohesion(words, unique, np.bincount(which)) >= cohesion) & (
            _freedom(words, which, at, size, len(unique)) >= branching
        )
    kind = _kinds(words)
    result = {}
    for gram, n in zip(unique[keep], comments[keep], strict=True):
        name = _joined([str(word) for word in words.words[gram]])
        if 2 <= len(name) <= (_WIDEST if name[0] > "z" else 40):
            result[name] = (int(n), size, int(kind[gram].min()))
    return result


def _runs(words: Tokens, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Runs of `size` words that could be terms: words, shape (runs, size); text; position."""
    role = words.role[words.ids]
    count = len(role) - size + 1
    parts = [role[k : k + count] for k in range(size)]
    good = parts[-1] == CONTENT
    if size > 1:
        good &= (parts[0] == CONTENT) | (parts[0] == DENIAL)
        for inner in parts[1:-1]:
            good &= (inner == CONTENT) | (inner == DEGREE) | (inner == DENIAL)
    at = np.flatnonzero(good)
    return np.column_stack([words.ids[at + k] for k in range(size)]), words.text[at], at


def _cohesion(words: Tokens, unique: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Pointwise mutual information of the two parts at the weakest cut, in nats, shape (grams,)."""
    total, size = len(words.ids), unique.shape[1]
    parts = np.column_stack(
        [
            np.log(count * total / (_often(words, unique[:, :cut]) * _often(words, unique[:, cut:])))
            for cut in range(1, size)
        ]
    )
    return np.asarray(parts.min(axis=1))


def _often(words: Tokens, grams: np.ndarray) -> np.ndarray:
    """Frequency of each run of one or two words, shape (grams,)."""
    if grams.shape[1] == 1:
        return np.asarray(np.bincount(words.ids, minlength=len(words.words))[grams[:, 0]])
    size = len(words.words)
    codes, count = np.unique(words.ids[:-1] * size + words.ids[1:], return_counts=True)
    return np.asarray(count[np.searchsorted(codes, grams[:, 0] * size + grams[:, 1])])


def _freedom(words: Tokens, which: np.ndarray, at: np.ndarray, size: int, grams: int) -> np.ndarray:
    """Entropy of the neighbouring words on the poorer side, in nats, shape (grams,).

    Notes
    -----
    Each end of a phrase, including one at "the", counts as a new neighbour.
    """
    ends = words.role == BREAK
    ends |= (words.role == FUNCTION) & np.array([word[0] <= "z" for word in words.words])
    sides = []
    for neighbour in (at - 1, at + size):
        word = words.ids[neighbour].astype(np.int64)
        end = ends[word]
        word[end] = len(words.words) + np.arange(int(end.sum()))
        pairs, count = np.unique(which * (word.max() + 1) + word, return_counts=True)
        gram = pairs // (word.max() + 1)
        total = np.bincount(gram, count, grams)
        share = count / total[gram]
        sides.append(np.bincount(gram, -share * np.log(share), grams))
    return np.asarray(np.minimum(*sides))


def _kinds(words: Tokens) -> np.ndarray:
    """Kind of each word: one that is often followed by a judgement (配置高, 做工很好) is a thing, even if a verb."""
    judged = np.bincount(words.ids[:-1], words.kind[words.ids[1:]] == JUDGEMENT, len(words.words))
    often = np.bincount(words.ids, minlength=len(words.words))
    return np.asarray(np.where((words.kind == EITHER) & (judged >= _JUDGEMENT_SHARE * often), THING, words.kind))


def _joined(parts: list[str]) -> str:
    """Join words as in a text, with a space between Latin ones."""
    name = parts[0]
    for one, two in pairwise(parts):
        name += f" {two}" if one[0] <= "z" and two[0] <= "z" else two
    return name


def _parts(count: dict[str, int], phrases: set[str]) -> set[str]:
    """Terms that rarely occur outside one longer phrase."""
    inside = set()
    for phrase in phrases:
        for i in range(len(phrase)):
            for j in range(i + 2, len(phrase) + 1):
                part = phrase[i:j]
                if part != phrase and count[phrase] >= _INSIDE * count.get(part, np.inf):
                    inside.add(part)
    return inside
