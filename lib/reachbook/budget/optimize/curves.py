"""Response curves as posterior draws on a grid of spends: what every plan is made from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Real

import numpy as np
import numpy.typing as npt

from reachbook.arrays import Floats
from reachbook.errors import DataError, ParamsError


@dataclass(frozen=True)
class Curves:
    """Outcome of each channel at each spend, in every posterior draw; linear between the points of the grid.

    response : outcome in money (or customers, for a CAC), shape (draws, channels, points).
    grid : spends in money at list price, shape (channels, points), rising.
    channels : their names.
    current : spend now, shape (channels,), or None where it is not known.
    observed : largest spend that the curves were learned from, shape (channels,).
    least : smallest such spend, shape (channels,), or None where they were learned from zero on.
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
        """Outcome of each channel in every draw at `spend` (channels,); flat beyond the grid. (draws, channels)."""
        amounts = np.asarray(spend, float)
        return np.stack([read(self.grid[c], self.response[:, c], amounts[c]) for c in range(len(amounts))], axis=1)

    def thinned(self, points: int) -> "Curves":
        """The same curves on about so many points of their grid, ends included."""
        size = self.grid.shape[1]
        kept = np.unique(np.linspace(0, size - 1, min(points, size)).astype(int))
        return replace(self, response=self.response[:, :, kept], grid=self.grid[:, kept])

    def only(self, draws: slice | npt.NDArray[np.intp]) -> "Curves":
        """The same curves with some of the draws."""
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
    """Checked curves. `grid` may be one for all (points,) or one a channel (channels, points).

    channels : names; channel_1, channel_2 ... by default. current : spend now. observed, least : largest and
    smallest spend seen; the end of the grid and zero by default.

    Raises DataError for a missing or infinite value, a negative spend or a grid that does not rise.
    """
    values = np.asarray(response, float)
    if values.ndim != 3 or 0 in values.shape or values.shape[2] < 2:
        raise DataError(f"response has shape {values.shape}; give (draws, channels, grid points), two points or more.")
    count, points = values.shape[1:]
    names = tuple(channels) if channels is not None else tuple(f"channel_{c + 1}" for c in range(count))
    if len(names) != count or len(set(names)) < count:
        raise DataError(f"channels has {len(names)} names {list(names)} for {count} curves; name each curve once.")
    spends = np.asarray(grid, float)
    if spends.shape not in ((points,), (count, points)):
        raise DataError(f"grid has shape {spends.shape}; give ({points},) or ({count}, {points}) spends.")
    spends = np.broadcast_to(spends, (count, points)).copy()
    for c, name in enumerate(names):
        _check(name, values[:, c], spends[c])
    now = None if current is None else _amounts("current", current, names)
    seen = spends[:, -1].copy() if observed is None else _amounts("observed", observed, names)
    return Curves(values, spends, names, now, seen, None if least is None else _amounts("least", least, names))


def envelope(made: Curves) -> Curves:
    """The lowest curves that rise ever less steeply and lie nowhere below these: their concave envelopes, by draw."""
    response = np.array(
        [
            [_hull(made.grid[c], row) for c, row in enumerate(draw)]
            for draw in np.maximum.accumulate(made.response, axis=2)
        ]
    )
    return replace(made, response=response)


def _hull(grid: Floats, values: Floats) -> Floats:
    """Upper convex hull of the points, at each of them (Andrew 1979, monotone chain)."""
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
    """Most that taking `coarse` as linear between its points misses of `fine`, in expected outcome, (channels,).

    `fine` are the same curves on a finer grid; the sum over channels bounds what a plan's value can be off by.
    """
    errors = []
    for c in range(len(coarse.channels)):
        spends = fine.grid[c][fine.grid[c] <= coarse.grid[c, -1]]
        known = np.interp(spends, fine.grid[c], fine.response[:, c].mean(axis=0))
        errors.append(np.abs(np.interp(spends, coarse.grid[c], coarse.response[:, c].mean(axis=0)) - known).max())
    return np.array(errors)


def read(grid: Floats, values: Floats, spend: npt.ArrayLike) -> Floats:
    """Each row of `values` (draws, points), linear between the points of `grid` and flat beyond, at `spend`.

    spend : one spend, or several (spends,). Returns (draws,), or (draws, spends).
    """
    amounts = np.asarray(spend, float)
    right = np.clip(np.searchsorted(grid, amounts), 1, len(grid) - 1)
    part = np.clip((amounts - grid[right - 1]) / (grid[right] - grid[right - 1]), 0, 1)
    return np.asarray((1 - part) * values[:, right - 1] + part * values[:, right])


def no_amount(given: object) -> str:
    """What is given, where that is no amount of money of 0 or more; else nothing."""
    if not isinstance(given, Real):
        return repr(given)
    return "" if np.isfinite(float(given)) and float(given) >= 0 else str(given)


def _check(name: str, values: Floats, grid: Floats) -> None:
    """A curve that can be planned on, or a sentence that says why not."""
    if not np.isfinite(values).all():
        draw, point = np.argwhere(~np.isfinite(values))[0]
        raise DataError(f"response of {name} is {values[draw, point]} in draw {draw} at point {point}; a missing "
                        "value is not zero: fit the curve again, or leave the channel out.")  # fmt: skip
    if not np.isfinite(grid).all() or grid[0] < 0 or (np.diff(grid) <= 0).any():
        raise DataError(f"grid of {name} begins {grid[:3].tolist()}; give spends of 0 or more that rise.")


def _amounts(what: str, given: npt.ArrayLike, names: tuple[str, ...]) -> Floats:
    """One amount of money a channel."""
    amounts = np.asarray(given, float)
    if amounts.shape != (len(names),):
        raise ParamsError(f"{what} has shape {amounts.shape}; give one amount for each of {len(names)} channels.")
    for name, amount in zip(names, amounts, strict=True):
        if not np.isfinite(amount) or amount < 0:
            raise ParamsError(f"{what} spend of {name} is {amount}; give an amount of money, 0 or more.")
    return amounts
