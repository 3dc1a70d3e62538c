"""Bring features, shape (people,) each, to comparable, roughly symmetric scales, with a record of what was done."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sklearn.neighbors import NearestNeighbors

from reachbook.translation import tr

ATOM_SHARE = 0.05
CLIP = 6.0
"""Scaled values are clipped at this many robust standard deviations from the median, so that no outlier is a
segment.
"""


NEARLY_CONSTANT = 0.99
GIVERS = 2_000
ALIKE = 10
OFFSETS = (1.0, 0.3, 0.1, 0.03)


@dataclass(frozen=True)
class ScaledColumn:
    """One scaled feature.

    Attributes
    ----------
    values, smooth, atoms : array (people,)
        As in `Scaled`.
    step : dict of str to object
        What was done, see `Scaled.steps`.
    grain : float
        Variance between the steps of a feature with few values, see `grain_of`.
    """

    values: np.ndarray
    smooth: np.ndarray
    atoms: np.ndarray
    step: dict[str, object]
    grain: float


@dataclass(frozen=True)
class Scaled:
    """Features on one scale.

    Attributes
    ----------
    values : float64 array (people, kept features)
        Median 0, robust standard deviation 1, clipped at ±`CLIP`.
    smooth : float64 array (people, kept features)
        `values` with ties spread at random, for density estimates.
    atoms : bool array (people, kept features)
        Whether a value is one that unusually many people share, mostly zero.
    grain : float64 array (kept features,)
        Variance between the steps of a feature with few values, see `grain_of`.
    names : tuple of str
        Kept features, in the order of the columns of `values`.
    steps : pandas.DataFrame
        One row for each kept feature: transform, share of atoms, and the skewness before and after.
    dropped : pandas.DataFrame
        One row for each dropped feature: feature, reason, partner, correlation.
    """

    values: np.ndarray
    smooth: np.ndarray
    atoms: np.ndarray
    grain: np.ndarray
    names: tuple[str, ...]
    steps: pd.DataFrame
    dropped: pd.DataFrame

    def rows(self, which: np.ndarray) -> "Scaled":
        """Select people by position, int array (selected people,)."""
        return replace(self, values=self.values[which], smooth=self.smooth[which], atoms=self.atoms[which])


def skewness(values: np.ndarray) -> float:
    """Moment skewness of the middle 98 % of `values`; 0 where they do not vary."""
    low, high = np.quantile(values, [0.01, 0.99])
    middle = values[(values >= low) & (values <= high)]
    spread = middle.std()
    return float(((middle - middle.mean()) ** 3).mean() / spread**3) if spread > 0 else 0.0


def unit(values: np.ndarray) -> np.ndarray:
    """Subtract the median of `values`, shape (people,), and divide by their robust spread."""
    return np.asarray((values - np.median(values)) / spread(values))


def spread(values: np.ndarray) -> float:
    """Robust standard deviation from the quartiles, or from wider quantiles where the quartiles nearly coincide.

    Notes
    -----
    The quartiles of a feature coincide where three quarters of its values are equal. The standard deviation of its
    middle 98 % (of all values, if that too is 0) is then used, if it is more than four times what the quartiles give.
    """
    q = np.quantile(values, [0.01, 0.25, 0.75, 0.99])
    quartile = (q[2] - q[1]) / 1.349
    wide = np.clip(values, q[0], q[3]).std() or values.std()
    return float(quartile if quartile > 0.25 * wide else wide)


def shifted_log(values: np.ndarray, offset: float, rest: np.ndarray) -> np.ndarray:
    """log of the distance from the minimum plus `offset`, in units of its median over `rest`.

    Parameters
    ----------
    values : float64 array (people,)
        One feature.
    rest : bool array (people,)
        People whose values are not atoms.
    """
    above = values - values.min()
    middle = np.median(above[rest]) or above.mean()
    return np.asarray(np.log(above / middle + offset))


def transformed(values: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, str]:
    """Shorten a long tail.

    Parameters
    ----------
    values : float64 array (people,)
        One feature.
    rest : bool array (people,)
        People whose values are not atoms.

    Returns
    -------
    tuple of (numpy.ndarray, str)
        The transformed values, and the name of the transform.

    Notes
    -----
    A feature with |skewness| (middle 98 % of `rest`) of at most 1 is left as it is. Otherwise the shifted log of the
    feature, or of its mirror image, is taken, with the offset (1, 0.3, 0.1 or 0.03 median distances) that leaves the
    least skewness.
    """
    found = tail(values, rest)
    if found is None:
        return values, tr("none")
    sign, offset = found
    best = sign * shifted_log(sign * values, offset, rest)
    if sign > 0:
        return best, tr("log, offset {offset:g} median", offset=offset)
    return best, tr("mirrored log, offset {offset:g} median", offset=offset)


def tail(values: np.ndarray, rest: np.ndarray) -> tuple[float, float] | None:
    """Sign (-1 for the mirror image) and offset of the log that `transformed` takes; None where it takes none."""
    before = skewness(values[rest])
    if abs(before) <= 1.0:
        return None
    sign = 1.0 if before > 0 else -1.0
    least = lattice_step(values[rest]) / 2
    tried = [
        (sign * shifted_log(sign * values, offset, rest), offset)
        for offset in OFFSETS
        if offset >= least or offset == 1
    ]
    return sign, min(tried, key=lambda t: abs(skewness(t[0][rest])))[1]


def lattice_step(values: np.ndarray) -> float:
    """Smallest step between neighbouring values, in median distances from the minimum; 0 where few values repeat.

    Notes
    -----
    An offset below half a step would separate the zeros of a count from its ones.
    """
    found = np.unique(values)
    if len(found) > 0.5 * len(values) or len(found) < 2:
        return 0.0
    return float(np.diff(found).min() / (np.median(values - found[0]) or (values - found[0]).mean()))


def atoms_of(values: np.ndarray) -> np.ndarray:
    """Flag people whose value unusually many share, bool array (people,).

    Notes
    -----
    Such a value holds at least 5 % of the people, and three times as many as each neighbouring value: the zeros of an
    amount, not the small numbers of an ordinary count.
    """
    found, where, count = np.unique(values, return_inverse=True, return_counts=True)
    padded = np.r_[0, count, 0]
    beside = np.maximum(padded[:-2], padded[2:])
    atom = (count >= ATOM_SHARE * len(values)) & (count >= 3 * beside)
    marked = atom[where]
    return marked if (~marked).mean() >= ATOM_SHARE and len(found) > 3 else np.zeros(len(values), bool)


def drawn_in(values: np.ndarray, atoms: np.ndarray) -> np.ndarray:
    """Move an atom at either end of `values` to within 1.5 robust spreads of the others' median, preserving the order.

    Parameters
    ----------
    values : float64 array (people,)
        One feature.
    atoms : bool array (people,)
        See `atoms_of`.

    Returns
    -------
    float64 array (people,)

    Notes
    -----
    That people do something at all is a filter, not a segment; without this step every zero would look like a separate
    cloud.
    """
    if not atoms.any():
        return values
    rest = values[~atoms]
    middle, reach = np.median(rest), 1.5 * spread(rest)
    out = values
    if atoms[values.argmin()]:
        out = np.maximum(out, max(values.min(), middle - reach))
    if atoms[values.argmax()]:
        out = np.minimum(out, min(values.max(), middle + reach))
    return out


def spread_out(values: np.ndarray, atoms: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Break ties in `values` at random: atoms as widely as the rest varies, others half-way to their neighbours.

    Parameters
    ----------
    values : float64 array (people,)
        One feature.
    atoms : bool array (people,)
        See `atoms_of`.

    Returns
    -------
    float64 array (people,)
    """
    found, where, count = np.unique(values, return_inverse=True, return_counts=True)
    noise, normal = rng.uniform(-0.5, 0.5, len(values)), rng.standard_normal(len(values))
    if len(found) == len(values) or len(found) < 2:
        return values
    gap = np.diff(found)
    left, right = np.r_[gap[0], gap], np.r_[gap, gap[-1]]
    width = np.where(noise < 0, left[where], right[where]) * (count[where] > 1)
    out = values + noise * width
    return np.where(atoms, values + normal * spread(values[~atoms]), out) if atoms.any() else out


def grain_of(values: np.ndarray, atoms: np.ndarray) -> float:
    """Mean squared noise that `spread_out` adds to ties: 0 for a measurement, a twelfth of a squared step for a count.

    Notes
    -----
    A flag has no variance within a group in which all have it. Without this floor, groups cut along single flags would
    look infinitely tight. It is Sheppard's correction with the opposite sign.
    """
    found, where, count = np.unique(values, return_inverse=True, return_counts=True)
    if len(found) < 2:
        return 0.0
    gap = np.diff(found)
    left, right = np.r_[gap[0], gap], np.r_[gap, gap[-1]]
    between = (left**2 + right**2) / 24 * (count > 1)
    return float(np.where(atoms, 0.0, between[where]).mean())


def column(raw: np.ndarray, rng: np.random.Generator) -> ScaledColumn:
    """Transform one feature, draw its atoms in, spread its ties, scale and clip it."""
    values = unit(raw)
    atoms = atoms_of(values)
    rest = ~atoms
    new, how = transformed(values, rest)
    new = drawn_in(new, atoms)
    smooth = spread_out(new, atoms, rng)
    middle, size = np.median(smooth), spread(smooth)
    step = {
        "transform": how,
        "atom_share": float(atoms.mean()),
        "skewness_before": skewness(values[rest]),
        "skewness_after": skewness(new[rest]),
    }
    ready = [np.clip((v - middle) / size, -CLIP, CLIP) for v in (new, smooth)]
    return ScaledColumn(ready[0], ready[1], atoms, step, grain_of(new / size, atoms))


def scaled(features: pd.DataFrame, correlation_limit: float, rng: np.random.Generator) -> Scaled:
    """Scale all features that vary and do not repeat another.

    Parameters
    ----------
    correlation_limit : float
        |Spearman correlation| above which one of two features is dropped.
    """
    still = {str(c): commonest(features[c]) for c in features if commonest(features[c]) >= NEARLY_CONSTANT}
    constant: list[dict[str, object]] = [
        {
            "feature": c,
            "reason": tr("constant") if share == 1 else tr("the same for {share:.1%} of people", share=share),
            "partner": None,
            "correlation": np.nan,
        }
        for c, share in still.items()
    ]
    varying = features.drop(columns=list(still))
    pruned = repeated(varying, correlation_limit)
    kept = varying.drop(columns=[d["feature"] for d in pruned])
    columns = [column(kept[name].to_numpy(float), rng) for name in kept]
    parts = [
        np.column_stack([getattr(c, part) for c in columns]) if columns else np.empty((len(features), 0))
        for part in ("values", "smooth", "atoms")
    ]
    parts[1] = borrowed(parts[1], parts[2].astype(bool), rng)
    steps = pd.DataFrame([{"feature": n, **c.step} for n, c in zip(kept.columns, columns, strict=True)])
    dropped = pd.DataFrame(constant + pruned, columns=["feature", "reason", "partner", "correlation"])
    grain = np.array([c.grain for c in columns])
    return Scaled(parts[0], parts[1], parts[2].astype(bool), grain, tuple(kept.columns), steps, dropped)


def borrowed(smooth: np.ndarray, atoms: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Replace each atom in `smooth` by the value of a person similar in all other features who has no atom there.

    Parameters
    ----------
    smooth : float64 array (people, features)
        Values with ties spread at random.
    atoms : bool array (people, features)
        Shared values.

    Notes
    -----
    Zeros spread at random over a segment would otherwise split it; zeros that go with other features leave the valleys
    in those.
    """
    out = smooth.copy()
    for j in np.flatnonzero(atoms.any(axis=0)) if smooth.shape[1] > 1 else []:
        givers = np.flatnonzero(~atoms[:, j])
        givers = givers[np.sort(rng.permutation(len(givers))[:GIVERS])]
        takers = np.flatnonzero(atoms[:, j])
        others = np.delete(smooth, j, axis=1)
        near = NearestNeighbors(n_neighbors=min(ALIKE, len(givers))).fit(others[givers])
        alike = near.kneighbors(others[takers], return_distance=False)
        pick = rng.integers(0, alike.shape[1], len(takers))
        out[takers, j] = smooth[givers[alike[np.arange(len(takers)), pick]], j]
    return out


def commonest(values: pd.Series) -> float:
    """Share of people who have the most common value."""
    return float(values.value_counts(normalize=True).iloc[0])


def repeated(features: pd.DataFrame, limit: float) -> list[dict[str, object]]:
    """List features to drop because a kept one carries the same information, with that one and the correlation.

    Notes
    -----
    From each pair above the limit, closest first, the feature more correlated with all others is dropped (ties by
    name), so that the order of the columns does not matter.
    """
    ranks = features.rank()
    table = np.abs(np.corrcoef(ranks.to_numpy().T)).reshape(ranks.shape[1], ranks.shape[1])
    names: list[str] = list(features.columns)
    gone: list[dict[str, object]] = []
    alive = np.ones(len(names), bool)
    np.fill_diagonal(table, 0.0)
    while True:
        open_ = np.where(alive[:, None] & alive[None, :], np.round(table, 9), 0.0)
        if not len(names) or open_.max() <= limit:
            return gone
        i, j = (int(x) for x in np.unravel_index(int(open_.argmax()), open_.shape))
        first = (round(float(open_[i].sum()), 6), names[i]) > (round(float(open_[j].sum()), 6), names[j])
        drop, keep = (i, j) if first else (j, i)
        alive[drop] = False
        gone.append(
            {
                "feature": names[drop],
                "reason": tr("repeats another"),
                "partner": names[keep],
                "correlation": float(ranks[names[drop]].corr(ranks[names[keep]])),
            }
        )
