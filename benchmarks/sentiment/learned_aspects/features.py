"""Features of texts and of their clauses for learned aspects: character n-grams and jieba's words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import rjieba
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from reachbook.sentiment.text.features import counts
from reachbook.sentiment.text.folding import Batch, fold

_ENDS = frozenset(ord(sign) for sign in "。！？；，,!?;\n ～~…") | frozenset(ord(sign) for sign in "．｡")
_WORDS = HashingVectorizer(
    analyzer="word",
    tokenizer=lambda text: [word for word in rjieba.cut(text, False) if not word.isspace()],
    token_pattern=None,
    ngram_range=(1, 2),
    n_features=1 << 20,
    alternate_sign=False,
    norm=None,
    lowercase=False,
)


def clauses(batch: Batch) -> tuple[Batch, np.ndarray]:
    """Split texts at commas, stops and spaces.

    Returns
    -------
    tuple of (Batch, numpy.ndarray)
        The clauses, and the text of each, int64 array (clauses,). A text without any stays one empty clause.
    """
    table = np.zeros(0x10000, dtype=bool)
    table[list(_ENDS)] = True
    end = table[np.minimum(batch.codes, 0xFFFF)]
    text_of = np.repeat(np.arange(len(batch)), batch.lengths)
    new = np.ones(len(batch.codes), dtype=bool)
    new[1:] = end[:-1] | (text_of[1:] != text_of[:-1])
    part = np.cumsum(new)[~end] - 1
    codes, text_of = batch.codes[~end], text_of[~end]
    first = np.flatnonzero(np.diff(part, prepend=-1))
    silent = np.setdiff1d(np.arange(len(batch)), text_of)
    owner = np.concatenate([text_of[first], silent])
    order = np.argsort(owner, kind="stable")
    lengths = np.concatenate([np.diff(np.append(first, len(codes))), np.zeros(len(silent), dtype=np.int64)])[order]
    return Batch(codes, np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)), owner[order]


def counted(batch: Batch) -> sparse.csr_matrix:
    """Count each hashed n-gram and word in each text; sparse array (texts, slots)."""
    return sparse.csr_matrix(sparse.hstack([counts(batch), _WORDS.transform(batch.texts())], format="csr"))


@dataclass(frozen=True)
class Reading:
    """Feature counts of texts and of their clauses.

    Attributes
    ----------
    whole : sparse array (texts, slots)
    parts : sparse array (clauses, slots)
        In the order of texts.
    owner : int64 array (clauses,)
        Text of each clause, ascending.
    """

    whole: sparse.csr_matrix
    parts: sparse.csr_matrix
    owner: np.ndarray

    def rows(self, rows: np.ndarray) -> "Reading":
        """Select the texts `rows`, which must ascend."""
        inside = np.flatnonzero(np.isin(self.owner, rows))
        return Reading(self.whole[rows], self.parts[inside], np.searchsorted(rows, self.owner[inside]))


def read(texts: Sequence[str]) -> Reading:
    """Fold texts, split them into clauses and count their features."""
    batch = fold(texts)
    parts, owner = clauses(batch)
    return Reading(counted(batch), counted(parts), owner)


@dataclass(frozen=True)
class AspectTfIdf:
    """Selected columns and their tf-idf weights.

    Attributes
    ----------
    columns : int array (columns,)
        Slots in use.
    weigh : TfidfTransformer
        Fitted transformer.
    """

    columns: np.ndarray
    weigh: TfidfTransformer

    def __call__(self, matrix: sparse.csr_matrix) -> sparse.csr_matrix:
        """Weight the counts; sparse array (texts, columns), rows of length 1."""
        return sparse.csr_matrix(self.weigh.transform(matrix[:, self.columns]))


def weighing(matrix: sparse.csr_matrix) -> AspectTfIdf:
    """Fit the weights of slots that at least two of the texts hold.

    Parameters
    ----------
    matrix : sparse array (texts, slots)
        Counts.
    """
    columns = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]) >= 2)
    return AspectTfIdf(columns, TfidfTransformer(sublinear_tf=True).fit(matrix[:, columns]))
