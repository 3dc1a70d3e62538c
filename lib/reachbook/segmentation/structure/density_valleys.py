"""Valleys in the density between segments, which tell clusters from cuts through a single cloud."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d, label
from scipy.stats import chi2

from reachbook.segmentation.partition.k_means import k_means
from reachbook.segmentation.partition.moments import Moments

GRID = 48
SMALLEST = 8
DOUBT = 1.0
CHANCE = 0.5
BRIDGE_LIMIT = 0.85
PIECES = 3
PIECE_SIZE = 100


def saddles(values: np.ndarray, labels: np.ndarray, k: int, neighbours: int = 3) -> np.ndarray:
    """Height of the pass between each pair of near segments, over the lower of their two peaks.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled values with ties spread.
    labels : int array (people,)
        Segments 0..k-1.
    neighbours : int
        Number of nearest segments, by distance of centres in the pooled metric, that count as near.

    Returns
    -------
    float64 array (k, k)
        nan on the diagonal; 0 for pairs that are not near, because another segment lies between them.

    Notes
    -----
    The pass is the highest level at which some path connects the two peaks. Relative to the lower peak it is 1 in one
    cloud, about 0.3 for two equal normal groups four standard deviations apart, and 0 for islands.
    """
    out = np.zeros((k, k))
    np.fill_diagonal(out, np.nan)
    for (i, j), groups in near_pairs(values, labels, k, neighbours):
        out[i, j] = out[j, i] = pair_saddle(*groups)
    return out


def parted(values: np.ndarray, labels: np.ndarray, k: int, limit: float) -> bool:
    """Whether no pass of `saddles` is higher than `limit`; sooner than those, as one higher view decides.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled values with ties spread.
    labels : int array (people,)
        Segments 0..k-1.
    """
    return all(height <= limit for _, groups in near_pairs(values, labels, k) for height in heights(*groups))


type Pair = tuple[tuple[int, int], tuple[np.ndarray, np.ndarray]]
"""Two segments and the values of their people, float64 array (people of the segment, features) each."""


def near_pairs(values: np.ndarray, labels: np.ndarray, k: int, neighbours: int = 3) -> Iterator[Pair]:
    """Pairs of near segments that are large enough for a density; arguments as of `saddles`."""
    centre = np.array([values[labels == j].mean(axis=0) for j in range(k)])
    inside = np.atleast_2d(np.cov(values - centre[labels], rowvar=False)) + 1e-6 * np.eye(values.shape[1])
    step = centre[:, None] - centre[None]
    distance = np.einsum("ijp,pq,ijq->ij", step, np.linalg.inv(inside), step)
    near = distance.argsort(axis=1)[:, 1 : neighbours + 1]
    for i, j in sorted({(min(a, int(b)), max(a, int(b))) for a in range(k) for b in near[a]}):
        groups = values[labels == i], values[labels == j]
        if min(map(len, groups)) >= SMALLEST:
            yield (i, j), groups


def pair_saddle(first: np.ndarray, second: np.ndarray) -> float:
    """Height of the pass between two groups over the lower peak, at most 1: the highest over several views.

    Parameters
    ----------
    first, second : float64 array (people of the group, features)
        Scaled values with ties spread.
    """
    return max(heights(first, second))


def heights(first: np.ndarray, second: np.ndarray) -> Iterator[float]:
    """Height of the pass between two groups over the lower peak in each view.

    Parameters
    ----------
    first, second : float64 array (people of the group, features)
        Scaled values with ties spread.

    Notes
    -----
    Views are the discriminant alone, and planes through it in which a bend would show: a curved cloud has a false
    valley along the discriminant, and none in the plane of its bend.
    """
    both, side = np.vstack([first, second]), np.repeat([0, 1], [len(first), len(second)])
    seen, views = coordinates(both, side)
    width = 1.08 * min(len(first), len(second)) ** (-1 / 6)
    yield ridge(seen, side, 0.8 * width)
    for view in views:
        yield pass_height(seen, view, side, width)


def coordinates(values: np.ndarray, side: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Coordinates along the discriminant of two groups, and across it in directions in which a bend would show.

    Parameters
    ----------
    values : float64 array (people, features)
        Both groups.
    side : int array (people,)
        Group 0 or 1.

    Returns
    -------
    along : float64 array (people,)
        Position along the discriminant, in pooled within-group standard deviations.
    across : list of shape (people,)
        Positions in each direction of `directions` in which the values vary.
    """
    means = np.array([values[side == s].mean(axis=0) for s in (0, 1)])
    residual = values - means[side]
    table = residual.T @ residual / len(values)
    table += np.eye(len(table)) * (0.02 * np.trace(table) / len(table) + 1e-9)
    scale, turn = np.linalg.eigh(table)
    white = (values - means.mean(axis=0)) @ (turn / np.sqrt(scale))
    axis = white[side == 1].mean(axis=0) - white[side == 0].mean(axis=0)
    axis /= np.linalg.norm(axis) + 1e-12
    along = white @ axis
    if values.shape[1] == 1:
        return along, []
    across = white - np.outer(along, axis)
    views = [
        across @ d for d in directions(along, across, white, side, axis, widest=(turn * np.sqrt(scale)).T @ turn[:, -1])
    ]
    return along, [v for v in views if v.std() > 1e-9]


def directions(
    along: np.ndarray, across: np.ndarray, white: np.ndarray, side: np.ndarray, axis: np.ndarray, widest: np.ndarray
) -> list[np.ndarray]:
    """Unit directions across the discriminant in which the cloud bends, leans or fans out beyond chance, and the
    widest.

    Parameters
    ----------
    along : float64 array (people,)
        Position along the discriminant.
    across : float64 array (people, features)
        Whitened values without their component along the discriminant.
    white : float64 array (people, features)
        Whitened values.
    side : int array (people,)
        Group 0 or 1.
    axis, widest : float64 array (features,)
        Discriminant, and widest direction, in whitened coordinates.

    Notes
    -----
    Directions in which nothing bends would only add the noise of further density estimates.
    """
    powers = np.linalg.qr(np.vander((along - along.mean()) / along.std(), 5, increasing=True))[0][:, 2:]
    chance = float(chi2.ppf(1 - CHANCE, white.shape[1]))
    out = [widest]
    out += [bend for bend in (across.T @ powers).T if bend @ bend > chance]
    lean = (np.cov(white[side == 0], rowvar=False) - np.cov(white[side == 1], rowvar=False)) @ axis
    lean -= axis * (axis @ lean)
    out += [lean] if lean @ lean > chance * (1 / np.sum(side == 0) + 1 / np.sum(side == 1)) else []
    for power in powers.T[:2]:
        size, turn = np.linalg.eigh((across * power[:, None]).T @ across)
        limit = 2 * np.sqrt(white.shape[1]) + 3  # edge of the spectrum of pure noise, and some
        out += [turn[:, j] for j in (0, -1) if abs(size[j]) > limit]
    out = [d - axis * (axis @ d) for d in out]
    return [d / np.linalg.norm(d) for d in out if np.linalg.norm(d) > 1e-9]


def ridge(along: np.ndarray, side: np.ndarray, width: float) -> float:
    """Height of the pass over the lower peak in one dimension.

    Parameters
    ----------
    along : float64 array (people,)
        Position along the discriminant.
    side : int array (people,)
        Group 0 or 1.
    width : float
        Standard deviation of the kernel, in units of `along`.
    """
    edges = np.linspace(along.min(), along.max(), 129)
    step = edges[1] - edges[0]
    counts = np.array([np.histogram(along[side == s], edges)[0] for s in (0, 1)], float)
    groups = gaussian_filter1d(counts, width / step, axis=1, mode="constant")
    return connection(groups)


def pass_height(along: np.ndarray, across: np.ndarray, side: np.ndarray, width: float) -> float:
    """Height of the pass over the lower peak in the plane of `along` and `across`.

    Parameters
    ----------
    along, across : float64 array (people,)
        Coordinates.
    side : int array (people,)
        Group 0 or 1.
    width : float
        Standard deviation of the kernel along the discriminant; half of it is used across.
    """
    across = np.clip(across, *np.quantile(across, [0.005, 0.995]))
    edges = [np.linspace(v.min() - width, v.max() + width, GRID + 1) for v in (along, across)]
    steps = [e[1] - e[0] for e in edges]
    counts = np.array([np.histogram2d(along[side == s], across[side == s], edges)[0] for s in (0, 1)])
    groups = np.array([gaussian_filter(c, [width / steps[0], 0.5 * width / steps[1]], mode="constant") for c in counts])
    return connection(groups)


def connection(groups: np.ndarray) -> float:
    """Highest level at which the peaks of two groups are connected, over the lower peak, at most 1.

    Parameters
    ----------
    groups : float64 array (2, ...)
        Density of each group on a grid.
    """
    total = groups.sum(axis=0)
    own = [np.where(groups[s] > groups[1 - s], total, 0.0) for s in (0, 1)]
    peaks = [int(o.argmax()) for o in own]
    top = min(total.flat[peaks[0]], total.flat[peaks[1]])
    low, high = 0.0, 1.0
    for _ in range(8):
        level = (low + high) / 2
        island, _ = label(total >= level * top, structure=np.ones((3,) * total.ndim))
        if island.flat[peaks[0]] == island.flat[peaks[1]]:
            low = level
        else:
            high = level
    return high


def pieces(values: np.ndarray, labels: np.ndarray, k: int, seed: int) -> np.ndarray:
    """Split each segment into up to `PIECES` parts of at least `PIECE_SIZE` people on average.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled values with ties spread.
    labels : int array (people,)
        Segments 0..k-1.

    Returns
    -------
    int array (people,)
        Labels of the parts.
    """
    out, count = np.empty_like(labels), 0
    axes = np.linalg.cholesky(np.linalg.inv(Moments(values).within(labels, k)))
    for j in range(k):
        own = labels == j
        parts = max(1, min(PIECES, int(own.sum()) // PIECE_SIZE))
        out[own] = count + k_means(values[own] @ axes, parts, seed, starts=2, iterations=300)
        count += parts
    return out


def bridges(values: np.ndarray, labels: np.ndarray, k: int, seed: int) -> np.ndarray:
    """Height of the pass between segments along the best path through their parts, over the lower peak.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled values with ties spread.
    labels : int array (people,)
        Segments 0..k-1.

    Returns
    -------
    float64 array (k, k)
        nan on the diagonal.

    Notes
    -----
    A bent or long cloud connects piece by piece where a direct view shows a valley.
    """
    part = pieces(values, labels, k, seed)
    owner = np.array([labels[part == j][0] for j in range(part.max() + 1)])
    height = np.nan_to_num(saddles(values, part, len(owner), neighbours=4), nan=1.0)
    for m in range(len(owner)):
        height = np.maximum(height, np.minimum(height[:, [m]], height[[m], :]))
    out = np.array([[height[np.ix_(owner == i, owner == j)].max() for j in range(k)] for i in range(k)])
    np.fill_diagonal(out, np.nan)
    return out


@dataclass(frozen=True)
class Distinctness:
    """How far the segments of one partition are separate clouds.

    Attributes
    ----------
    passes : float64 array (k, k)
        Height of the pass over the lower peak for each pair of near segments, plus one standard error of a density
        ratio at their sizes; nan on the diagonal, 0 where another segment lies between.
    bridges : float64 array (k, k), or None
        Height along the best path through parts of segments, without the error; None where `passes` already decided.
    """

    passes: np.ndarray
    bridges: np.ndarray | None

    @property
    def worst(self) -> float:
        """The highest pass of any pair, which is the shallowest valley."""
        return float(np.nanmax(self.passes))

    @property
    def bridge(self) -> float:
        """Highest pass through parts of segments; nan where it was not computed."""
        return float(np.nanmax(self.bridges)) if self.bridges is not None else float("nan")

    def holds(self, limit: float) -> bool:
        """Whether every pair has a valley: direct passes at most `limit`, bridges at most `BRIDGE_LIMIT`."""
        return self.worst <= limit and self.bridges is not None and self.bridge <= BRIDGE_LIMIT


def distinctness(smooth: np.ndarray, labels: np.ndarray, k: int, limit: float, seed: int) -> Distinctness:
    """Measure the valleys of one partition; bridges, which cost more, only where all direct passes are within `limit`.

    Parameters
    ----------
    smooth : float64 array (people, features)
        Scaled values with ties spread.
    labels : int array (people,)
        Segments 0..k-1.
    """
    sizes = np.bincount(labels, minlength=k)
    if sizes.min() < SMALLEST:
        return Distinctness(np.ones((k, k)), None)
    error = DOUBT / np.sqrt(np.minimum.outer(sizes, sizes))
    passes = saddles(smooth, labels, k)
    passes = np.where(passes > 0, np.minimum(passes + error, 1.0), passes)
    open_ = np.nanmax(passes) <= limit
    return Distinctness(passes, bridges(smooth, labels, k, seed) if open_ else None)
