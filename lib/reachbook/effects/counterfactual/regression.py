"""Bayesian linear regression with AR(1) residuals, exact except for a grid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from scipy.special import gammaln, logsumexp

from reachbook.arrays import Floats, Ints
from reachbook.effects.counterfactual.schur_complement import pivots

RHO = np.array([0.0, 0.2, 0.4, 0.55, 0.7, 0.8, 0.88, 0.94, 0.97, 0.99])
"""Grid of the autocorrelation of adjacent periods."""
_EDGE = 0.98
_KEPT = 1e-4


@dataclass(frozen=True)
class Block:
    """Regressors whose coefficients share one prior.

    Attributes
    ----------
    name : str
        Name of the block.
    columns : float array (periods, k)
        Regressors in all periods.
    scales : tuple of float
        Candidate prior standard deviations, in units of the residual's standard deviation; empty for a flat prior.
    mean : float
        Prior mean of each coefficient.
    odds : tuple of float
        Prior weight of each scale; empty for equal weights.
    """

    name: str
    columns: Floats
    scales: tuple[float, ...] = ()
    mean: float = 0.0
    odds: tuple[float, ...] = ()


@dataclass(frozen=True)
class Fit:
    """Posterior on its grid; g retained grid points, p coefficients.

    Attributes
    ----------
    weight : float array (g,)
        Posterior probability of each grid point.
    rho : float array (g,)
        Autocorrelation.
    scales : float array (g, blocks with a prior)
        Prior scale of each block, in the order of the blocks.
    centre : float array (g, p)
        Posterior mean of the coefficients.
    spread : float array (g, p, p)
        Their posterior covariance over s^2.
    noise : float array (g,)
        Estimate of s^2.
    df : int
        Degrees of freedom of the Student t.
    matrix : float array (periods, p)
        Regressors.
    time : int array (periods,)
        Periods since the first.
    target : float array (periods,)
        Outcome on the scale of the model.
    last : int
        Index of the last fitted period.
    evidence : float
        Log marginal likelihood, up to a constant that depends on the periods and the flat columns only.
    edge : float
        Posterior probability of the largest autocorrelation on the grid.
    likelihood : float array (autocorrelations, combinations of scales)
        Log marginal likelihood on the whole grid, with maximum 0.
    mode : tuple of (int, int)
        Position of the largest weight on the grid.
    parts : dict of str to slice
        Columns of each block.
    """

    weight: Floats
    rho: Floats
    scales: Floats
    centre: Floats
    spread: Floats
    noise: Floats
    df: int
    matrix: Floats
    time: Ints
    target: Floats
    last: int
    evidence: float
    edge: float
    likelihood: Floats
    mode: tuple[int, int]
    parts: dict[str, slice]

    def mean(self) -> Floats:
        """Fitted values X b of all periods, float array (periods,), without the autocorrelated residual."""
        return np.asarray(self.matrix @ (self.weight @ self.centre))

    def part(self, name: str) -> Floats:
        """Posterior mean of one block's contribution, float array (periods,)."""
        return np.asarray(self.matrix[:, self.parts[name]] @ self.coefficients(name))

    def coefficients(self, name: str) -> Floats:
        """Posterior mean of one block's coefficients, float array (k,)."""
        return np.asarray(self.weight @ self.centre[:, self.parts[name]])

    @property
    def deviation(self) -> float:
        """Root of the posterior mean of the residual variance."""
        return float(np.sqrt(self.weight @ self.noise))

    def moments(self, rows: Ints) -> tuple[Floats, Floats, Floats]:
        """Predictive moments; the covariance is noise * (loadings spread loadings' + residual residual').

        Parameters
        ----------
        rows : int array (h,)
            Indices of the periods.

        Returns
        -------
        mean : float array (g, h)
            Predictive mean.
        loadings : float array (g, h, p)
            Loadings on the coefficients.
        residual : float array (g, h, h)
            Loadings on the innovations.
        """
        steps = self.time[rows] - self.time[self.last]
        memory = self.rho[:, None] ** steps
        loadings = self.matrix[rows] - memory[:, :, None] * self.matrix[self.last]
        mean = np.einsum("ghp,gp->gh", loadings, self.centre) + memory * self.target[self.last]
        known, which = np.unique(self.rho, return_inverse=True)
        return mean, loadings, _residual(known, np.diff(steps, prepend=0))[which]

    def average(self, rows: Ints, shares: Floats) -> tuple[float, float]:
        """Predictive mean and standard deviation of a weighted sum of later periods.

        Parameters
        ----------
        rows : int array (h,)
            Indices of the periods.
        shares : float array (h,)
            Weights.

        Returns
        -------
        tuple of (float, float)
            Mean and standard deviation, in units of the target.
        """
        mean, loadings, residual = self.moments(rows)
        centre, lever = mean @ shares, np.einsum("ghp,h->gp", loadings, shares)
        own = np.einsum("gij,i->gj", residual, shares)
        variance = np.einsum("gp,gpq,gq->g", lever, self.spread, lever) + (own**2).sum(axis=1)
        variance *= self.noise * self.df / max(self.df - 2, 1)
        middle = float(self.weight @ centre)
        return middle, float(np.sqrt(self.weight @ (variance + (centre - middle) ** 2)))

    def paths(self, rows: Ints, normal: Floats, uniform: Floats, chi: Floats) -> Floats:
        """Predictive draws of later periods from given random numbers, which several units can share in part.

        Parameters
        ----------
        rows : int array (h,)
            Indices of the periods.
        normal : float array (draws, h)
            Standard normal numbers.
        uniform : float array (draws,)
            Uniform numbers, which select grid points.
        chi : float array (draws,)
            Chi-square numbers with `df` degrees of freedom.

        Returns
        -------
        float array (draws, h)
            Paths, in units of the target.
        """
        mean, loadings, residual = self.moments(rows)
        point = np.minimum(np.searchsorted(np.cumsum(self.weight), uniform), len(self.weight) - 1)
        wide = normal * np.sqrt(self.df / chi)[:, None]
        result = np.empty(normal.shape)
        order = np.argsort(point, kind="stable")
        for here in np.split(order, np.flatnonzero(np.diff(point[order])) + 1):
            g = point[here[0]]
            covariance = loadings[g] @ self.spread[g] @ loadings[g].T + residual[g] @ residual[g].T
            root = np.linalg.cholesky(self.noise[g] * (covariance + 1e-10 * np.eye(len(rows))))
            result[here] = mean[g] + wide[here] @ root.T
        return result

    def leading(self, mass: float) -> Fit:
        """The fit on the likeliest grid points that hold `mass` of the posterior: faster, and nearly as wide."""
        order = np.argsort(-self.weight)
        kept = np.sort(order[: int(np.searchsorted(np.cumsum(self.weight[order]), mass)) + 1])
        return replace(
            self, weight=self.weight[kept] / self.weight[kept].sum(), rho=self.rho[kept], scales=self.scales[kept],
            centre=self.centre[kept], spread=self.spread[kept], noise=self.noise[kept],
        )  # fmt: skip


def fit(
    target: Floats,
    time: Ints,
    blocks: list[Block],
    before: Ints,
    more: Floats | None = None,
    at: tuple[int, int] | None = None,
) -> Fit:
    """Posterior given the periods with index `before`.

    Parameters
    ----------
    target : float array (periods,)
        Outcome; read at `before` only.
    time : int array (periods,)
        Periods since the first, increasing; gaps are missing periods.
    blocks : list of Block
        Regressors.
    before : int array (n,)
        Indices of the fitted periods, increasing.
    more : float array (autocorrelations, combinations), optional
        Additional log prior weight on the grid, such as the `likelihood` of other units.
    at : tuple of (int, int), optional
        Single grid point, such as a `mode`, to condition on; fast, for comparisons at the same point.

    Returns
    -------
    Fit
        The posterior.

    Notes
    -----
    The model is

        y = X b + r,   r an AR(1) of standard deviation s,   b = mean + s * scale * normal,   p(s^2) ~ 1 / s^2

    Coefficients and s are integrated in closed form (a Student t). The autocorrelation and the scales of the blocks are
    on a grid, weighted by their marginal likelihood. Predictions carry the autocorrelated noise of the future path and
    the uncertainty of every parameter.

    References
    ----------
    Gelman et al. (2013), "Bayesian data analysis", chapter 14.
    """
    grid = _grid(target, time, blocks, before, at)
    log_weight = grid.likelihood + grid.odds + (more if more is not None and at is None else 0.0)
    top = log_weight.max()
    weight = np.exp(log_weight - top)
    evidence = float(top + np.log(weight.sum()) + gammaln(grid.df / 2))
    weight /= weight.sum()
    r, c = np.nonzero(weight > _KEPT * weight.max())
    kept = weight[r, c] / weight[r, c].sum()
    spread = np.linalg.inv(grid.gram[r] + grid.precision[c][:, :, None] * np.eye(len(grid.centre)))
    centre = grid.centre + np.einsum("gpq,gq->gp", spread, grid.cross[r])
    return Fit(
        kept, grid.rhos[r], grid.scales[c], centre, spread, grid.rss[r, c] / grid.df, grid.df, grid.matrix, time,
        target, int(before[-1]), evidence, float(weight[-1].sum()), grid.likelihood - grid.likelihood.max(),
        _position(weight), _parts(blocks),
    )  # fmt: skip


def assembled(
    target: Floats, time: Ints, blocks: list[Block], before: Ints, rhos: Floats, precision: Floats, gram: Floats
) -> Fit:
    """Posterior from sampled autocorrelations and precisions, with equal weights and prior means of zero.

    Parameters
    ----------
    target : float array (periods,)
        Outcome.
    time : int array (periods,)
        Periods since the first.
    blocks : list of Block
        Regressors.
    before : int array (n,)
        Indices of the fitted periods.
    rhos : float array (g,)
        Autocorrelations.
    precision : float array (g, p)
        Prior precisions of the coefficients.
    gram : float array (g, p + 1, p + 1)
        Products of [X y] after whitening by the AR(1).

    Returns
    -------
    Fit
        The posterior.
    """
    matrix = np.concatenate([block.columns for block in blocks], axis=1)
    df = len(before) - int((precision[0] == 0).sum())
    spread = np.linalg.inv(gram[:, :-1, :-1] + precision[:, :, None] * np.eye(matrix.shape[1]))
    cross = gram[:, :-1, -1]
    centre = np.einsum("gpq,gq->gp", spread, cross)
    rss = np.maximum(gram[:, -1, -1] - (centre * cross).sum(axis=1), 1e-300)
    count = len(rhos)
    return Fit(
        np.full(count, 1 / count), rhos, np.empty((count, 0)), centre, spread, rss / df, df, matrix, time, target,
        int(before[-1]), float("nan"), float((rhos > _EDGE).mean()), np.zeros(()), (0, 0), _parts(blocks),
    )  # fmt: skip


def likelihood(target: Floats, time: Ints, blocks: list[Block], before: Ints) -> tuple[Floats, float]:
    """Log marginal likelihood on the grid, as `Fit.likelihood`, and `Fit.evidence`, at a lower cost than a fit.

    Parameters
    ----------
    target : float array (periods,)
        Outcome; read at `before` only.
    time : int array (periods,)
        Periods since the first, increasing.
    blocks : list of Block
        Regressors.
    before : int array (n,)
        Indices of the fitted periods.

    Returns
    -------
    tuple of (float array (autocorrelations, combinations), float)
        Grid with maximum 0, and evidence.
    """
    grid = _grid(target, time, blocks, before, None)
    evidence = float(logsumexp(grid.likelihood + grid.odds) + gammaln(grid.df / 2))
    return np.asarray(grid.likelihood - grid.likelihood.max()), evidence


def _position(weight: Floats) -> tuple[int, int]:
    r, c = np.unravel_index(int(weight.argmax()), weight.shape)
    return int(r), int(c)


def _parts(blocks: list[Block]) -> dict[str, slice]:
    ends = np.cumsum([block.columns.shape[1] for block in blocks])
    return {b.name: slice(int(end) - b.columns.shape[1], int(end)) for b, end in zip(blocks, ends, strict=True)}


@dataclass(frozen=True)
class _Grid:
    """Sufficient statistics at each autocorrelation (r) and each combination of scales (c), for p coefficients.

    Attributes
    ----------
    rhos : float array (r,)
        Autocorrelations.
    matrix : float array (periods, p)
        Regressors.
    centre : float array (p,)
        Prior means.
    scales : float array (c, blocks with a prior)
        Prior scales.
    precision : float array (c, p)
        Prior precision of each coefficient, in units of the residual's.
    gram, cross : float array (r, p, p), (r, p)
        Cross products of whitened regressors, and with the whitened outcome.
    rss : float array (r, c)
        Penalised residual sum of squares.
    likelihood : float array (r, c)
        Log marginal likelihood, up to a constant.
    odds : float array (r, c)
        Log prior weight.
    df : int
        Degrees of freedom.
    """

    rhos: Floats
    matrix: Floats
    centre: Floats
    scales: Floats
    precision: Floats
    gram: Floats
    cross: Floats
    rss: Floats
    likelihood: Floats
    odds: Floats
    df: int


def _grid(target: Floats, time: Ints, blocks: list[Block], before: Ints, at: tuple[int, int] | None) -> _Grid:
    matrix = np.concatenate([block.columns for block in blocks], axis=1)
    flat = np.concatenate([np.full(block.columns.shape[1], not block.scales) for block in blocks])
    centre = np.concatenate([np.full(block.columns.shape[1], block.mean) for block in blocks])
    scales, precision, odds = _scales(blocks)
    rhos, log_rhos = RHO, np.log(_rho_odds())
    if at is not None:
        rhos, log_rhos = rhos[[at[0]]], log_rhos[[at[0]]]
        scales, precision, odds = scales[[at[1]]], precision[[at[1]]], odds[[at[1]]]
    df = len(before) - int(flat.sum())
    rest = target[before] - matrix[before] @ centre
    both = np.column_stack([matrix[before], rest])
    parts = [_whitened(both, np.diff(time[before]), rho) for rho in rhos]
    gram, log_det = np.stack([part for part, _ in parts]), np.array([part for _, part in parts])
    own = np.diagonal(gram, axis1=1, axis2=2)[:, -1] * 1e-12 + 1e-300
    gram[:, -1, -1] += own
    half_log, rss = pivots(gram, precision)
    found = 0.5 * np.log(precision[:, ~flat]).sum(axis=1) - half_log
    found = found - 0.5 * log_det[:, None] - 0.5 * df * np.log(rss)
    return _Grid(
        rhos, matrix, centre, scales, precision, gram[:, :-1, :-1], gram[:, :-1, -1], rss, found,
        log_rhos[:, None] + odds, df,
    )  # fmt: skip


def _scales(blocks: list[Block]) -> tuple[Floats, Floats, Floats]:
    """Combinations of scales (c, blocks), precision of each coefficient (c, p), and log prior weight (c,)."""
    having = [block for block in blocks if block.scales]
    combos = np.array(list(product(*(block.scales for block in having)))).reshape(-1, len(having))
    odds = np.array(list(product(*(block.odds or (1.0,) * len(block.scales) for block in having))))
    position, columns = 0, []
    for block in blocks:
        size = block.columns.shape[1]
        columns.append(
            np.repeat(combos[:, [position]] ** -2.0, size, axis=1) if block.scales else np.zeros((len(combos), size))
        )
        position += bool(block.scales)
    return combos, np.concatenate(columns, axis=1), np.log(odds.reshape(len(combos), -1)).sum(axis=1)


def _whitened(columns: Floats, gaps: Ints, rho: float) -> tuple[Floats, float]:
    """Cross products of the columns after whitening by an AR(1) of unit variance, and the latter's log determinant."""
    memory = rho**gaps
    scale = 1 / np.sqrt(1 - memory**2)
    white = columns.copy()
    white[1:] = (columns[1:] - memory[:, None] * columns[:-1]) * scale[:, None]
    return white.T @ white, float(-2 * np.log(scale).sum())


def _rho_odds() -> Floats:
    """Width of each grid cell times the reference prior 1 / sqrt(1 - rho^2) (Zellner 1971)."""
    edges = np.concatenate([[RHO[0]], (RHO[1:] + RHO[:-1]) / 2, [1.5 * RHO[-1] - 0.5 * RHO[-2]]])
    return np.asarray(np.diff(edges) / np.sqrt(1 - RHO**2))


def _residual(rho: Floats, gaps: Ints) -> Floats:
    """Loadings of an AR(1) of unit variance on its innovations, (g, h, h), starting from a known value."""
    steps = np.cumsum(gaps)
    lag = steps[:, None] - steps[None, :]
    lower = lag >= 0
    memory = np.where(lower, rho[:, None, None] ** np.where(lower, lag, 0), 0.0)
    return np.asarray(memory * np.sqrt(1 - rho[:, None] ** (2 * gaps))[:, None, :])
