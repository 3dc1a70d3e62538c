"""Candidate lift tests: expected lift, cost and standard error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.spec import FieldTest
from reachbook.errors import DataError, ParamsError
from reachbook.presentation.numbers import number
from reachbook.translation import joined, tr

_TAIL = 13
"""Weeks after a test in which its carry-over counts as income, not as part of the result."""
_SIZES = (0.5, 1.0)
_USUAL = 0.25
"""Share of the largest observed spend at which a channel with less spend is taken to be, for proposals."""


@dataclass(frozen=True)
class Noise:
    """Residual noise of the weekly outcome.

    Attributes
    ----------
    sd : float
        Standard deviation, in units of the outcome.
    rho : float
        Autocorrelation at a lag of one week.
    """

    sd: float
    rho: float = 0.0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.sd) and self.sd > 0 and -1 < self.rho < 1):
            raise DataError(
                tr(
                    "noise has sd {sd} and rho {rho}; give sd above 0 and rho between -1 and 1.",
                    sd=self.sd,
                    rho=self.rho,
                )
            )

    @classmethod
    def of(cls, left: Floats) -> "Noise":
        """Noise estimated from residuals `left`, (weeks,) or (draws, weeks): outcome minus its expectation."""
        rows = np.atleast_2d(left)
        rows = rows - rows.mean(axis=1, keepdims=True)
        power = (rows**2).sum()
        return cls(
            float(np.sqrt(power / rows.size)), float(np.clip((rows[:, 1:] * rows[:, :-1]).sum() / power, 0, 0.95))
        )

    def error(self, weeks: int, share: float) -> float:
        """Standard error of a lift summed over `weeks`, with a `share` of the market treated and the rest as control.

        Regions are assumed to vary independently, with variance in proportion to their size: the treated part of the
        outcome has variance share * sd^2 and its prediction from the rest share^2 / (1 - share) * sd^2, together share
        / (1 - share) * sd^2. Variation common to all regions cancels, so that a good control does better. Weeks are
        correlated by rho^lag.
        """
        lags = np.arange(1, weeks)
        total = weeks + 2 * float(((weeks - lags) * self.rho**lags).sum())
        return float(self.sd * np.sqrt(total * share / (1 - share)))


@dataclass(frozen=True)
class ExpectedTest:
    """Predicted result of a test.

    Attributes
    ----------
    test : FieldTest
        The candidate.
    lift : float array (draws,)
        Outcome added while it runs.
    carried : float array (draws,)
        Outcome added afterwards.
    error : float
        Standard error of the lift, in units of the outcome.
    """

    test: FieldTest
    lift: Floats
    carried: Floats
    error: float

    @property
    def spend(self) -> float:
        """Additional spend over all weeks, in money."""
        return self.test.extra_spend * self.test.weeks

    def cost(self, margin: float) -> float:
        """Setup plus spend that is not expected back, in money; `margin` is money per unit of outcome.

        A test that pays for itself costs its setup only: that more spend pays is a matter of the shadow price, not of
        the test.
        """
        return max(self.spend - margin * float((self.lift + self.carried).mean()), 0.0) + self.test.setup


def prospect(curves: Curves, retention: Floats, noise: Noise, test: FieldTest) -> ExpectedTest:
    """Predicted result of `test` on top of current spend.

    Parameters
    ----------
    curves : Curves
        Response curves by week.
    retention : float array (draws, channels)
        Share of the adstock that carries over from week to week.
    noise : Noise
        Noise of the weekly outcome.
    test : FieldTest
        The candidate.

    Returns
    -------
    ExpectedTest
        The prediction.

    Raises
    ------
    ParamsError
        If the channel has no curve, the level lies beyond the end of its curve, or current spend is unknown.

    References
    ----------
    Vaver & Koehler (2011), "Measuring ad effectiveness using geo experiments".
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
    """Current spend of the test's channel, and the spend that the test adds, scaled to the whole market.

    Parameters
    ----------
    test : FieldTest
        The candidate.
    known : mapping of str to (float, float)
        Current spend and end of the curve of each channel, in money a week.

    Returns
    -------
    tuple of (float, float)
        Both in money a week.

    Raises
    ------
    ParamsError
        If the channel has no curve, or the level lies beyond the end of its curve.
    """
    if test.channel not in known:
        raise ParamsError(
            tr("tests: {channel} has no curve. Channels: {known}.", channel=test.channel, known=joined(sorted(known)))
        )
    (now, most), added = known[test.channel], test.extra_spend / test.share
    if now + added > most * (1 + 1e-9):
        raise ParamsError(
            tr(
                "tests: {extra_spend} a week more in {share} of the market is as if {channel} had {now} "
                "a week in all of it; its curve ends at {most}. Ask for {allowed} at most, or a larger "
                "share.",
                extra_spend=number(test.extra_spend),
                share=number(test.share, "ratio"),
                channel=test.channel,
                now=number(now + added),
                most=number(most),
                allowed=number((most - now) * test.share),
            )
        )
    return now, added


def proposals(curves: Curves, weeks: int = 8, share: float = 0.5) -> tuple[FieldTest, ...]:
    """Default candidates: each channel with 50 % and 100 % more spend in the treated part, within its curve.

    A channel with little current spend counts as having a quarter of its largest observed spend.

    Raises
    ------
    ParamsError
        If current spend is unknown.
    """
    made = []
    for c, name in enumerate(curves.channels):
        now = float(_current(curves)[c])
        usual, room = max(now, _USUAL * float(curves.observed[c])), float(curves.grid[c, -1]) - now
        sizes = sorted({_round(share * min(size * usual, room)) for size in _SIZES if room > 0})
        made += [FieldTest(channel=name, extra_spend=size, weeks=weeks, share=share) for size in sizes]
    return tuple(made)


def _round(amount: float) -> float:
    """`amount` rounded down to two significant digits, since tests are bought in round sums."""
    step = 10.0 ** (np.floor(np.log10(amount)) - 1)
    return float(np.floor(amount / step * (1 + 1e-9)) * step)


def prospects(
    curves: Curves, retention: Floats, noise: Noise, tests: Sequence[FieldTest] | None
) -> tuple[ExpectedTest, ...]:
    """Predicted result of each of `tests`, or of `proposals`.

    Raises
    ------
    DataError
        If `retention` does not have shape (draws, channels).
    ParamsError
        As for `prospect`.
    """
    if retention.shape != (curves.draws, len(curves.channels)):
        raise DataError(
            tr(
                "retention has shape {shape}; give {it}.",
                shape=retention.shape,
                it=(curves.draws, len(curves.channels)),
            )
        )
    wanted = proposals(curves) if tests is None else tests
    return tuple(prospect(curves, retention, noise, test) for test in wanted)


def _current(curves: Curves) -> Floats:
    if curves.current is None:
        raise ParamsError(tr("budget: a test comes on top of the spend now; give current."))
    return curves.current


def _rise(curves: Curves, c: int, now: float, added: Floats) -> Floats:
    """Outcome that `added` (draws, weeks) brings on top of `now`, float array (draws, weeks)."""
    grid, levels = curves.grid[c], np.concatenate([np.zeros((len(added), 1)), added], axis=1) + now
    outcome = np.stack([np.interp(x, grid, row) for x, row in zip(levels, curves.response[:, c], strict=True)])
    return np.asarray(outcome[:, 1:] - outcome[:, :1])
