"""A null reference without segments: people drawn with the observed margins and correlations."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.stats import norm, rankdata

from reachbook.segmentation.partition.moments import Grain
from reachbook.segmentation.partition.search import Search
from reachbook.segmentation.scaling import ATOM_SHARE, Scaled

QUANTILES = 2001
GRID = 1024


@dataclass(frozen=True)
class Reference:
    """Distribution from which reference tables are drawn.

    Attributes
    ----------
    marginals : float64 array (`QUANTILES`, features)
        Each feature's reference values in ascending order.
    root : float64 array (features, features)
        Cholesky factor of the latent correlations.
    """

    marginals: np.ndarray
    root: np.ndarray

    def draw(self, size: int, rng: np.random.Generator) -> np.ndarray:
        """Draw a table of `size` people, float64 array (size, features)."""
        level = norm.cdf(rng.standard_normal((size, len(self.root))) @ self.root.T)
        rows = np.minimum((level * QUANTILES).astype(int), QUANTILES - 1)
        return np.take_along_axis(self.marginals, rows, axis=0)


@dataclass(frozen=True)
class Against:
    """The observed gain compared with the reference, for each k.

    Attributes
    ----------
    observed : float64 array (k's,)
        Gain of the observed table.
    draws : float64 array (draws, k's)
        Gains of the reference tables.
    z : float64 array (k's,)
        (observed - mean of the draws) / their standard deviation.
    p : float64 array (k's,)
        Share of draws, the observed table included, whose largest z over all k is at least this z.
    """

    observed: np.ndarray
    draws: np.ndarray
    z: np.ndarray
    p: np.ndarray


def one_mode(values: np.ndarray) -> np.ndarray:
    """Smooth `values` with the narrowest kernel that leaves one mode.

    Parameters
    ----------
    values : float64 array (people,)
        One feature.

    Returns
    -------
    float64 array (`QUANTILES`,)
        Quantiles of the smoothed distribution, rescaled to the original spread where the kernel is wide.

    References
    ----------
    Silverman (1981), "Using kernel density estimates to investigate multimodality".
    """
    low, high = values.min(), values.max()
    margin = (high - low) * 0.25 + 1e-9
    edges = np.linspace(low - margin, high + margin, GRID + 1)
    counts = np.histogram(values, edges)[0].astype(float)
    step = edges[1] - edges[0]
    narrow, wide = 0.2 * values.std() * len(values) ** -0.2 / step + 1e-3, (high - low + margin) / step
    for _ in range(14):
        width = np.sqrt(narrow * wide)
        narrow, wide = (
            (narrow, width) if modes(gaussian_filter1d(counts, width, mode="constant")) <= 1 else (width, wide)
        )
    density = gaussian_filter1d(counts, wide, mode="constant")
    share = np.cumsum(density) / density.sum()
    out = np.interp(middles(QUANTILES), share, edges[1:])
    widened = wide * step >= 0.5 * values.std()
    return np.asarray((out - out.mean()) / out.std() * values.std() + values.mean() if widened else out)


def modes(density: np.ndarray) -> int:
    """Number of local maxima of a density, shape (grid,), ignoring steps that are tiny beside the highest value."""
    floor = 0.002 * density.max()
    steps = np.diff(density)
    sign = np.sign(np.where(np.abs(steps) > 1e-4 * floor, steps, 0))
    sign = sign[sign != 0]
    return int(((sign[:-1] > 0) & (sign[1:] < 0)).sum())


def marginal(values: np.ndarray, smooth: np.ndarray) -> np.ndarray:
    """Reference values of one feature in ascending order, shape (`QUANTILES`,).

    Parameters
    ----------
    values, smooth : float64 array (people,)
        The feature, and the feature with ties spread.

    Notes
    -----
    Values that 5 % or more share keep their share exactly; the rest is smoothed to one mode, and rounded to its own
    steps if it is a count.
    """
    _, where, count = np.unique(values, return_inverse=True, return_counts=True)
    shared = (count >= ATOM_SHARE * len(values))[where]
    number = round(float(shared.mean()) * QUANTILES)
    kept = np.quantile(values[shared], middles(number), method="nearest") if number else np.empty(0)
    if number == QUANTILES or (~shared).sum() < 10:
        return np.asarray(np.quantile(values, middles(QUANTILES), method="nearest"))
    drawn = one_mode(smooth[~shared])[np.round(np.linspace(0, QUANTILES - 1, QUANTILES - number)).astype(int)]
    lattice = np.unique(values[~shared])
    if 1 < len(lattice) < 0.5 * (~shared).sum():
        drawn = lattice[np.searchsorted((lattice[1:] + lattice[:-1]) / 2, drawn)]
    return np.sort(np.r_[kept, np.clip(drawn, values.min(), values.max())])


def middles(number: int) -> np.ndarray:
    """Midpoints of `number` equal parts of 0 to 1, shape (number,)."""
    return (np.arange(number) + 0.5) / number


def reference(scaled: Scaled, rng: np.random.Generator) -> Reference:
    """Build the reference of a scaled table."""
    return copula(scaled.values, scaled.smooth, rng)


def copula(values: np.ndarray, smooth: np.ndarray, rng: np.random.Generator) -> Reference:
    """Build a reference: a Gaussian copula over margins with one mode each.

    Parameters
    ----------
    values, smooth : float64 array (people, features)
        The features, and the features with ties spread.

    Notes
    -----
    Permuting columns would destroy the correlations, and one elongated cloud would beat the reference; normal margins
    would lose the skewed and zero-heavy shapes, and one skewed cloud would beat it. Margins are smoothed by the
    narrowest kernel that leaves one mode, so that two humps do not survive in the reference. Shared values such as
    zeros keep their share. Latent correlations are tuned until the drawn rank correlations agree with the observed
    ones.

    References
    ----------
    Silverman (1981), "Using kernel density estimates to investigate multimodality".
    """
    marginals = np.column_stack([marginal(v, s) for v, s in zip(values.T, smooth.T, strict=True)])
    target = rank_correlation(values)
    latent = 2 * np.sin(np.pi / 6 * rank_correlation(smooth))
    for _ in range(3):
        found = Reference(marginals, root(latent))
        latent = np.clip(latent + target - rank_correlation(found.draw(4000, rng)), -0.995, 0.995)
    return Reference(marginals, root(latent))


def rank_correlation(values: np.ndarray) -> np.ndarray:
    """Spearman correlations of `values`, shape (people, features), with ties at their mean rank.

    Returns
    -------
    float64 array (features, features)
    """
    return np.atleast_2d(np.corrcoef(rankdata(values, axis=0), rowvar=False))


def root(correlation: np.ndarray) -> np.ndarray:
    """Cholesky factor of a correlation matrix whose negative eigenvalues are cut off, shape (features, features)."""
    np.fill_diagonal(correlation, 1.0)
    size, turn = np.linalg.eigh(correlation)
    proper = (turn * np.maximum(size, 1e-4)) @ turn.T
    scale = np.sqrt(np.diag(proper))
    return np.linalg.cholesky(proper / np.outer(scale, scale))


def against(scaled: Scaled, ks: range, draws: int, size: int, rng: np.random.Generator) -> Against:
    """Gains of the observed table and of `draws` reference tables, all of `size` people, for each k."""
    source = reference(scaled, rng)
    rows = rng.choice(len(scaled.values), size, replace=False)
    observed = gains(scaled.values[rows], ks, rng, scaled.grain)
    drawn = np.array([gains(source.draw(size, rng), ks, rng, scaled.grain) for _ in range(draws)])
    mean, deviation = drawn.mean(axis=0), drawn.std(axis=0, ddof=1) + 1e-9
    z = (observed - mean) / deviation
    highest = ((drawn - mean) / deviation).max(axis=1)
    p = (1 + (highest[:, None] >= z[None]).sum(axis=0)) / (draws + 1)
    return Against(observed, drawn, z, p)


def gains(values: np.ndarray, ks: range, rng: np.random.Generator, grain: Grain = 0.0) -> np.ndarray:
    """Gain of the best partition of `values`, shape (people, features), for each k; shape (k's,)."""
    search = Search(values, rng, grain)
    return np.array([search.partition(k).gain for k in ks])
