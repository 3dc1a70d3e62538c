"""Shares in many small cells (week x platform, campaign, segment ...) from one audit, each cell leaning on the others.

An audit of some hundred labels leaves a handful for a cell. So the labels teach one model what the classifier's
probabilities mean, and how far that differs from cell to cell; cells without labels take the common meaning, with the
uncertainty of not having been looked at (partial pooling; Gelman & Hill 2007, ch. 14, regression and
poststratification: every text of a cell is predicted, then averaged).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.errors import DataError
from reachbook.sentiment.text.labels import POLARITIES, Labels, checked_probabilities, label_codes
from reachbook.stats import sampling
from reachbook.stats.intervals import equal_tails
from reachbook.stats.sampling import Convergence

CELL = "cell"
"""Name of a last key whose values are the cells; without it every combination of the keys is one."""
_FLOOR = 1e-3
_BIN = 0.5
_EXPLAINED = 0.15
"""Least part of the variance that a model is taken to explain: one that knows less says nothing about cells."""
_ACCEPT = 0.9
_SELDOM = 5
"""Labels of a polarity below which nothing can be learnt of how it differs from cell to cell."""
_USUAL = 5.0
"""Texts' worth of the overall mean that are mixed into a cell's mean probability."""
_USED = 400
_CHUNK = 1500
_WATCHED = ["slope", "start", "context", "spread"]


@dataclass(frozen=True)
class Pooled:
    """The fitted model. Contrasts are log-odds of negative and of neutral against positive, in that order.

    slope, start, context : draws, shape (draws, 2): weight of the model's contrast, its level, and the weight of how
        the cell's share differs from the overall one. It is 1 where cells differ in their shares alone (a cell with
        more negative texts has more among those that the model calls positive, too; Saerens et al. 2002), and 0 where
        they differ in what is written alone, so that the probabilities hold in each
    effects : of the levels of all keys and of the cells, draws, shape (draws, levels, 2)
    codes : level of each text under each key, the cell last, numbered through, shape (texts, keys + 1)
    evidence, context_of : of each text, shape (texts, 2)
    """

    slope: np.ndarray
    start: np.ndarray
    context: np.ndarray
    effects: np.ndarray
    codes: npt.NDArray[np.int64]
    evidence: np.ndarray
    context_of: np.ndarray
    convergence: Convergence
    level: float
    seed: int

    def shares(self, groups: pd.DataFrame) -> pd.DataFrame:
        """Share of each polarity in each combination of values of `groups`, a frame with one row a text.

        One row a combination: its values, texts, and low/middle/high of each polarity.
        """
        code, values = combinations(groups)
        sets = [np.flatnonzero(code == g) for g in range(len(values))]
        return pd.concat([values, self.frame(sets)], axis=1)

    def shares_of(self, members: dict[str, npt.NDArray[np.bool_]]) -> pd.DataFrame:
        """The same for sets of texts that may overlap, as the texts of an aspect do; flags of shape (texts,)."""
        sets = {name: np.flatnonzero(flags) for name, flags in members.items() if flags.any()}
        frame = self.frame(list(sets.values()))
        frame.insert(0, "name", pd.Series(list(sets), dtype=object))
        return frame

    def frame(self, sets: Sequence[npt.NDArray[np.int64]]) -> pd.DataFrame:
        """The same for sets given by the positions of their texts; one row a set, columns texts and the shares."""
        sizes = np.array([len(rows) for rows in sets], dtype=np.int64)
        return interval_frame(self.drawn(sets), sizes, self.level)

    def drawn(self, sets: Sequence[npt.NDArray[np.int64]]) -> np.ndarray:
        """Draws of the shares among exactly the texts of each set, shape (draws, sets, 3)."""
        rng = np.random.default_rng([self.seed, 3])
        return np.stack([self._set(rows, rng) for rows in sets], axis=1)

    def _set(self, rows: npt.NDArray[np.int64], rng: np.random.Generator) -> np.ndarray:
        """One set. Texts of one cell with nearly the same probabilities are predicted once."""
        kind = np.column_stack([self.codes[rows, -1], np.round(self.evidence[rows] / _BIN).astype(np.int64)])
        _, first, which, count = np.unique(kind, axis=0, return_index=True, return_inverse=True, return_counts=True)
        evidence = np.stack([np.bincount(which, self.evidence[rows, k]) for k in range(2)], axis=1) / count[:, None]
        mean, noise = np.zeros((len(self.slope), 3)), np.zeros((len(self.slope), 3))
        for start in range(0, len(count), _CHUNK):
            part = slice(start, start + _CHUNK)
            p = self._predicted(rows[first[part]], evidence[part])
            mean += np.einsum("j,djk->dk", count[part], p)
            noise += np.einsum("j,djk->dk", count[part], p * (1 - p))
        share = (mean + np.sqrt(noise) * rng.standard_normal(mean.shape)) / len(rows)
        share = np.clip(share, 0, 1) + 1e-12
        return np.asarray(share / share.sum(axis=1, keepdims=True))

    def _predicted(self, rows: npt.NDArray[np.int64], evidence: np.ndarray) -> np.ndarray:
        """Probabilities of single texts, shape (draws, rows, 3)."""
        odds = self.start[:, None] + self.slope[:, None] * evidence + self.context[:, None] * self.context_of[rows]
        for level in self.codes[rows].T:
            odds = odds + self.effects[:, level]
        odds = np.concatenate([odds, np.zeros((*odds.shape[:2], 1))], axis=2)
        odds = np.exp(odds - odds.max(axis=2, keepdims=True))
        return np.asarray(odds / odds.sum(axis=2, keepdims=True))


def pool(
    probabilities: np.ndarray,
    keys: pd.DataFrame,
    audit_index: npt.ArrayLike,
    audit_labels: Labels,
    *,
    seed: int,
    level: float = 0.95,
    draws: int = 1000,
) -> Pooled:
    """Fit the model of the cells that `keys` (one row a text, one column a key such as week) form.

    The cells are all combinations of the keys; where that is too many, a last column `cell` says which cell a text is
    in.

    audit_index, audit_labels : as for `prevalence`, a simple random sample of the texts.
    Raises DataError where nothing was labelled, or keys and probabilities differ in length. The result's `convergence`
    says whether its draws may be used.
    """
    p = checked_probabilities(probabilities)
    if len(keys) != len(p):
        raise DataError(f"keys: {len(keys):,} rows for {len(p):,} texts. Give one row a text.")
    where = np.asarray(audit_index, dtype=np.int64)
    if len(where) == 0:
        raise DataError("audit: no text has a label. Have a random sample read; 200 labels are a good start.")
    labels = label_codes(audit_labels, len(where))
    evidence, codes = contrasts(p), _codes(keys)
    evidence = evidence - evidence.mean(axis=0)
    context = _context(p, codes[:, -1])
    often = (np.bincount(labels, minlength=3)[:2] >= _SELDOM).astype(float)
    levels = codes.max(axis=0) + 1
    codes = codes + np.concatenate([[0], np.cumsum(levels)[:-1]])
    model = _compiled(len(where), tuple(levels.tolist())).with_data(
        evidence=evidence[where], cell=context[where], codes=codes[where], labels=labels, often=often
    )
    names = [*_WATCHED, "effect"]
    sampled = sampling.draw(model, names, seed=seed, draws=draws, tune=draws, watch=_WATCHED, accept=_ACCEPT)
    kept = {name: each[:: max(1, len(each) // _USED)] for name, each in sampled.draws.items()}
    return Pooled(
        slope=kept["slope"],
        start=kept["start"],
        context=kept["context"],
        effects=kept["effect"] * often,
        codes=codes,
        evidence=evidence,
        context_of=context,
        convergence=sampled.convergence,
        level=level,
        seed=seed,
    )


def contrasts(p: np.ndarray) -> np.ndarray:
    """Log-odds of negative and neutral against positive, shape (texts, 2), never infinite."""
    logs = np.log(np.maximum(p, _FLOOR))
    return np.asarray(logs[:, :2] - logs[:, 2:])


def combinations(groups: pd.DataFrame) -> tuple[npt.NDArray[np.int64], pd.DataFrame]:
    """Code of each row, and the sorted combinations of values they stand for; a missing value is a value."""
    grouped = groups.groupby(list(groups.columns), dropna=False, sort=True, observed=True)
    first = grouped.head(0) if not len(groups) else groups.loc[~groups.duplicated()]
    code = grouped.ngroup().to_numpy().astype(np.int64)
    order = np.argsort(code[~groups.duplicated().to_numpy()])
    return code, first.iloc[order].reset_index(drop=True)


def interval_frame(drawn: np.ndarray, texts: npt.NDArray[np.int64], level: float) -> pd.DataFrame:
    """Quantiles of draws (draws, groups, 3) as columns negative_low, negative, negative_high ..., and texts."""
    low, _, high = equal_tails(drawn, level)
    middle = drawn.mean(axis=0)
    columns: dict[str, np.ndarray] = {"texts": texts}
    for k, name in enumerate(POLARITIES):
        columns |= {f"{name}_low": np.minimum(low[:, k], middle[:, k]), name: middle[:, k]}
        columns |= {f"{name}_high": np.maximum(high[:, k], middle[:, k])}
    return pd.DataFrame(columns)


def _codes(keys: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Level of each text under each key, and under their combination unless a last key `cell` stands for it."""
    single = [combinations(keys[[name]])[0] for name in keys.columns]
    crossed = len(single) > 1 and keys.columns[-1] != CELL
    return np.column_stack([*single, combinations(keys)[0]] if crossed else single)


def _context(p: np.ndarray, cell: npt.NDArray[np.int64]) -> np.ndarray:
    """How far the contrast of the share in each text's cell lies from the overall one, shape (texts, 2).

    A mean probability moves less than the share does, by the part of the variance that the model explains.
    """
    count, usual = np.bincount(cell), p.mean(axis=0)
    total = np.stack([np.bincount(cell, p[:, k]) for k in range(3)], axis=1)
    explained = p.var(axis=0) / np.maximum(usual * (1 - usual), _FLOOR)
    moved = (total - count[:, None] * usual) / (count[:, None] + _USUAL) / np.clip(explained, _EXPLAINED, 1)
    share = np.clip(usual + moved, _FLOOR, 1)
    return np.asarray((contrasts(share) - contrasts(usual[None]))[cell])


@lru_cache(maxsize=4)
def _compiled(labels: int, levels: tuple[int, ...]) -> Any:
    """The PyMC model of so many audited texts and of keys with so many levels, compiled; the data come with a fit.

    The spread of a key's effects has a prior that keeps off zero (Chung et al. 2013), about half a unit of log-odds:
    few labels cannot show that cells differ, and should not be taken to show that they do not.
    """
    import pymc as pm

    with pm.Model() as model:
        evidence, context = (pm.Data(name, np.zeros((labels, 2))) for name in ("evidence", "cell"))
        codes = pm.Data("codes", np.zeros((labels, len(levels)), dtype=np.int64))
        given = pm.Data("labels", np.zeros(labels, dtype=np.int64))
        often = pm.Data("often", np.ones(2))
        start = pm.Normal("start", 0, 1.5, shape=2)
        slope = pm.Normal("slope", 0.8, 0.5, shape=2)
        weight = pm.Normal("context", 0.5, 0.5, shape=2)
        spread = pm.Gamma("spread", alpha=2, beta=4, shape=(len(levels), 2))
        raw = pm.Normal("raw", 0, 1, shape=(sum(levels), 2))
        # Effects of a key lie around zero by construction: else their mean and `start` could be traded for each other.
        key = np.repeat(np.arange(len(levels)), levels)
        mean = (np.arange(len(levels))[:, None] == key) / np.array(levels)[:, None]
        effect = pm.Deterministic("effect", (raw - pm.math.dot(mean, raw)[key]) * spread[key])
        odds = start + slope * evidence + weight * context + often * effect[codes].sum(axis=1)
        zero = np.zeros((labels, 1))
        pm.Categorical("label", logit_p=pm.math.concatenate([odds, zero], axis=1), observed=given)
    return sampling.compile_model(model, [*_WATCHED, "effect"])
