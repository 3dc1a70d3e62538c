"""A lift test that could be run: what it would bring and cost in every posterior draw, and how precisely it would tell.

In a part of the market a channel gets money on top of what it gets now; the rest of the market says what would have
happened without (Vaver & Koehler 2011, "Measuring ad effectiveness using geo experiments").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.spec import FieldTest
from reachbook.errors import DataError, ParamsError
from reachbook.presentation.numbers import number

_TAIL = 13
"""Weeks after a test in which what it carries on is counted as income, not as its result."""
_SIZES = (0.5, 1.0)
_USUAL = 0.25
"""Part of the largest observed spend that a channel counts as having where it has less."""


@dataclass(frozen=True)
class Noise:
    """Outcome of a week that nothing explains: its standard deviation, in outcome, and autocorrelation by a week.

    of : the same from what is left, (weeks,) or (draws, weeks).
    """

    sd: float
    rho: float = 0.0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.sd) and self.sd > 0 and -1 < self.rho < 1):
            raise DataError(f"noise has sd {self.sd} and rho {self.rho}; give sd above 0 and rho between -1 and 1.")

    @classmethod
    def of(cls, left: Floats) -> "Noise":
        """From the outcome less what is expected, (draws, weeks)."""
        rows = np.atleast_2d(left)
        rows = rows - rows.mean(axis=1, keepdims=True)
        power = (rows**2).sum()
        return cls(
            float(np.sqrt(power / rows.size)), float(np.clip((rows[:, 1:] * rows[:, :-1]).sum() / power, 0, 0.95))
        )

    def error(self, weeks: int, share: float) -> float:
        """Standard error of a lift summed over `weeks`, where `share` of the market is held against the rest.

        Regions are taken to vary independently, in proportion to their size: the treated part of the outcome has
        variance share * sd^2, what the rest says of it share^2 / (1 - share) * sd^2, together share / (1 - share) of
        sd^2. What all regions share cancels, so that a good control does better. Weeks are correlated by rho^lag.
        """
        lags = np.arange(1, weeks)
        total = weeks + 2 * float(((weeks - lags) * self.rho**lags).sum())
        return float(self.sd * np.sqrt(total * share / (1 - share)))


@dataclass(frozen=True)
class ExpectedTest:
    """What a test is expected to find.

    test : the candidate. lift : outcome that it adds while it runs, (draws,). carried : what it adds afterwards,
    (draws,). error : standard error of the lift that it would report.
    """

    test: FieldTest
    lift: Floats
    carried: Floats
    error: float

    @property
    def spend(self) -> float:
        """Money on top over all weeks."""
        return self.test.extra_spend * self.test.weeks

    def cost(self, margin: float) -> float:
        """Money that is not expected back, and the setup; `margin` is money for each unit of outcome.

        A test that pays by itself costs its setup: that more spend pays is said by the shadow price, not by a test.
        """
        return max(self.spend - margin * float((self.lift + self.carried).mean()), 0.0) + self.test.setup


def prospect(curves: Curves, retention: Floats, noise: Noise, test: FieldTest) -> ExpectedTest:
    """What `test` would find on top of the spend now; retention (draws, channels) builds it up and lets it fade.

    Raises ParamsError for a channel without a curve, or a level beyond the end of its curve, where nothing is known.
    """
    ends = zip(_current(curves).tolist(), curves.grid[:, -1].tolist(), strict=True)
    now, added = reach(test, dict(zip(curves.channels, ends, strict=True)))
    c = curves.channels.index(test.channel)
    kept = retention[:, [c]]
    running = 1 - kept ** np.arange(1, test.weeks + 1)
    fading = running[:, -1:] * kept ** np.arange(1, _TAIL + 1)
    rise = [test.share * _rise(curves, c, now, added * part).sum(axis=1) for part in (running, fading)]
    return ExpectedTest(test, rise[0], rise[1], test.se or noise.error(test.weeks, test.share))


def reach(test: FieldTest, known: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """Spend a week now of the test's channel, and what the test adds in its part of the market.

    known : spend now and the end of the curve of each channel.

    Raises ParamsError as `prospect` says.
    """
    if test.channel not in known:
        raise ParamsError(f"tests: {test.channel} has no curve. Channels: {', '.join(sorted(known))}.")
    (now, most), added = known[test.channel], test.extra_spend / test.share
    if now + added > most * (1 + 1e-9):
        raise ParamsError(
            f"tests: {number(test.extra_spend)} a week more in {number(test.share, 'ratio')} of the market is as if "
            f"{test.channel} had {number(now + added)} a week in all of it; its curve ends at {number(most)}. "
            f"Ask for {number((most - now) * test.share)} at most, or a larger share."
        )
    return now, added


def proposals(curves: Curves, weeks: int = 8, share: float = 0.5) -> tuple[FieldTest, ...]:
    """Each channel with half as much and as much again as it has now in the treated part, as far as its curve goes.

    A channel that has little now counts as having a quarter of what was observed.
    """
    made = []
    for c, name in enumerate(curves.channels):
        now = float(_current(curves)[c])
        usual, room = max(now, _USUAL * float(curves.observed[c])), float(curves.grid[c, -1]) - now
        sizes = sorted({_round(share * min(size * usual, room)) for size in _SIZES if room > 0})
        made += [FieldTest(channel=name, extra_spend=size, weeks=weeks, share=share) for size in sizes]
    return tuple(made)


def _round(amount: float) -> float:
    """Down to two significant digits: a test is bought in round sums."""
    step = 10.0 ** (np.floor(np.log10(amount)) - 1)
    return float(np.floor(amount / step * (1 + 1e-9)) * step)


def prospects(
    curves: Curves, retention: Floats, noise: Noise, tests: Sequence[FieldTest] | None
) -> tuple[ExpectedTest, ...]:
    """What each of `tests`, or of `proposals`, would find."""
    if retention.shape != (curves.draws, len(curves.channels)):
        raise DataError(f"retention has shape {retention.shape}; give {(curves.draws, len(curves.channels))}.")
    wanted = proposals(curves) if tests is None else tests
    return tuple(prospect(curves, retention, noise, test) for test in wanted)


def _current(curves: Curves) -> Floats:
    if curves.current is None:
        raise ParamsError("budget: a test comes on top of the spend now; give current.")
    return curves.current


def _rise(curves: Curves, c: int, now: float, added: Floats) -> Floats:
    """Outcome that `added` (draws, weeks) brings on top of `now`, (draws, weeks)."""
    grid, levels = curves.grid[c], np.concatenate([np.zeros((len(added), 1)), added], axis=1) + now
    outcome = np.stack([np.interp(x, grid, row) for x, row in zip(levels, curves.response[:, c], strict=True)])
    return np.asarray(outcome[:, 1:] - outcome[:, :1])
