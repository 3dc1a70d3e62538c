"""Baseline of the outcome without media: level, trend, season, weekdays, festivals, price and further columns."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.arrays import Floats
from reachbook.budget.model.history import History
from reachbook.budget.model.spec import MixSpec
from reachbook.stats.calendar import YEARS, festivals
from reachbook.translation import joined, tr

_SCALES = {"level": 2.0, "trend": 2.0, "bends": 0.5, "season": 0.3, "weekday": 0.3, "festivals": 0.3, "others": 0.3}
"""Groups of coefficients with a common scale; prior median of the scale in standard deviations of the outcome."""
_GIVEN = ("level", "trend", "bends")
"""Groups whose scale is fixed; the scale of others is learned, with prior standard deviation 0.7 of its logarithm."""
_KNOT = 26
"""Weeks between knots of the piecewise linear trend."""
_YEAR = 365.25
_HOLIDAYS = ("holiday", "festival", "national_day", "双11", "618", "节")
"""Substrings that mark a column of the outcome table as a holiday."""


@dataclass(frozen=True)
class Design:
    """Design matrix of the baseline and the priors of its coefficients' scales.

    Attributes
    ----------
    columns : float array (weeks, columns)
        Regressors.
    names : tuple of str
        Name of each column.
    group : int64 array (columns,)
        Group of each column.
    median : float array (groups,)
        Prior median of each group's scale, as a ratio of the mean outcome.
    spread : float array (groups,)
        Prior standard deviation of the log scale; 0 where the scale is fixed.
    """

    columns: Floats
    names: tuple[str, ...]
    group: npt.NDArray[np.int64]
    median: Floats
    spread: Floats


def design(past: History, spec: MixSpec) -> Design:
    """Design of the baseline.

    Further columns of the table are standardised, price after taking logarithms. Seasonal waves beyond the first need
    78 weeks.
    """
    named = [*_trend(past), *_season(past, spec.season), *_days(past, spec)]
    for name in past.others.columns:
        values = past.others[name].to_numpy(dtype=float)
        logs = np.log(values) if name == "price" else values
        named.append(("others", name, (logs - logs.mean()) / (logs.std() or 1.0)))
    groups = [group for group in _SCALES if group in {group for group, _, _ in named}]
    median = past.value.std() / past.value.mean() * np.array([_SCALES[group] for group in groups])
    median[0] = max(median[0], spec.media_share)
    return Design(
        columns=np.stack([column for _, _, column in named], axis=1),
        names=tuple(name for _, name, _ in named),
        group=np.array([groups.index(group) for group, _, _ in named]),
        median=median,
        spread=np.array([0.0 if group in _GIVEN else 0.7 for group in groups]),
    )


def calendar_note(past: History, spec: MixSpec) -> str:
    """Which holidays the baseline includes; "" if the calendar is switched off."""
    if spec.calendar == "none":
        return ""
    own = own_holidays(past)
    if own:
        return tr(
            "holidays are those of the outcome table ({columns}); the calendar adds none: put these "
            "columns into leave_out to use it instead",
            columns=joined(own),
        )
    found = [tr(name) for name, _ in _festivals(past)]
    years = (past.weeks[0].year, past.weeks[-1].year)
    if years[0] < YEARS[0] or years[1] > YEARS[1]:
        return tr(
            "the calendar knows lunar holidays from {first} to {last} only: bring a holiday column",
            first=YEARS[0],
            last=YEARS[1],
        )
    if not found:
        return ""
    return tr("holidays and shopping festivals are the Chinese calendar's: {festivals}", festivals=joined(found))


def own_holidays(past: History) -> list[str]:
    """Names of holiday columns in the user's table."""
    return [name for name in past.others.columns if any(word in name.lower() for word in _HOLIDAYS)]


type _Named = list[tuple[str, str, Floats]]


def _trend(past: History) -> _Named:
    size, knot = len(past.weeks), past.periods(_KNOT)
    named: _Named = [("level", "level", np.ones(size)), ("trend", "trend", np.arange(size) / (size - 1) - 0.5)]
    for start in range(knot, size - knot // 2, knot):
        named.append(("bends", f"bend {start}", np.maximum(np.arange(size) - start, 0) / size))
    return named


def _season(past: History, waves: int) -> _Named:
    named: _Named = []
    angle = 2 * np.pi * past.weeks.day_of_year.to_numpy() / _YEAR
    for wave in range(1, (waves if len(past.weeks) >= past.periods(78) else min(waves, 1)) + 1):
        named += [("season", f"sin {wave}", np.sin(wave * angle)), ("season", f"cos {wave}", np.cos(wave * angle))]
    return named


def _days(past: History, spec: MixSpec) -> _Named:
    """Weekday contrasts against Sunday (daily data only), and festivals."""
    named: _Named = []
    if past.step == 1:
        day = past.weeks.day_name()
        last = (day == "Sunday").astype(float)
        named = [("weekday", name, (day == name) - last) for name in sorted(set(day) - {"Sunday"})]
    if spec.calendar == "china" and not own_holidays(past):
        named += [("festivals", name, column) for name, column in _festivals(past)]
    return named


def _festivals(past: History) -> list[tuple[str, Floats]]:
    """Share of each period's days that lie in each festival, standardised; constant columns are dropped."""
    days = pd.date_range(past.weeks[0], past.weeks[-1] + pd.Timedelta(days=past.step - 1))
    parts = {name: on.reshape(-1, past.step).mean(axis=1) for name, on in festivals(days).items()}
    return [(name, (part - part.mean()) / part.std()) for name, part in parts.items() if part.std() > 0]
