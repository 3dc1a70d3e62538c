"""Alarms on the rows of a table: sudden days, lasting shifts, and last days that are late."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from reachbook.arrays import Flags, Floats
from reachbook.quality.expected import expected, late_expected, median, profile, season_of
from reachbook.quality.gaps import Gap
from reachbook.quality.noise import at_least, at_most, dispersion
from reachbook.quality.rows import Rows, measured
from reachbook.quality.spec import QualitySpec
from reachbook.translation import joined, tr

FEWEST_SLOTS = 10
"""Slots below which a series has no past to speak of."""
FEWEST_ROWS = 1.0
"""Mean rows a slot below which a series is too quiet to be watched for anything but gaps."""
LEAST_MEAN = 1.0
"""Smallest mean that is believed: a median of none says little about a quiet series."""
KINDS = ("sudden", "shift", "late")
SCALE = 1_000.0
"""Level to which a measure, such as an outcome, is brought, so that it can be read as counts with some noise."""


@dataclass(frozen=True)
class Alarm:
    """One finding on a series of rows.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    part : str
        "" for the whole table.
    first, last : int
        Slots that it is about: the day; of a shift the first slot after it, twice; the slots that are late.
    seen, past : float
        Rows a slot, and what the past says of it: for a shift before and after it, for late slots their mean.
    """

    kind: str
    part: str
    first: int
    last: int
    seen: float
    past: float

    @property
    def ratio(self) -> float:
        """What is seen as a multiple of the past."""
        return self.seen / self.past


@dataclass(frozen=True)
class Watched:
    """Series of one table that are watched, the whole first.

    Attributes
    ----------
    names : tuple of str
        "" and the names of the parts.
    counts : float64 array (series, slots)
        NaN in gaps.
    scale : float
        What one unit of `counts` stands for.
    """

    rows: Rows
    names: tuple[str, ...]
    counts: Floats
    scale: float

    @property
    def season(self) -> int:
        """Slots after which a weekday comes back, or 1 where the table is too short for weekdays."""
        return season_of(self.rows.season, self.counts.shape[1])

    @property
    def enough(self) -> bool:
        """Whether there is any series, long enough to have a past."""
        return len(self.names) > 0 and self.counts.shape[1] >= FEWEST_SLOTS

    def describe(self) -> str:
        """What is watched, in a sentence's part."""
        what, n, slots = measured(self.rows), len(self.names), self.counts.shape[1]
        if self.rows.noun == "week":
            return tr("{what} by week, {n} series of {slots}", what=what, n=n, slots=slots)
        return tr("{what} by day, {n} series of {slots}", what=what, n=n, slots=slots)


@dataclass(frozen=True)
class TailChances:
    """How unlikely each slot is; float64 arrays, the smaller the less likely, 1 where the change is too small to count.

    Attributes
    ----------
    more, less : (..., series, slots)
        Chance of so many rows, or of so few.
    shift : (..., series, slots)
        Minus the standardised change at a slot; 0 where it is too small.
    late : (..., series, latest)
        Chance that the last 1, 2, ... slots together hold so few.
    """

    more: Floats
    less: Floats
    shift: Floats
    late: Floats

    def lowest(self, kind: str) -> Floats:
        """Smallest value over all series and slots, shape (...)."""
        values = np.minimum(self.more, self.less) if kind == "sudden" else getattr(self, kind)
        return np.asarray(values.reshape(*values.shape[:-2], -1).min(axis=-1, initial=1.0))


def watched(rows: Rows, gaps: list[Gap]) -> Watched:
    """The series of a table: rows of the whole and of each part that is not too quiet, or the measure of a grid."""
    if rows.measure is not None and not rows.subject.layout.decided:
        return _measured(rows, rows.measure, gaps)
    if rows.subject.layout.grid:
        return Watched(rows, (), np.empty((0, len(rows.slots))), 1.0)
    every = {"": rows.total, **rows.parts}
    kept = {name: _blank(counts, name, gaps) for name, counts in every.items() if counts.mean() >= FEWEST_ROWS}
    counts = np.array(list(kept.values())).reshape(len(kept), len(rows.slots))
    return Watched(rows, tuple(kept), counts, 1.0)


def _measured(rows: Rows, measure: Floats, gaps: list[Gap]) -> Watched:
    counts = _blank(measure, "", gaps)
    level = float(np.nanmedian(counts)) if np.isfinite(counts).any() else 0.0
    if level <= 0 or np.nanmin(counts) < 0:  # what may be negative has no halves and doubles
        return Watched(rows, (), np.empty((0, len(rows.slots))), 1.0)
    return Watched(rows, ("",), counts[None] / level * SCALE, level / SCALE)


def _blank(counts: Floats, name: str, gaps: list[Gap]) -> Floats:
    """The counts with NaN in gaps of the whole and of the part itself."""
    result = counts.copy()
    for gap in gaps:
        if gap.part in ("", name):
            result[gap.first : gap.last + 1] = np.nan
    return result


def surprise(counts: Floats, season: int, spec: QualitySpec, past: Floats | None = None) -> TailChances:
    """Judge each slot of series by their own past.

    Parameters
    ----------
    counts : float64 array (..., series, slots)
        NaN in gaps.
    past : float64 array (..., series, slots) or None
        What is expected of each slot; computed by `expected.expected` by default.
    """
    mean = expected(counts, season) if past is None else past
    noise = dispersion(counts, mean)
    mean = np.maximum(mean, LEAST_MEAN)
    ratio = (counts + 0.5) / (mean + 0.5)
    return TailChances(
        _where(ratio >= spec.sudden_factor, at_least, counts, mean, noise),
        _where(ratio <= 1 / spec.sudden_factor, at_most, counts, mean, noise),
        _shift(counts, season, noise, spec.sudden_factor),
        _late(counts, season, noise, spec.late_share),
    )


def _where(flags: Flags, tail: Callable[..., Floats], counts: Floats, mean: Floats, noise: Floats) -> Floats:
    """The chance of a tail where flags are set, and 1 elsewhere."""
    chance = np.ones(flags.shape)
    chance[flags] = tail(counts[flags], mean[flags], np.broadcast_to(noise, flags.shape)[flags])
    return chance


def window_of(season: int) -> int:
    """Slots on each side of a shift that are compared: two weeks of days, or eight of whatever has no season."""
    return 14 if season == 7 else 8


def sides(counts: Floats, season: int) -> tuple[Floats, Floats]:
    """Median before and from each slot on, less the weekdays' pattern, shape (..., slots - 2 windows + 1) each."""
    width = window_of(season)
    middle = median(np.lib.stride_tricks.sliding_window_view(flat(counts, season), width, axis=-1), -1)
    return middle[..., :-width], middle[..., width:]


def flat(counts: Floats, season: int) -> Floats:
    """The counts less the weekdays' pattern, shape as `counts`."""
    level = profile(counts, season)
    return np.asarray(counts * np.where(level > 0, median(level, -1)[..., None] / np.maximum(level, 1e-9), 1.0))


def _shift(counts: Floats, season: int, noise: Floats, factor: float) -> Floats:
    """Minus the standardised change of level at each slot; a median of n values has (pi / 2) / n of their variance."""
    width, slots = window_of(season), counts.shape[-1]
    result = np.zeros(counts.shape)
    if slots < 2 * width:
        return result
    before, after = (np.nan_to_num(side) + 0.5 for side in sides(counts, season))
    size = np.abs(np.log(after / before))
    error = np.sqrt(np.pi / 2 / width * (1 / before + 1 / after + 2 * noise))
    result[..., width : slots - width + 1] = np.where(size >= np.log(factor), -size / error, 0.0)
    return result


def _late(counts: Floats, season: int, noise: Floats, share: float) -> Floats:
    """Chance that the last 1, 2, ... slots together hold so few rows."""
    latest = latest_of(counts.shape[-1], season)
    mean = late_expected(counts, season, latest)
    due = np.cumsum(mean[..., ::-1], axis=-1)
    held = np.cumsum(counts[..., -latest:][..., ::-1], axis=-1)
    # The variance of a sum of counts: each has its own mean + dispersion * mean ** 2.
    together = noise * np.cumsum(mean[..., ::-1] ** 2, axis=-1) / np.maximum(due, 1e-9) ** 2
    return _where(held <= share * due, at_most, held, due, together)


def latest_of(slots: int, season: int) -> int:
    """Last slots that may be late: a week of days, two of what has no season, and no more than a fifth of all."""
    return max(1, min(7 if season == 7 else 2, slots // 5))


def find(series: Watched, spec: QualitySpec, limits: dict[str, float]) -> list[Alarm]:
    """Find the alarms of a table; what the whole tells is not repeated for its parts.

    Parameters
    ----------
    limits : dict of str to float
        For each of `KINDS` the value below which it alarms, see `replay.limits`.
    """
    past = expected(series.counts, series.season)
    told = surprise(series.counts, series.season, spec)
    late = _late_alarms(series, told, limits["late"], spec) if series.rows.subject.layout.may_be_late else []
    shifts = [each for each in _shift_alarms(series, told, limits["shift"]) if not _at_the_end(each, late, series)]
    within = _within(series, shifts, past)
    sudden = _sudden_alarms(series, surprise(series.counts, series.season, spec, within), within, limits["sudden"])
    return [*[each for each in sudden if not _covered(each, late)], *shifts, *late]


def _covered(alarm: Alarm, late: list[Alarm]) -> bool:
    """Whether a low day is among the late ones of the same series, or on the way down to them."""
    near = [each for each in late if each.part in ("", alarm.part)]
    return alarm.ratio < 1 and any(alarm.first >= each.first - (each.last - each.first + 1) for each in near)


def _at_the_end(shift: Alarm, late: list[Alarm], series: Watched) -> bool:
    """Whether a fall is what the late days of the same series make of their fortnight."""
    near = series.counts.shape[1] - window_of(series.season) - latest_of(series.counts.shape[1], series.season)
    return shift.ratio < 1 and shift.first >= near and any(each.part in ("", shift.part) for each in late)


def _within(series: Watched, shifts: list[Alarm], past: Floats) -> Floats:
    """What the past says of each slot, where the past does not reach across a shift."""
    result = past.copy()
    for place, name in enumerate(series.names):
        edges = sorted({0, series.counts.shape[1], *(each.first for each in shifts if each.part in ("", name))})
        for first, last in pairwise(edges):
            alone = np.full(series.counts.shape[1], np.nan)
            alone[first:last] = series.counts[place, first:last]
            if len(edges) > 2:
                result[place, first:last] = expected(alone, series.season)[first:last]
    return result


def _sudden_alarms(series: Watched, told: TailChances, past: Floats, limit: float) -> list[Alarm]:
    found: list[Alarm] = []
    whole: set[tuple[int, bool]] = set()
    for place, name in enumerate(series.names):
        for more, chance in ((True, told.more[place]), (False, told.less[place])):
            slots = [int(slot) for slot in np.flatnonzero(chance < limit) if (int(slot), more) not in whole]
            whole |= {(slot, more) for slot in slots} if not name else set()
            found += [_alarm(series, "sudden", name, s, s, series.counts[place, s], past[place, s]) for s in slots]
    return sorted(found, key=lambda each: (each.first, each.part))


def _alarm(series: Watched, kind: str, part: str, first: int, last: int, seen: float, past: float) -> Alarm:
    return Alarm(kind, part, first, last, float(seen) * series.scale, max(float(past), 0.5) * series.scale)


def _shift_alarms(series: Watched, told: TailChances, limit: float) -> list[Alarm]:
    """The strongest shift of each series, then the next one at least a window away, and so on."""
    found: list[Alarm] = []
    width = window_of(series.season)
    for place, name in enumerate(series.names):
        change = told.shift[place].copy()
        while change.min(initial=0.0) < limit:
            slot = int(change.argmin())
            change[max(0, slot - width) : slot + width] = 0.0
            slot = _placed(flat(series.counts, series.season)[place], slot, width)
            if not any(each.part == "" and abs(each.first - slot) <= width // 2 for each in found):
                level = flat(series.counts, series.season)[place]
                before, after = (
                    float(median(part, 0)) for part in (level[slot - width : slot], level[slot : slot + width])
                )
                found.append(_alarm(series, "shift", name, slot, slot, after, before))
    return sorted(found, key=lambda each: (each.first, each.part))


def _placed(level: Floats, slot: int, width: int) -> int:
    """The slot near a shift that parts low from high: medians say that there is one, and a few days off where it is."""
    before, after = median(level[slot - width : slot], 0), median(level[slot : slot + width], 0)
    near = np.arange(slot - width // 2, min(slot + width // 2, len(level) - width) + 1)
    near = near[near >= width]
    closer = np.nan_to_num(
        np.abs(level - before) - np.abs(level - after)
    )  # above zero where the later level fits better
    return int(near[np.argmin(np.cumsum(closer)[near - 1])])


def _late_alarms(series: Watched, told: TailChances, limit: float, spec: QualitySpec) -> list[Alarm]:
    """The last slots of the whole, or else of its parts, that hold too little; as many as are low one by one."""
    latest, slots = told.late.shape[-1], series.counts.shape[1]
    due = late_expected(series.counts, series.season, latest)
    found: list[Alarm] = []
    for place, name in enumerate(series.names):
        if told.late[place].min() < limit and not (found and found[0].part == ""):
            low = series.counts[place, -latest:] < spec.late_share * due[place]
            held = int(np.argmin(np.append(low[::-1], False))) or int(told.late[place].argmin()) + 1
            seen, past = series.counts[place, -held:].mean(), due[place, -held:].mean()
            found.append(_alarm(series, "late", name, slots - held, slots - 1, seen, past))
    return found


def table(rows: Rows, found: list[Alarm], festivals: dict[str, Floats]) -> pd.DataFrame:
    """The alarms with their days: table, part, kind, first, last, rows, past, times, festival."""
    return pd.DataFrame(
        {
            "table": [rows.subject.name] * len(found),
            "part": [each.part or "all" for each in found],
            "alarm": [each.kind for each in found],
            "first": [f"{rows.slots[each.first]:%Y-%m-%d}" for each in found],
            "last": [f"{rows.slots[each.last]:%Y-%m-%d}" for each in found],
            "seen": [each.seen for each in found],
            "past": [each.past for each in found],
            "times": [each.ratio for each in found],
            "festival": [joined(tr(name) for name, on in festivals.items() if on[each.first]) for each in found],
        }
    )
