"""What would be sold without media: level, trend, yearly season, price and everything else that the table knows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reachbook.budget.history import History

type Floats = npt.NDArray[np.float64]

GROUPS = ("level", "trend", "bends", "season", "others")
"""Coefficients that share a scale."""
_KNOT = 26
"""Weeks between the bends of the trend."""
_YEAR = 365.25


@dataclass(frozen=True)
class Design:
    """Columns of the baseline, (weeks, columns), their names, the group of each, and the prior of each group's scale.

    median, spread : of each group's scale in shares of the mean outcome: its median and the deviation of its
        logarithm, 0 where the scale is given; (groups,)
    """

    columns: Floats
    names: tuple[str, ...]
    group: npt.NDArray[np.int64]
    median: Floats
    spread: Floats


def design(past: History, waves: int, media_share: float) -> Design:
    """The baseline's columns; further columns of the table in units of their deviation, price as its logarithm.

    A season needs a year and a half of weeks; below that only its first wave is fitted.
    """
    size = len(past.weeks)
    time = np.arange(size) / (size - 1) - 0.5
    named: list[tuple[str, str, Floats]] = [("level", "level", np.ones(size)), ("trend", "trend", time)]
    for knot in range(_KNOT, size - _KNOT // 2, _KNOT):
        named.append(("bends", f"bend {knot}", np.maximum(np.arange(size) - knot, 0) / size))
    angle = 2 * np.pi * past.weeks.day_of_year.to_numpy() / _YEAR
    for wave in range(1, (waves if size >= 78 else min(waves, 1)) + 1):
        named += [("season", f"sin {wave}", np.sin(wave * angle)), ("season", f"cos {wave}", np.cos(wave * angle))]
    for name in past.others.columns:
        values = past.others[name].to_numpy(dtype=float)
        logs = np.log(values) if name == "price" else values
        named.append(("others", name, (logs - logs.mean()) / logs.std()))
    noise = past.value.std() / past.value.mean()
    return Design(
        columns=np.stack([column for _, _, column in named], axis=1),
        names=tuple(name for _, name, _ in named),
        group=np.array([GROUPS.index(group) for group, _, _ in named]),
        median=np.array([max(2 * noise, media_share), 2 * noise, 0.5 * noise, 0.3 * noise, 0.3 * noise]),
        spread=np.array([0.0, 0.0, 0.7, 0.7, 0.7]),
    )
