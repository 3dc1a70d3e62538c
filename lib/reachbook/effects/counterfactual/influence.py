"""Influence of single periods and single treated units on the effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from reachbook.arrays import Floats
from reachbook.effects.counterfactual.evidence import UnitDraws
from reachbook.effects.wording import signed
from reachbook.presentation.numbers import number
from reachbook.translation import joined, sentences, tr
from reachbook.verdict import Gate

AWAY = 6.0
"""Robust standard deviations from the others beyond which a period or unit counts as an outlier."""
SLIP = 0.5
"""Distance from the others, as a ratio of the expected outcome, from which an error is presumed: the gate blocks."""
_MAD = 1.4826
_REFITS = 3
Reach = tuple[float, float]
"""Half-width of the effect's interval, as a ratio and in units of the outcome."""
Refit = Callable[[pd.Timestamp], tuple[float, float]]


def by_period(drawn: Sequence[UnitDraws], reach: Reach) -> pd.DataFrame:
    """Influence of each campaign period, all treated units together, the most influential first.

    Parameters
    ----------
    drawn : sequence of UnitDraws
        Treated units.
    reach : tuple of (float, float)
        Half-width of the effect's interval, as a ratio and in units of the outcome.

    Returns
    -------
    DataFrame
        what: "period". name: its day. lift: gain over the expected outcome. without: effect without the period. share:
        change of the effect, in half-widths. away: distance of its lift from the others', in robust standard deviations
        of earlier residuals and of the other lifts. Lifts are ratios if all expected outcomes are positive, else in
        units of the outcome.

    Notes
    -----
    Leaving out a campaign period or a treated unit needs no new fit, as the counterfactual is learned from earlier
    periods and from the controls.
    """
    gain, base = _sums(drawn)
    past = _past(drawn, _ratios(base))
    lift = gain / base if _ratios(base) else gain
    usual = _spread(past)
    usual = max(usual, _spread(lift.to_numpy())) if len(lift) > 3 else usual
    rows = _left_out(gain.to_numpy(), base.to_numpy(), reach)
    apart = [np.delete(lift.to_numpy(), i) for i in range(len(lift) if len(lift) > 1 else 0)]
    away = [abs(x - float(np.median(others))) / usual for x, others in zip(lift, apart, strict=False)] or [0.0]
    names = [f"{when:%Y-%m-%d}" for when in lift.index]
    return _frame("period", names, lift.to_numpy(), rows, np.array(away), _ratios(base))


def by_unit(drawn: Sequence[UnitDraws], reach: Reach) -> pd.DataFrame:
    """Influence of each treated unit, the most influential first.

    Parameters
    ----------
    drawn : sequence of UnitDraws
        Treated units.
    reach : tuple of (float, float)
        Half-width of the effect's interval, as a ratio and in units of the outcome.

    Returns
    -------
    DataFrame
        Columns as for `by_period`, with what "unit"; `away` is in units of the unit's standard error and the others'
        spread combined.
    """
    gain = np.array([float((one.observed - one.middle).sum()) for one in drawn])
    base = np.array([float(one.middle.sum()) for one in drawn])
    ratio = bool((base > 0).all())
    size = base if ratio else np.array([float(len(one.dates)) for one in drawn])
    own = np.array([float(one.without.sum(axis=1).std()) for one in drawn]) / size
    lift, away = gain / size, np.zeros(len(drawn))
    for i in range(len(drawn) if len(drawn) > 1 else 0):
        others = np.delete(lift, i)
        spread = _spread(others) if len(others) > 2 else float(np.median(np.delete(own, i)))
        away[i] = abs(lift[i] - np.median(others)) / max(float(np.hypot(own[i], spread)), 1e-12)
    return _frame("unit", [one.unit for one in drawn], lift, _left_out(gain, base, reach), away, ratio)


def one_period(frame: pd.DataFrame, drawn: Sequence[UnitDraws], confirmed: Sequence[str]) -> Gate:
    """Gate on an effect that depends on a single campaign period."""
    if len(frame) < 2:
        told = tr("The campaign has one period, so that no other shows whether it is a slip.")
        return Gate("one_period", False, told, "warn")
    return _influence_gate("one_period", frame, confirmed, lambda name: _cell(drawn, name))


def one_unit(frame: pd.DataFrame, confirmed: Sequence[str]) -> Gate:
    """Gate on an effect that depends on a single treated unit."""
    if len(frame) < 2:
        return Gate("one_unit", True, tr("There is one treated unit: the effect is that unit's."), "warn")
    return _influence_gate("one_unit", frame, confirmed, lambda name: "")


def past_period(drawn: Sequence[UnitDraws], reach: Reach, refit: Refit, confirmed: Sequence[str]) -> Gate:
    """Gate on a single outlying earlier period that moves the effect or widens its interval.

    A refit is needed for each such period, so only those with extreme residuals are examined.

    Parameters
    ----------
    drawn : sequence of UnitDraws
        Treated units.
    reach : tuple of (float, float)
        Half-width of the effect's interval, as a ratio and in units of the outcome.
    refit : callable
        Maps a day to the change of the effect without it, and the ratio of interval widths without and with it.
    confirmed : sequence of str
        Days that were checked and are right.
    """
    ratio = _ratios(_sums(drawn)[1])
    half_width = reach[0] if ratio else reach[1]
    missed = _past_frame(drawn, ratio)
    away = (missed - missed.median()).abs() / _spread(missed.to_numpy())
    far = away[away > AWAY].sort_values(ascending=False).index[:_REFITS]
    found = [(f"{when:%Y-%m-%d}", *refit(when)) for when in far]
    bad = [(when, shift, width) for when, shift, width in found if abs(shift) > half_width * width or width < 0.5]
    if not bad:
        told = tr("No single period before the campaign carries the effect.")
        if found:
            days = joined(when for when, *_ in found)
            told = sentences(told, tr("Standing out, and hardly moving it: {days}.", days=days))
        return Gate("past_period", True, told)
    when, shift, width = max(bad, key=lambda each: abs(each[1]))
    told = tr(
        "{day}, before the campaign, lies {away} usual errors away from what was expected; without it the lift moves "
        "by {shift} and its interval is {width} times as wide.",
        day=when,
        away=f"{away[pd.Timestamp(when)]:.0f}",
        shift=_size(shift, ratio),
        width=f"{width:.1f}",
    )
    if when in confirmed:
        return Gate("past_period", True, sentences(told, tr("It was confirmed.")))
    serious = abs(shift) > half_width * width
    return Gate("past_period", False, sentences(told, remedy(when)), "block" if serious else "warn")


def _influence_gate(id: str, frame: pd.DataFrame, confirmed: Sequence[str], cell: Callable[[str], str]) -> Gate:
    middle, ratio, worst = float(frame["lift"].median()), bool(frame.attrs["ratio"]), frame.iloc[0]
    out = frame[(frame["share"] > 1) & (frame["away"] > AWAY)]
    distance = (out["lift"] - middle).abs()
    out = out[distance >= 0.5 * distance.max()]
    open_ = out[~out["name"].isin(list(confirmed))].sort_values("lift", key=abs, ascending=False, kind="stable")
    if len(out) and not len(open_):
        told = tr(
            "{names} alone carries the answer, and was confirmed (without it {without}).",
            names=joined(out["name"]),
            without=_size(out["without"].iloc[0], ratio),
        )
        return Gate(id, True, told)
    if not len(open_):
        return Gate(id, True, _moves(id, worst))
    first = open_.iloc[0]
    told = tr(
        "{name} alone carries the answer: its lift is {lift}, where {middle} is the middle; without it the lift is "
        "{without}, {share} margins of error away.",
        name=first["name"],
        lift=_size(first["lift"], ratio),
        middle=_size(middle, ratio),
        without=_size(first["without"], ratio),
        share=f"{first['share']:.1f}",
    )
    rest = open_["name"].iloc[1:4]
    others = tr("The same holds for {names}.", names=joined(rest)) if len(rest) else ""
    blocks = not ratio or bool((open_["lift"] - middle).abs().max() >= SLIP)
    text = sentences(told, cell(first["name"]), others, remedy(first["name"]))
    return Gate(id, False, text, "block" if blocks else "warn")


def _moves(id: str, worst: pd.Series) -> str:
    """Sentences on the part that moves the lift most where none carries it."""
    share = {"share": f"{worst['share']:.0%}", "name": worst["name"]}
    if id == "one_unit":
        told = tr(
            "Leaving out one treated unit at a time moves the lift by at most {share} of its margin of error ({name}).",
            **share,
        )
    else:
        told = tr(
            "Leaving out one period at a time moves the lift by at most {share} of its margin of error ({name}).",
            **share,
        )
    return sentences(told, tr("None stands out from the others.") if worst["share"] > 1 else "")


def remedy(name: str) -> str:
    """Say what to do about the rows of a day or a unit that look like a slip."""
    return tr(
        "Look for a slip in its rows, controls too, and mend it; if they are right, name {name} in confirmed.",
        name=name,
    )


def _size(value: float, ratio: bool) -> str:
    return signed(value) if ratio else number(value)


def _cell(drawn: Sequence[UnitDraws], name: str) -> str:
    """Sentence on the treated unit whose value is furthest from its expectation on that day."""
    date, found = pd.Timestamp(name), []
    for one in drawn:
        at = one.dates.get_indexer(pd.DatetimeIndex([date]))[0]
        if at >= 0:
            found.append((one.unit, float(one.observed[at]), float(one.middle[at])))
    unit, observed, expected = max(found, key=lambda each: abs(each[1] - each[2]))
    return tr(
        "{unit} has {observed} then, about {expected} expected.",
        unit=unit,
        observed=number(observed),
        expected=number(expected),
    )


def _left_out(gain: Floats, base: Floats, reach: Reach) -> Floats:
    """Effect without each part, and its change in half-widths, float array (parts, 2)."""
    if len(gain) < 2:
        return np.array([[np.nan, 0.0]])
    ratio = bool((base > 0).all())
    size, half_width = (base, reach[0]) if ratio else (np.ones(len(base)), reach[1])
    whole, without = gain.sum() / size.sum(), (gain.sum() - gain) / (size.sum() - size)
    return np.column_stack([without, np.abs(without - whole) / max(half_width, 1e-12)])


def _frame(what: str, names: list[str], lift: Floats, rows: Floats, away: Floats, ratio: bool) -> pd.DataFrame:
    """Parts ordered by influence, ties by the size of their lift."""
    frame = pd.DataFrame({"what": what, "name": names, "lift": lift, "without": rows[:, 0], "share": rows[:, 1]})
    order = np.lexsort([-np.abs(lift), -np.round(rows[:, 1], 6)])
    frame = frame.assign(away=away).iloc[order].reset_index(drop=True)
    frame.attrs["ratio"] = ratio
    return frame


def _ratios(base: pd.Series) -> bool:
    return bool((base > 0).all())


def _sums(drawn: Sequence[UnitDraws]) -> tuple[pd.Series, pd.Series]:
    """Gain and expected outcome by campaign day, summed over treated units."""
    dates = [one.dates for one in drawn]
    gain = by_day([one.observed - one.middle for one in drawn], dates)
    return gain, by_day([one.middle for one in drawn], dates)


def by_day(values: Sequence[Floats], dates: Sequence[pd.DatetimeIndex]) -> pd.Series:
    """Sum over units by day; `values` are (own days,), on `dates`, of one unit each."""
    if all(each.equals(dates[0]) for each in dates[1:]):
        return pd.Series(np.sum(values, axis=0), dates[0])
    return pd.Series(np.concatenate(values), dates[0].append(list(dates[1:]))).groupby(level=0).sum()


def _past_frame(drawn: Sequence[UnitDraws], ratio: bool) -> pd.Series:
    """Residuals before the campaign by day, relative to the fitted value where that is positive."""
    dates = [one.past_dates for one in drawn]
    fitted, past = by_day([one.fitted for one in drawn], dates), by_day([one.past for one in drawn], dates)
    return (past - fitted) / fitted if ratio and (fitted > 0).all() else past - fitted


def _past(drawn: Sequence[UnitDraws], ratio: bool) -> Floats:
    return _past_frame(drawn, ratio).to_numpy()


def _spread(values: Floats) -> float:
    """Robust standard deviation, never zero."""
    middle = float(np.median(np.abs(values - np.median(values)))) * _MAD
    return max(middle, 0.1 * float(np.std(values)), 1e-12)
