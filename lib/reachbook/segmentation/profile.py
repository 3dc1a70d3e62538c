"""Profiles of segments: each compared with everybody else, feature by feature."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.privacy.suppression import suppressed
from reachbook.segmentation.behaviour import Features

LEVEL = 0.95
TRAIT = "trait"
"""Part of what describes people and is no behaviour."""


def profile(features: Features, labels: pd.Series) -> pd.DataFrame:
    """Compare each segment with the rest, feature by feature.

    Parameters
    ----------
    labels : int array (people,)
        Segment of each person, indexed like `features.frame`.

    Returns
    -------
    table : pandas.DataFrame
        One row for each segment and feature:
        - segment, feature, part ("clustered", "held out" or "trait") and unit;
        - value, rest: means inside and in the rest, in `unit`;
        - effect: (value - rest) / pooled standard deviation (Hedges' g);
        - low, high: its 95 % interval for large samples.

    Notes
    -----
    On clustered features the effect only describes, because these made the segments.

    References
    ----------
    Hedges & Olkin (1985), "Statistical Methods for Meta-Analysis".
    """
    traits = dummies(features.traits)
    numbers = features.numbers.rename(columns=lambda c: f"{c} (users)" if c in features.frame else str(c))
    table = features.frame.join(traits).join(numbers)
    known = features.meaning.set_index("feature")
    part = known["clustered"].map({True: "clustered", False: "held out"}).to_dict()
    part |= dict.fromkeys([*traits, *numbers], TRAIT)
    unit = known["unit"].to_dict() | dict.fromkeys(traits, "ratio") | dict.fromkeys(numbers, "")
    rows = [against_rest(table, labels == j).assign(segment=j) for j in sorted(labels.unique())]
    out = pd.concat(rows, ignore_index=True) if labels.nunique() > 1 else pd.DataFrame(columns=_COLUMNS)
    return out.assign(part=out["feature"].map(part), unit=out["feature"].map(unit))[_COLUMNS]


_COLUMNS = ["segment", "feature", "part", "unit", "value", "rest", "effect", "low", "high"]


DRAWN_PEOPLE = 5_000
"""Smallest number of people drawn to estimate the effects that numbers of events imply."""


def implied(features: Features, labels: pd.Series, seed: int) -> pd.DataFrame:
    """Mean effects if the same people's shares were drawn by chance, given how much each did.

    Returns
    -------
    pandas.DataFrame
        One row for each segment and feature, with columns segment, feature, effect.
    """
    rng = np.random.default_rng([seed, 11])
    drawn = [features.crowd.by_chance(rng) for _ in range(-(-DRAWN_PEOPLE // len(labels)))]
    rows = [against_rest(each, labels == j).assign(segment=j) for each in drawn for j in sorted(labels.unique())]
    return pd.concat(rows).groupby(["segment", "feature"])["effect"].mean().reset_index()


def dummies(traits: pd.DataFrame) -> pd.DataFrame:
    """Convert traits to 0/1 columns, one for each level, missing where the trait is missing."""
    columns = {}
    for name in traits:
        for level in sorted(traits[name].dropna().unique()):
            columns[f"{name} = {level}"] = (traits[name] == level).astype(float).where(traits[name].notna())
    return pd.DataFrame(columns, index=traits.index)


def against_rest(table: pd.DataFrame, inside: pd.Series) -> pd.DataFrame:
    """Means, and Hedges' g with its interval, of `inside` against the rest; missing values are ignored."""
    here, rest = table[inside], table[~inside]
    n, m = here.notna().sum(), rest.notna().sum()
    pooled = (((n - 1) * here.var() + (m - 1) * rest.var()) / (n + m - 2).clip(lower=1)) ** 0.5
    value, other = here.mean(), rest.mean()
    effect = ((value - other) / pooled.where(pooled > 0)) * (1 - 3 / (4 * (n + m) - 9))
    reach = float(norm.ppf((1 + LEVEL) / 2)) * ((n + m) / (n * m) + effect**2 / (2 * (n + m))) ** 0.5
    out = {
        "feature": table.columns,
        "value": value,
        "rest": other,
        "effect": effect,
        "low": effect - reach,
        "high": effect + reach,
    }
    return pd.DataFrame(out).reset_index(drop=True)


ORDERED = "has_ordered"
"""The one feature of behaviour that is a share of people."""
_RESTING = ["value", "rest", "effect", "low", "high"]


def without_few(
    profile: pd.DataFrame, features: Features, labels: pd.Series, minimum: int, segments: tuple[int, ...] = ()
) -> pd.DataFrame:
    """Empty the comparisons of a profile that count fewer than `minimum` people, or would give such a count away.

    Parameters
    ----------
    profile : pandas.DataFrame
        See `profile.profile`.
    labels : int array (people,)
        Segment of each person, indexed like `features.frame`.
    segments : tuple of int
        Segments that are hidden, so that nobody knows their size.

    Returns
    -------
    pandas.DataFrame
        The same rows; where one is hidden, its means, effect and interval are missing.

    Notes
    -----
    A trait's share of a segment, times its people, counts those who have it. Segments and levels of a trait are a table
    of two dimensions in which each person is in one cell, those without a value in a cell of their own. A small cell is
    hidden with as many others as it takes that no sum gives it away; of a level that few have at all, no segment's
    comparison is told, since each is made with all others.
    """
    told = _Told(labels, minimum, segments)
    hidden = {each for name in features.traits for each in told.levels(str(name), features.traits[name])}
    hidden |= {each for name in features.numbers for each in told.number(str(name), features)}
    if ORDERED in features.frame:
        hidden |= told.ordered(features.frame[ORDERED])
    rows = [pair in hidden for pair in zip(profile["segment"], profile["feature"], strict=True)]
    return profile.assign(**{name: profile[name].mask(np.asarray(rows, dtype=bool)) for name in _RESTING})


@dataclass(frozen=True)
class _Told:
    """Comparisons that are hidden, as segment and feature.

    Attributes
    ----------
    labels : int array (people,)
        Segment of each person.
    minimum : int
        Fewest people of a count that is told.
    segments : tuple of int
        Segments that are hidden.
    """

    labels: pd.Series
    minimum: int
    segments: tuple[int, ...]

    def levels(self, name: str, values: pd.Series) -> set[tuple[int, str]]:
        """Of one trait."""
        counts = pd.crosstab(self.labels, values.astype("string").fillna(""))
        cells = self._hidden(counts)
        return {
            (int(segment), f"{name} = {level}")
            for row, segment in enumerate(counts.index)
            for column, level in enumerate(counts.columns)
            if level and cells[row, column]
        }

    def ordered(self, ordered: pd.Series) -> set[tuple[int, str]]:
        """Of the share of people with an order."""
        counts = pd.crosstab(self.labels, ordered)
        cells = self._hidden(counts).any(axis=1)
        return {(int(segment), ORDERED) for segment, few in zip(counts.index, cells, strict=True) if few}

    def number(self, name: str, features: Features) -> set[tuple[int, str]]:
        """All of a number that too few people of any segment have, or lack."""
        counts = pd.crosstab(self.labels, features.numbers[name].notna())
        shown = f"{name} (users)" if name in features.frame else name
        few = self._hidden(counts)[~counts.index.isin(self.segments)].any()
        return {(int(segment), shown) for segment in counts.index} if few else set()

    def _hidden(self, counts: pd.DataFrame) -> np.ndarray:
        """Cells not to be told, bool array like `counts`: the sizes of segments stand on the page, but of those that
        are hidden; a level that few have is not told of any segment.
        """
        out = np.repeat(counts.index.isin(self.segments)[:, None], counts.shape[1], axis=1)
        found = suppressed(counts.to_numpy(), self.minimum, out, public=(True, False))
        return np.ones(counts.shape, dtype=bool) if found.total else found.cells | found.margins[1][None, :]
