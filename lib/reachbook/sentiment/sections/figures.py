"""Figures of the sentiment analysis, each with its alternative text."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.presentation import style
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Drawing
from reachbook.sentiment.alerts.incidents import Incidents
from reachbook.sentiment.alerts.watch import Alert
from reachbook.sentiment.prevalence.breakdowns import Breakdowns
from reachbook.sentiment.sections.reasons import Reasons
from reachbook.sentiment.sections.trust import Trust
from reachbook.translation import joined, tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_WORDS = 24
_AROUND = 21


def shares(
    breakdowns: Breakdowns,
    counted: pd.Series,
    planted: pd.DataFrame | None = None,
    channels: Mapping[str, str] | None = None,
) -> Drawing:
    """Negative share by platform with its interval, compared with counting the model's predictions.

    Parameters
    ----------
    counted : pandas.Series
        Negative share by counting, indexed by platform.
    planted : pandas.DataFrame or None
        Columns platform and planted, where the truth is known.
    channels : mapping of str to str or None
        What the study calls its platforms; None for as in the data.
    """
    table = breakdowns.by["platform"].sort_values("negative").reset_index(drop=True)
    with style.theme():
        figure, (axis,) = style.figure(1.4 + 0.42 * len(table))
        names = table["platform"].astype(str).tolist()
        told = called(table, channels)
        rows = _ranges(axis, table, told["platform"].tolist())
        axis.plot(counted.reindex(names), rows, "x", color=style.SOFT, label=tr("counting the model's answers"))
        if planted is not None:
            real = planted.set_index("platform")["planted"].reindex(names)
            axis.plot(real, rows, "D", color=style.INK, fillstyle="none", label=tr("planted"))
        figure.legend(loc="upper left", ncols=3)
        style.room_left(figure, told["platform"].tolist())
    return Drawing(figure, _by(tr("Share of negative comments by platform."), told, "platform"))


def _ranges(axis: "Axes", table: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Draw the negative share with its interval, one line for each row; return the vertical positions, bottom first."""
    rows = np.arange(len(table))
    axis.hlines(rows, table["negative_low"], table["negative_high"], color=style.LESS, linewidth=6, alpha=0.4)
    axis.plot(table["negative"], rows, "o", color=style.LESS, label=tr("negative share, with interval"))
    axis.set_yticks(rows, names)
    axis.set_xlim(0, min(1.0, 1.25 * float(table["negative_high"].max())))
    axis.set_ylim(-0.6, len(table) - 0.4)
    axis.grid(axis="x")
    style.percent_axis(axis)
    return rows


def weeks(
    breakdowns: Breakdowns, planted: pd.DataFrame | None = None, channels: Mapping[str, str] | None = None
) -> Drawing:
    """Negative share by week with its band, one panel for each platform; planted shares are dashed.

    Parameters
    ----------
    planted : pandas.DataFrame or None
        Columns week, platform and planted, where the truth is known.
    channels : mapping of str to str or None
        What the study calls its platforms; None for as in the data.
    """
    from matplotlib.figure import Figure

    table = breakdowns.cells.assign(week=pd.to_datetime(breakdowns.cells["week"]))
    names = sorted(table["platform"].astype(str).unique())
    lines, columns = -(-len(names) // 3), min(3, len(names))
    with style.theme():
        figure = Figure(figsize=(style.WIDTH, 0.9 + 1.7 * lines))
        axes = figure.subplots(lines, columns, squeeze=False, sharex=True, sharey=True).ravel()
        for axis, name in zip(axes, names, strict=False):
            _week_panel(axis, table[table["platform"] == name], (channels or {}).get(name, name))
            if planted is not None:
                real = by_week(planted[planted["platform"] == name].sort_values("week"))
                axis.plot(real["week"], real["planted"], "--", color=style.INK, linewidth=1, drawstyle="steps-post")
        for axis in axes[len(names) :]:
            axis.set_visible(False)
        axes[0].set_ylim(0, min(1.0, float(table["negative_high"].max()) * 1.05))
        style.percent_axis(axes[0], "y")
        style.date_axis(axes[0], most=4)
        figure.subplots_adjust(left=0.08, right=0.98, top=1 - 0.35 / figure.get_figheight(), hspace=0.45, wspace=0.1)
    last = table[table["week"] == table["week"].max()]
    said = tr("In the last week: {shares}.", shares=listed(called(last, channels), "platform"))
    return Drawing(figure, captioned(tr("Share of negative comments by week and platform."), said))


def by_week(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table in the order of its weeks, its last one again at that week's end, for a line in steps."""
    days = pd.to_datetime(table["week"])
    steps = pd.concat([table.assign(week=days), table.tail(1).assign(week=days.tail(1) + pd.Timedelta(days=7))])
    return steps.reset_index(drop=True)


def _week_panel(axis: "Axes", part: pd.DataFrame, name: str) -> None:
    steps = by_week(part.sort_values("week"))
    axis.fill_between(
        steps["week"], steps["negative_low"], steps["negative_high"], step="post", color=style.LESS, alpha=0.25, lw=0
    )
    axis.plot(steps["week"], steps["negative"], color=style.LESS, drawstyle="steps-post")
    axis.set_title(name)
    axis.grid(axis="y")


def incident(happened: Incidents, alert: Alert) -> Drawing:
    """Negative comments a day in the stream of an alert, around its days."""
    shown, bad, inside = around(happened, alert)
    with style.theme():
        figure, (axis,) = style.figure(2.8)
        axis.bar(shown, bad, color=np.where(inside, style.LESS, style.SOFT), width=0.8)
        axis.set_ylabel(tr("negative comments a day"))
        axis.set_title(tr("{where}: {days}", where=alert.where, days=alert.span))
        axis.grid(axis="y")
        style.date_axis(axis)
    caption = tr("Negative comments by day around the clearest incident.")
    return Drawing(figure, captioned(caption, alert.describe()))


def around(happened: Incidents, alert: Alert) -> "tuple[pd.Series, np.ndarray, np.ndarray]":
    """Days around those of an alert, negative comments of its stream on each, and whether each is one of its days."""
    place = happened.streams.keys.index(alert.key)
    days = happened.streams.days
    here = slice(max(0, days.index(alert.start) - _AROUND), days.index(alert.end) + _AROUND + 1)
    shown, bad = pd.to_datetime(pd.Series(days[here])), happened.streams.negative[place][here]
    inside = np.array([alert.start <= day <= alert.end for day in days[here]])
    return shown, bad, inside


def aspects(why: Reasons) -> Drawing:
    """Negative share of each aspect with its interval, compared with that of the other comments."""
    table = why.shares.sort_values("negative").reset_index(drop=True)
    names = [
        style.wrapped(tr("{name} ({count})", name=name, count=number(n, "count")), 34)
        for name, n in zip(table["name"], table["texts"], strict=True)
    ]
    with style.theme():
        figure, (axis,) = style.figure(1.4 + 0.42 * len(table))
        rows = _ranges(axis, table, names)
        axis.plot(table["rest"], rows, "|", color=style.INK, markersize=14, label=tr("the other comments"))
        figure.legend(loc="upper left", ncols=2)
        style.room_left(figure, names)
    return Drawing(figure, _by(tr("Share of negative comments by aspect."), table, "name"))


def words(why: Reasons, name: str) -> Drawing:
    """Words that distinguish the own brand, as differences of log-odds with intervals; significant ones only."""
    table = why.significant
    strongest = table.reindex(table["z"].abs().sort_values(ascending=False, kind="stable").index[:_MOST_WORDS])
    table = strongest.sort_values("log_odds").reset_index(drop=True)
    with style.theme():
        figure, (axis,) = style.figure(1.4 + 0.27 * max(len(table), 3))
        rows, colours = np.arange(len(table)), [style.MORE if odds > 0 else style.LESS for odds in table["log_odds"]]
        axis.hlines(rows, table["low"], table["high"], colors=colours, linewidth=5, alpha=0.4)
        axis.scatter(table["log_odds"], rows, c=colours, zorder=3)
        axis.axvline(0, color=style.SOFT, linewidth=1)
        axis.set_yticks(rows, table["term"])
        axis.set_xlabel(
            tr("right: more on {name}; left: more in {other} (log-odds)", name=name, other=why.compared_with)
        )
        axis.grid(axis="x")
        style.room_left(figure, table["term"])
    right = joined(table.loc[table["log_odds"] > 0, "term"].iloc[::-1][:8]) or tr("none")
    left = joined(table.loc[table["log_odds"] < 0, "term"][:8]) or tr("none")
    caption = tr("Words that set {name} apart from {other}.", name=name, other=why.compared_with)
    return Drawing(figure, captioned(caption, tr("More often: {right}; less often: {left}.", right=right, left=left)))


def reliability(trusted: Trust) -> Drawing:
    """Stated against true probability on the random sample; area shows the number of comments.

    Raises
    ------
    ValueError
        There is no random sample.
    """
    card = trusted.card
    if card is None:
        raise ValueError("there is no random sample to hold the model against")
    bins = card.score.reliability
    used = bins.count > 0
    with style.theme():
        figure, (axis,) = style.figure(3.4)
        axis.plot([1 / 3, 1], [1 / 3, 1], "--", color=style.SOFT, linewidth=1)
        size = 20 + 400 * bins.count[used] / bins.count.max()
        axis.scatter(bins.stated[used], bins.true[used], s=size, color=style.MORE, alpha=0.7)
        axis.set_xlabel(tr("probability that the model states for its answer"))
        axis.set_ylabel(tr("share of answers that are right"))
        axis.grid()
        for which in "xy":
            style.percent_axis(axis, which)
        figure.subplots_adjust(left=0.12)
    return Drawing(figure, captioned(tr("How far stated probabilities hold."), bins.describe()))


def labels_bought(trusted: Trust, wanted: float) -> Drawing:
    """Half-width of the negative share's interval by number of labels: so far, and expected with more."""
    planned, done = trusted.planned(), trusted.bought
    with style.theme():
        figure, (axis,) = style.figure(3.0)
        axis.plot(planned["labels"], planned["at worst"], ":", color=style.SOFT, label=tr("if the model knows nothing"))
        axis.plot(
            planned["labels"], planned["likely"], "--", color=style.MORE, label=tr("if the model is as good as it says")
        )
        if len(done):
            mine = done[done["polarity"] == "negative"]
            axis.plot(mine["labels"], mine["half_width"], "-o", color=style.LESS, label=tr("bought so far"))
        axis.axhline(wanted, color=style.INK, linewidth=1)
        axis.set_xscale("log")
        axis.set_xticks(planned["labels"], [number(n, "count") for n in planned["labels"]])
        axis.minorticks_off()
        axis.set_xlabel(tr("comments read at random"))
        axis.set_ylabel(tr("half-width"))
        axis.set_ylim(bottom=0)
        axis.grid()
        style.percent_axis(axis, "y")
        axis.legend()
        figure.subplots_adjust(left=0.1)
    reach = planned.loc[planned["likely"] <= wanted, "labels"]
    caption, width = tr("What labels buy: half-width of the negative share."), number(wanted, "points")
    if len(reach):
        least = number(reach.iloc[0], "count")
        said = tr("Wanted {width}; {least} labels are likely to reach it.", width=width, least=least)
    else:
        said = tr("Wanted {width}; more labels are needed than shown.", width=width)
    return Drawing(figure, captioned(caption, said))


def captioned(caption: str, said: str) -> str:
    """An alternative text: its first sentence is the caption, which ends with a space in every language."""
    return f"{caption} {said}"


def _by(caption: str, table: pd.DataFrame, name: str) -> str:
    return captioned(caption, tr("{shares}.", shares=listed(table, name)))


def called(table: pd.DataFrame, channels: Mapping[str, str] | None) -> pd.DataFrame:
    """The table with its platforms as the study calls them."""
    names = table["platform"].astype(str)
    return table.assign(platform=names.replace(dict(channels or {})))


def listed(table: pd.DataFrame, name: str) -> str:
    """Name and negative share with its interval, row by row."""
    return joined(f"{row[name]} {share(row)}" for _, row in table.iterrows())


def share(row: pd.Series) -> str:
    """The negative share of a row with its interval."""
    low, middle, high = (number(float(row[c]), "ratio") for c in ("negative_low", "negative", "negative_high"))
    return f"{middle} [{low}, {high}]"
