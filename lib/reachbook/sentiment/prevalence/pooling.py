"""Shares in many small cells (week by platform, campaign, segment ...) from one audit, by partial pooling."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.errors import DataError
from reachbook.sentiment.text.labels import POLARITIES, Labels, checked_probabilities, label_codes
from reachbook.stats import sampling
from reachbook.stats.intervals import equal_tails
from reachbook.stats.sampling import Convergence
from reachbook.translation import tr

CELL = "cell"
"""Name of a last key whose values are the cells; without it every combination of the keys is a cell."""
_FLOOR = 1e-3
_BIN = 0.5
_EXPLAINED = 0.15
"""Least share of the variance that a model is assumed to explain: one that explains less says nothing about cells."""
_ACCEPT = 0.9
_SELDOM = 5
"""Labels of a polarity below which its differences between cells cannot be estimated."""
_USUAL = 5.0
"""Weight, in texts, of the overall mean in a cell's mean probability."""
_USED = 400
_CHUNK = 1500
_WATCHED = ["slope", "start", "context", "spread"]


@dataclass(frozen=True)
class Pooled:
    """The fitted model; contrasts are log-odds of negative and of neutral against positive, in that order.

    Attributes
    ----------
    slope, start : float64 array (draws, 2)
        Weight of the model's contrast, and intercept.
    context : float64 array (draws, 2)
        Weight of the difference between the cell's share and the overall one. It is 1 where cells differ only in their
        shares (a cell with more negative texts also has more of them among those that the model calls positive), and 0
        where they differ only in what is written, so that the probabilities hold in each.
    effects : float64 array (draws, levels, 2)
        Effects of the levels of all keys and of the cells.
    codes : int64 array (texts, keys + 1)
        Level of each text under each key, numbered consecutively, the cell last.
    evidence, context_of : float64 array (texts, 2)
        Centred contrast, and context of each text.
    convergence : Convergence
        Whether the draws may be used.
    level : float
        Level of the intervals.

    Notes
    -----
    An audit of some hundred labels leaves a handful for each cell. So the labels teach one model what the classifier's
    probabilities mean, and how far that differs from cell to cell; cells without labels take the common meaning, with
    the uncertainty of not having been observed. Every text of a cell is predicted, and the predictions are averaged
    (multilevel regression and poststratification).

    References
    ----------
    Gelman & Hill (2007), "Data Analysis Using Regression and Multilevel/Hierarchical Models", ch. 14. Saerens et al.
    (2002), "Adjusting the outputs of a classifier to new a priori probabilities".
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
        """Share of each polarity in each combination of values of `groups`.

        Parameters
        ----------
        groups : pandas.DataFrame
            One row for each text.

        Returns
        -------
        pandas.DataFrame
            One row for each combination: its values, texts, and the columns of `interval_frame`.
        """
        code, values = combinations(groups)
        sets = [np.flatnonzero(code == g) for g in range(len(values))]
        return pd.concat([values, self.frame(sets)], axis=1)

    def shares_of(self, members: dict[str, npt.NDArray[np.bool_]]) -> pd.DataFrame:
        """Shares in sets of texts that may overlap, such as the texts of each aspect.

        Parameters
        ----------
        members : bool array (texts,) each
            Texts of each set, by name.

        Returns
        -------
        pandas.DataFrame
            One row for each set that is not empty: name, texts, and the columns of `interval_frame`.
        """
        sets = {name: np.flatnonzero(flags) for name, flags in members.items() if flags.any()}
        frame = self.frame(list(sets.values()))
        frame.insert(0, "name", pd.Series(list(sets), dtype=object))
        return frame

    def frame(self, sets: Sequence[npt.NDArray[np.int64]]) -> pd.DataFrame:
        """Shares in sets of texts, one row each, see `interval_frame`.

        Parameters
        ----------
        sets : int64 array (texts of the set,) each
            Positions of the texts.
        """
        sizes = np.array([len(rows) for rows in sets], dtype=np.int64)
        return interval_frame(self.drawn(sets), sizes, self.level)

    def drawn(self, sets: Sequence[npt.NDArray[np.int64]]) -> np.ndarray:
        """Draw the shares among exactly the texts of each set.

        Parameters
        ----------
        sets : int64 array (texts of the set,) each
            Positions of the texts.

        Returns
        -------
        float64 array (draws, sets, 3)
        """
        rng = np.random.default_rng([self.seed, 3])
        drawn = [self._set(rows, rng) for rows in sets]
        return np.stack(drawn, axis=1) if drawn else np.empty((len(self.slope), 0, 3))

    def _set(self, rows: npt.NDArray[np.int64], rng: np.random.Generator) -> np.ndarray:
        """Draws of one set, shape (draws, 3); texts of one cell with nearly equal probabilities are predicted once."""
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
        """Probabilities of single texts, float64 array (draws, rows, 3)."""
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
    """Fit the model.

    Parameters
    ----------
    probabilities : float64 array (texts, 3)
        Negative, neutral, positive.
    keys : pandas.DataFrame
        One row for each text, one column for each key, such as week. The cells are all combinations of the keys; where
        these are too many, a last column `cell` states the cell of each text.
    audit_index : int array (labels,)
        Positions of a simple random sample of the texts.
    audit_labels : Labels
        Its labels.
    draws : int
        Draws and tuning steps of each chain.

    Returns
    -------
    Pooled
        Its `convergence` says whether its draws may be used.

    Raises
    ------
    DataError
        Nothing was labelled, or keys and probabilities differ in length.
    """
    from reachbook.sentiment.prevalence import pooling_density
    from reachbook.stats.compiled_density import sampled_model

    p = checked_probabilities(probabilities)
    if len(keys) != len(p):
        raise DataError(
            "keys: " + tr("{rows:,} rows for {texts:,} texts. Give one row a text.", rows=len(keys), texts=len(p))
        )
    where = np.asarray(audit_index, dtype=np.int64)
    if len(where) == 0:
        raise DataError("audit: " + tr("no text has a label. Have a random sample read; 200 labels are a good start."))
    labels = label_codes(audit_labels, len(where))
    evidence, codes = contrasts(p), _codes(keys)
    evidence = evidence - evidence.mean(axis=0)
    context = _context(p, codes[:, -1])
    often = (np.bincount(labels, minlength=3)[:2] >= _SELDOM).astype(float)
    levels = codes.max(axis=0) + 1
    codes = codes + np.concatenate([[0], np.cumsum(levels)[:-1]])
    data = pooling_density.packed(evidence[where], context[where], codes[where], labels, often, levels)
    model = sampled_model(pooling_density.log_density, data, pooling_density.middle(levels), jitter=1.0)
    chains, divergences = sampling.chains(model, ["z"], seed=seed, draws=draws, tune=draws, accept=_ACCEPT)
    drawn = pooling_density.named(chains["z"], levels)
    every = max(1, chains["z"].shape[0] * chains["z"].shape[1] // _USED)
    kept = {name: each.reshape(-1, *each.shape[2:])[::every] for name, each in drawn.items()}
    return Pooled(
        slope=kept["slope"],
        start=kept["start"],
        context=kept["context"],
        effects=kept["effect"] * often,
        codes=codes,
        evidence=evidence,
        context_of=context,
        convergence=sampling.convergence({name: drawn[name] for name in _WATCHED}, divergences),
        level=level,
        seed=seed,
    )


def contrasts(p: np.ndarray) -> np.ndarray:
    """Log-odds of negative and of neutral against positive, float64 array (texts, 2), always finite.

    Parameters
    ----------
    p : float64 array (texts, 3)
        Probabilities.
    """
    logs = np.log(np.maximum(p, _FLOOR))
    return np.asarray(logs[:, :2] - logs[:, 2:])


def combinations(groups: pd.DataFrame) -> tuple[npt.NDArray[np.int64], pd.DataFrame]:
    """Code of each row, int64 array (rows,), and the sorted combinations of values; a missing value is a value."""
    grouped = groups.groupby(list(groups.columns), dropna=False, sort=True, observed=True)
    first = grouped.head(0) if not len(groups) else groups.loc[~groups.duplicated()]
    code = grouped.ngroup().to_numpy().astype(np.int64)
    order = np.argsort(code[~groups.duplicated().to_numpy()])
    return code, first.iloc[order].reset_index(drop=True)


def interval_frame(drawn: np.ndarray, texts: npt.NDArray[np.int64], level: float) -> pd.DataFrame:
    """Convert draws to columns texts, negative_low, negative, negative_high, and so on.

    Parameters
    ----------
    drawn : float64 array (draws, groups, 3)
        Shares.
    texts : int64 array (groups,)
        Number of texts in each group.
    level : float
        Level of the intervals.
    """
    low, _, high = equal_tails(drawn, level)
    middle = drawn.mean(axis=0)
    columns: dict[str, np.ndarray] = {"texts": texts}
    for k, name in enumerate(POLARITIES):
        columns |= {f"{name}_low": np.minimum(low[:, k], middle[:, k]), name: middle[:, k]}
        columns |= {f"{name}_high": np.maximum(high[:, k], middle[:, k])}
    return pd.DataFrame(columns)


def _codes(keys: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Level of each text under each key, and under their combination unless a last key `cell` replaces it.

    Notes
    -----
    Levels are numbered as they first occur, so that what a brand is called, or in which language, moves no draw.
    """
    codes = [pd.factorize(keys[name], use_na_sentinel=False)[0] for name in keys.columns]
    crossed = len(codes) > 1 and keys.columns[-1] != CELL
    groups = keys.groupby(list(keys.columns), dropna=False, sort=False, observed=True)
    return np.column_stack([*codes, groups.ngroup()] if crossed else codes).astype(np.int64)


def _context(p: np.ndarray, cell: npt.NDArray[np.int64]) -> np.ndarray:
    """Difference between the contrast of the share in each text's cell and the overall one, float64 array (texts, 2).

    Notes
    -----
    A mean probability moves less than the share does, by the share of the variance that the model explains.
    """
    count, usual = np.bincount(cell), p.mean(axis=0)
    total = np.stack([np.bincount(cell, p[:, k]) for k in range(3)], axis=1)
    explained = p.var(axis=0) / np.maximum(usual * (1 - usual), _FLOOR)
    moved = (total - count[:, None] * usual) / (count[:, None] + _USUAL) / np.clip(explained, _EXPLAINED, 1)
    share = np.clip(usual + moved, _FLOOR, 1)
    return np.asarray((contrasts(share) - contrasts(usual[None]))[cell])
