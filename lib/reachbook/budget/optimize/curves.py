"""Response curves as posterior draws on a grid of spends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Real

import numpy as np
import numpy.typing as npt

from reachbook.arrays import Floats
from reachbook.errors import DataError, ParamsError
from reachbook.translation import joined, tr


@dataclass(frozen=True)
class Curves:
    """Outcome of each channel at each spend, by posterior draw; linear between grid points.

    Attributes
    ----------
    response : float array (draws, channels, points)
        Outcome, in money (or in customers, for a CAC).
    grid : float array (channels, points)
        Spends at list price, in money, strictly increasing.
    channels : tuple of str
        Channel names.
    current : float array (channels,) or None
        Current spend, in money; None if unknown.
    observed : float array (channels,)
        Largest spend that the curves were learned from, in money.
    least : float array (channels,) or None
        Smallest such spend; None if they were learned from zero on.
    """

    response: Floats
    grid: Floats
    channels: tuple[str, ...]
    current: Floats | None
    observed: Floats
    least: Floats | None = None

    @property
    def draws(self) -> int:
        """Number of posterior draws."""
        return len(self.response)

    def outcome(self, spend: npt.ArrayLike) -> Floats:
        """Outcome of each channel by draw, float array (draws, channels); constant beyond the grid.

        Parameters
        ----------
        spend : float array (channels,)
            Spend, in money.
        """
        amounts = np.asarray(spend, float)
        return np.stack([read(self.grid[c], self.response[:, c], amounts[c]) for c in range(len(amounts))], axis=1)

    def thinned(self, points: int) -> "Curves":
        """The curves on about `points` points of the grid, both ends included."""
        size = self.grid.shape[1]
        kept = np.unique(np.linspace(0, size - 1, min(points, size)).astype(int))
        return replace(self, response=self.response[:, :, kept], grid=self.grid[:, kept])

    def only(self, draws: slice | npt.NDArray[np.intp]) -> "Curves":
        """The curves of the selected draws."""
        return replace(self, response=self.response[draws])


def curves(
    response: npt.ArrayLike,
    grid: npt.ArrayLike,
    *,
    channels: Sequence[str] | None = None,
    current: npt.ArrayLike | None = None,
    observed: npt.ArrayLike | None = None,
    least: npt.ArrayLike | None = None,
) -> Curves:
    """Checked response curves.

    Parameters
    ----------
    response : float array (draws, channels, points)
        Outcome at each spend.
    grid : float array (points,) or (channels, points)
        Spends in money, strictly increasing.
    channels : sequence of str, optional
        Names; channel_1, channel_2 ... by default.
    current : float array (channels,), optional
        Current spend.
    observed, least : float array (channels,), optional
        Largest and smallest observed spend; by default the end of the grid, and zero.

    Returns
    -------
    Curves
        The curves.

    Raises
    ------
    DataError
        If a value is missing or infinite, a shape is wrong, a grid spend is negative or the grid does not increase.
    ParamsError
        If `current`, `observed` or `least` is not one amount of 0 or more per channel.
    """
    values = np.asarray(response, float)
    if values.ndim != 3 or 0 in values.shape or values.shape[2] < 2:
        raise DataError(
            "response: "
            + tr("has shape {given}; give (draws, channels, grid points), two points or more.", given=values.shape)
        )
    count, points = values.shape[1:]
    names = tuple(channels) if channels is not None else tuple(f"channel_{c + 1}" for c in range(count))
    if len(names) != count or len(set(names)) < count:
        raise DataError(
            "channels: "
            + tr(
                "{n} names ({names}) for {curves} curves. Name each curve once.",
                n=len(names),
                names=joined(names),
                curves=count,
            )
        )
    spends = np.asarray(grid, float)
    if spends.shape not in ((points,), (count, points)):
        raise DataError(
            "grid: "
            + tr(
                "has shape {given}; give {points} spends for all channels, or {channels} times {points}.",
                given=spends.shape,
                points=points,
                channels=count,
            )
        )
    spends = np.broadcast_to(spends, (count, points)).copy()
    for c, name in enumerate(names):
        _check(name, values[:, c], spends[c])
    now = None if current is None else _amounts("current", current, names)
    seen = spends[:, -1].copy() if observed is None else _amounts("observed", observed, names)
    return Curves(values, spends, names, now, seen, None if least is None else _amounts("least", least, names))


def envelope(made: Curves) -> Curves:
    """Least concave, non-decreasing curves that lie nowhere below these, by draw."""
    response = np.array(
        [
            [_hull(made.grid[c], row) for c, row in enumerate(draw)]
            for draw in np.maximum.accumulate(made.response, axis=2)
        ]
    )
    return replace(made, response=response)


def _hull(grid: Floats, values: Floats) -> Floats:
    """Upper convex hull of the points, evaluated on the grid.

    References
    ----------
    Andrew (1979), monotone chain.
    """
    corners: list[int] = []
    for j in range(len(grid)):
        while len(corners) > 1:
            a, b = corners[-2:]
            if (values[b] - values[a]) * (grid[j] - grid[a]) > (values[j] - values[a]) * (grid[b] - grid[a]):
                break
            corners.pop()
        corners.append(j)
    return np.interp(grid, grid[corners], values[corners])


def interpolation_error(coarse: Curves, fine: Curves) -> Floats:
    """Largest error in expected outcome from interpolating on a coarse grid, float array (channels,).

    The sum over channels bounds the error of a plan's value.

    Parameters
    ----------
    coarse, fine : Curves
        The same curves on a coarse and on a finer grid.
    """
    errors = []
    for c in range(len(coarse.channels)):
        spends = fine.grid[c][fine.grid[c] <= coarse.grid[c, -1]]
        known = np.interp(spends, fine.grid[c], fine.response[:, c].mean(axis=0))
        errors.append(np.abs(np.interp(spends, coarse.grid[c], coarse.response[:, c].mean(axis=0)) - known).max())
    return np.array(errors)


def read(grid: Floats, values: Floats, spend: npt.ArrayLike) -> Floats:
    """Rows of `values` at `spend`, linear between grid points and constant beyond.

    Parameters
    ----------
    grid : float array (points,)
        Spends, increasing.
    values : float array (draws, points)
        Outcome at each of them.
    spend : float or float array (spends,)
        Where to read, in the unit of `grid`.

    Returns
    -------
    float array (draws,) or (draws, spends)
        Interpolated outcome.
    """
    amounts = np.asarray(spend, float)
    right = np.clip(np.searchsorted(grid, amounts), 1, len(grid) - 1)
    part = np.clip((amounts - grid[right - 1]) / (grid[right] - grid[right - 1]), 0, 1)
    return np.asarray((1 - part) * values[:, right - 1] + part * values[:, right])


def no_amount(given: object) -> str:
    """`given` as text if it is not a finite amount of 0 or more, else ""."""
    if not isinstance(given, Real):
        return repr(given)
    return "" if np.isfinite(float(given)) and float(given) >= 0 else str(given)


def _check(name: str, values: Floats, grid: Floats) -> None:
    """Require finite outcomes and strictly increasing spends of 0 or more."""
    if not np.isfinite(values).all():
        draw, point = np.argwhere(~np.isfinite(values))[0]
        raise DataError(
            f"response, {name}: "
            + tr(
                "{value} in draw {draw} at point {point}. A missing value is not zero: fit the curve again, or leave "
                "the channel out.",
                value=values[draw, point],
                draw=draw,
                point=point,
            )
        )
    if not np.isfinite(grid).all() or grid[0] < 0 or (np.diff(grid) <= 0).any():
        raise DataError(
            f"grid, {name}: " + tr("begins {first}; give spends of 0 or more that rise.", first=grid[:3].tolist())
        )


def _amounts(what: str, given: npt.ArrayLike, names: tuple[str, ...]) -> Floats:
    """Array of one amount per channel, checked to be finite and not negative."""
    amounts = np.asarray(given, float)
    if amounts.shape != (len(names),):
        raise ParamsError(
            f"{what}: "
            + tr("has shape {given}; give one amount for each of {n} channels.", given=amounts.shape, n=len(names))
        )
    for name, amount in zip(names, amounts, strict=True):
        if not np.isfinite(amount) or amount < 0:
            raise ParamsError(
                f"{what}, {name}: " + tr("{amount} is no amount of money. Give 0 or more.", amount=amount)
            )
    return amounts
