"""The figure beside the decision: the negative share by week with the incidents, or what of it can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.presentation import style
from reachbook.presentation.section import Figure
from reachbook.sentiment.sections import figures
from reachbook.sentiment.sections.topic_words import stream_label
from reachbook.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib import figure as mpl
    from matplotlib.axes import Axes

    from reachbook.sentiment.alerts.watch import Alert
    from reachbook.sentiment.sections.story import SentimentResults

_LINE = 12.0
"""Points from line to line."""
_APART = 5.0
"""Points between the weeks of an incident and its name."""
_WORDY = 18.0
"""Width in ems above which the name of a stream does not stand in the figure."""


def lead(results: SentimentResults, relied_on: bool) -> Figure | None:
    """Draw what shows the decision; None where there is neither a share to rely on nor an incident.

    Parameters
    ----------
    relied_on : bool
        Whether shares may be stated and no gate blocks.
    """
    leading = results.incidents.leading
    if relied_on and len(results.breakdowns.by["week"]) > 1:
        return _weeks(results.breakdowns.by["week"], leading)
    if relied_on:
        return _platforms(figures.called(results.breakdowns.by["platform"], results.channels))
    return _incident(results) if leading else None


def _weeks(table: pd.DataFrame, leading: tuple[Alert, ...]) -> Figure:
    table = table.sort_values("week").reset_index(drop=True)
    steps = figures.by_week(table)
    with style.theme():
        figure, axis = _small()
        mondays = pd.to_datetime(table["week"])
        for alert in leading:
            start, end = _touched(mondays, alert)
            axis.axvspan(start, end, color=style.LESS, alpha=0.2, lw=0)  # type: ignore[arg-type]
        band = steps["negative_low"], steps["negative_high"]
        axis.fill_between(steps["week"], *band, step="post", color=style.MORE, alpha=0.25, lw=0)
        axis.plot(steps["week"], steps["negative"], color=style.MORE, drawstyle="steps-post")
        axis.set_ylim(0, min(1.0, 1.35 * float(table["negative_high"].max())))
        _mark(axis, mondays, leading[:1])
        axis.grid(axis="y")
        style.percent_axis(axis, "y")
        axis.set_ylabel(tr("negative, of all comments"))
        figure.subplots_adjust(left=0.17)
        _dates(axis, mondays, mondays)
    last = table.iloc[-1]
    caption = (
        tr("Negative share of all comments by week with its interval; shaded: weeks with days of an incident.")
        if leading
        else tr("Negative share of all comments by week with its interval.")
    )
    return Figure(
        "lead", figure, figures.captioned(caption, tr("In the last week: {shares}.", shares=figures.share(last)))
    )


def _touched(mondays: pd.Series, alert: Alert) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First day of the weeks that an incident touches, and the day after them: a week's share holds all its days."""
    week = pd.Timedelta(days=7)
    inside = mondays[(mondays <= pd.Timestamp(alert.end)) & (mondays + week > pd.Timestamp(alert.start))]
    if inside.empty:
        return pd.Timestamp(alert.start), pd.Timestamp(alert.end) + pd.Timedelta(days=1)
    return inside.iloc[0], inside.iloc[-1] + week


def _mark(axis: Axes, mondays: pd.Series, clearest: Iterable[Alert]) -> None:
    """Name the clearest incident and its days beside its weeks, on the side where there is room."""
    for alert in clearest:
        start, end = _touched(mondays, alert)
        low, high = axis.get_xlim()
        late = float(_number(start)) > (low + high) / 2
        where = stream_label(alert)
        named = tr("Incident: {where}", where=where) if style.ems(where) <= _WORDY else tr("Incident")
        days = " – ".join(dict.fromkeys(each.strftime("%m-%d") for each in (alert.start, alert.end)))
        for line, text in enumerate((named, days)):
            axis.annotate(
                text,
                (_number(start if late else end), axis.get_ylim()[1]),
                (-_APART if late else _APART, -2 - line * _LINE),
                textcoords="offset points",
                ha="right" if late else "left",
                va="top",
                color=style.LESS,
                fontsize=_LINE - 3,
            )


def _number(when: pd.Timestamp) -> float:
    from matplotlib.dates import date2num

    return float(date2num(when.to_pydatetime()))  # type: ignore[no-untyped-call]


def _platforms(table: pd.DataFrame) -> Figure:
    table = table.sort_values("negative").reset_index(drop=True)
    names, rows = table["platform"].astype(str).tolist(), np.arange(len(table))
    with style.theme():
        figure, axis = _small()
        axis.hlines(rows, table["negative_low"], table["negative_high"], color=style.MORE, linewidth=6, alpha=0.4)
        axis.plot(table["negative"], rows, "o", color=style.MORE)
        axis.set_yticks(rows, names)
        axis.set_xlim(0, min(1.0, 1.25 * float(table["negative_high"].max())))
        axis.set_ylim(-0.6, len(table) - 0.4)
        axis.grid(axis="x")
        axis.set_xlabel(tr("negative, of all comments"))
        style.percent_axis(axis)
        style.room_left(figure, names)
        figure.subplots_adjust(bottom=0.2)
    caption = tr("Negative share by platform with its interval.")
    shares = figures.listed(table, "platform")
    return Figure("lead", figure, figures.captioned(caption, tr("{shares}.", shares=shares)))


def _incident(results: SentimentResults) -> Figure:
    alert = results.incidents.leading[0]
    shown, bad, inside = figures.around(results.incidents, alert)
    with style.theme():
        figure, axis = _small()
        axis.bar(shown, bad, color=np.where(inside, style.LESS, style.SOFT), width=0.8)
        axis.grid(axis="y")
        axis.set_ylabel(tr("negative comments a day"))
        figure.subplots_adjust(left=0.17)
        _dates(axis, shown, shown)
    caption = tr("Negative comments by day around the clearest incident.")
    return Figure("lead", figure, figures.captioned(caption, alert.describe()))


def _dates(axis: Axes, places: pd.Series, days: pd.Series) -> None:
    """Mark at most four of the days below their places, in figures, as both languages read them."""
    chosen = np.unique(np.linspace(0, len(days) - 1, 4).round().astype(int))
    axis.set_xticks(places.iloc[chosen], days.iloc[chosen].dt.strftime("%m-%d").tolist())


def _small() -> tuple[mpl.Figure, Axes]:
    from matplotlib.figure import Figure as Drawn

    made = Drawn(figsize=style.LEAD)
    axis = made.subplots()
    made.subplots_adjust(left=0.11, right=0.97, top=0.96, bottom=0.13)
    return made, axis
