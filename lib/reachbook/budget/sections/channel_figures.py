"""Figures on the channels, each with alternative text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from reachbook.budget.wording import likely, name, periods, weekly
from reachbook.presentation import style
from reachbook.presentation.numbers import SYMBOLS, number
from reachbook.presentation.section import Drawing
from reachbook.stats.intervals import equal_tailed, equal_tails
from reachbook.translation import clauses, joined, language, sentences, tr

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reachbook.arrays import Floats
    from reachbook.budget.advice.gain_unit import GainUnit
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.optimize.curves import Curves

WIDTH = 6.6
"""Width in inches, narrower than the house style's so that text stays readable on a phone."""
_UNITS = {"en": ((1e9, "B"), (1e6, "M"), (1e3, "k")), "zh": ((1e8, "亿"), (1e4, "万"))}
"""Units of short amounts, the largest first."""
_SHOWN = 78
"""Weeks of history that are drawn; more would be illegible."""
_ENOUGH = 12
"""Channels with a colour of their own in a stacked chart."""


def subplots(height: float, columns: int = 1, rows: int = 1, share: bool = False) -> tuple[Figure, list[Axes]]:
    """Figure with rows x columns axes, listed row by row; `height` in inches."""
    from matplotlib.figure import Figure

    made = Figure(figsize=(WIDTH, height))
    axes = made.subplots(rows, columns, squeeze=False, sharex=share).ravel()
    made.subplots_adjust(left=0.13, right=0.97, top=0.9, bottom=max(0.1, 0.5 / height))
    return made, list(axes)


def money_axis(axis: Axes, which: str, currency: str) -> None:
    """Format the ticks of axis `which` ("x" or "y") as short amounts; `currency` "" for amounts that are not money."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    target = axis.xaxis if which == "x" else axis.yaxis
    sign = SYMBOLS.get(currency, currency + " ") if currency else ""
    target.set_major_formatter(FuncFormatter(lambda value, _: compact_number(value, sign)))
    target.set_major_locator(MaxNLocator(5))


def compact_number(value: float, sign: str = "") -> str:
    """Amount for a tick label, such as 1.5M or 200k."""
    size, minus = abs(value), "\N{MINUS SIGN}" if value < 0 else ""
    for unit, letter in _UNITS[language()]:
        if size >= unit * 0.9995:
            return f"{minus}{sign}{size / unit:.3g}{letter}"
    return f"{minus}{sign}{size:.3g}"


def forecast(mix: Mix) -> Drawing:
    """Observed outcome, model, and out-of-sample forecast of the last weeks."""
    size = min(len(mix.weeks), _SHOWN * 7 // mix.step)
    weeks, expected = mix.weeks[-size:], (mix.baseline + mix.contribution.sum(axis=1))[:, -size:]
    ahead = mix.holdout
    last = mix.weeks[-len(ahead.actual) :]
    with style.theme():
        figure, (axis,) = subplots(3.1)
        axis.plot(weeks, mix.value[-size:], color=style.INK, linewidth=1.2, label=tr("observed"))
        axis.plot(weeks, expected.mean(axis=0), color=style.MORE, linewidth=1.2, label=tr("model"))
        axis.fill_between(
            last, ahead.low, ahead.high, color=style.LESS, alpha=0.25, linewidth=0, label=tr("forecast, unseen")
        )
        axis.plot(last, ahead.middle, "--", color=style.LESS, linewidth=1.4)
        axis.grid(axis="y")
        axis.set_ylabel(tr("outcome a week") if mix.step == 7 else tr("outcome a day"))
        money_axis(axis, "y", "")
        style.date_axis(axis)
        figure.legend(loc="upper left", ncols=3)
        figure.subplots_adjust(top=0.86, left=0.14)
    return Drawing(
        figure,
        sentences(
            tr(
                "The outcome, the model, and the last {periods} as it forecast them without having seen them.",
                periods=periods(len(ahead.actual), mix.step),
            ),
            tr(
                "It was off by {error}, the better of two simple guesses by {naive}.",
                error=number(ahead.error, "ratio"),
                naive=number(ahead.naive, "ratio"),
            ),
        ),
    )


def contributions(mix: Mix, names: Mapping[str, str]) -> Drawing:
    """Weekly contribution of each channel, stacked with the largest at the bottom."""
    mean = weekly(mix.contribution.mean(axis=0), mix.step)
    weeks = mix.weeks[len(mix.weeks) % (7 // mix.step) :: 7 // mix.step]
    order = np.argsort(-mean.sum(axis=1), kind="stable")
    shown, rest = order[:_ENOUGH], order[_ENOUGH:]
    rows = [*mean[shown], *([mean[rest].sum(axis=0)] if len(rest) else [])]
    labels = [name(mix.channels[c], names) for c in shown] + ([tr("all others")] if len(rest) else [])
    lines = -(-len(labels) // 3)
    height = 3.0 + 0.25 * lines
    with style.theme():
        figure, (axis,) = subplots(height)
        axis.stackplot(
            weeks, *rows, labels=labels, colors=[style.colour(i) for i in range(len(rows))], alpha=0.85, linewidth=0
        )
        axis.set_ylabel(tr("outcome a week by media"))
        axis.grid(axis="y")
        axis.margins(x=0)
        money_axis(axis, "y", "")
        style.date_axis(axis)
        figure.legend(loc="upper left", ncols=3)
        figure.subplots_adjust(top=1 - (0.15 + 0.25 * lines) / height, left=0.14)
    share = equal_tailed(mix.media_share, mix.level)
    told = joined(
        f"{label} {number(float(row.sum() / mix.value.sum()), 'ratio')}"
        for label, row in zip(labels, rows, strict=True)
    )
    return Drawing(
        figure,
        sentences(
            tr("What each channel brought week by week, expected."),
            tr(
                "All media together brought {middle} of the outcome [{low}, {high}]: {channels}.",
                middle=number(share[1], "ratio"),
                low=number(share[0], "ratio"),
                high=number(share[2], "ratio"),
                channels=told,
            ),
        ),
    )


def returns(rows: pd.DataFrame, scale: GainUnit, level: float) -> Drawing:
    """Average and marginal return of each channel with intervals and the break-even line.

    Parameters
    ----------
    rows : DataFrame
        Columns name, kind (roi or mroi), low, middle, high, pays (probability, or NaN), planted (NaN where unknown).
    scale : GainUnit
        Unit of gains.
    level : float
        Probability of the intervals.
    """
    labels = list(dict.fromkeys(rows["name"]))
    priced = scale.value is not None
    marks = {
        "roi": (style.PALETTE[4], 0.17, tr("all money so far (ROI)") if priced else tr("all money so far")),
        "mroi": (style.MORE, -0.17, tr("the next unit (mROI)") if priced else tr("the next unit")),
    }
    height = 1.25 + 0.55 * len(labels)
    with style.theme():
        figure, (axis,) = subplots(height)
        for kind, (colour, off, label) in marks.items():
            part = rows[rows["kind"] == kind]
            places = np.array([len(labels) - 1 - labels.index(each) for each in part["name"]]) + off
            axis.hlines(places, part["low"], part["high"], color=colour, linewidth=6, alpha=0.4)
            axis.plot(part["middle"], places, "o", color=colour, label=label)
            if part["planted"].notna().any():
                axis.plot(part["planted"], places, "D", color=style.INK, fillstyle="none", markersize=5,
                          label=tr("planted") if kind == "mroi" else None)  # fmt: skip
        if scale.even is not None:
            axis.axvline(
                scale.even,
                color=style.INK,
                linewidth=1.3,
                label=tr("pays for itself ({even})", even=number(scale.even)),
            )
        axis.set_yticks(np.arange(len(labels))[::-1], labels)
        axis.set_ylim(-0.6, len(labels) - 0.4)
        axis.set_xlim(left=0)
        axis.grid(axis="x")
        handles, found = axis.get_legend_handles_labels()
        figure.legend(handles, found, loc="upper left", ncols=2)
        style.room_left(figure, labels)
        figure.subplots_adjust(top=1 - 0.65 / height, bottom=0.4 / height)
    said = clauses(_return(row, scale) for row in rows[rows["kind"] == "mroi"].to_dict("records"))
    return Drawing(
        figure,
        sentences(
            tr(
                "Returns, {outcome} for each unit of money: over all weeks and for the next unit spent for good, with "
                "intervals of {level}.",
                outcome=scale.returned, level=number(level, "ratio"),
            ),
            tr("The next unit: {returns}.", returns=said),
        ),
    )  # fmt: skip


def _return(row: Mapping[Hashable, Any], scale: GainUnit) -> str:
    """A channel's return for the next unit as text."""
    told = {"channel": row["name"]} | {each: number(row[each]) for each in ("middle", "low", "high")}
    if scale.even is None:
        return tr("{channel} {middle} [{low}, {high}]", **told)
    return tr("{channel} {middle} [{low}, {high}], pays for itself with probability "
              "{chance}", chance=likely(row["pays"]),
              **told)  # fmt: skip


def curves(
    on: Curves, scale: GainUnit, level: float, names: Mapping[str, str],
    planned: Floats | None = None, true: Curves | None = None,
) -> Drawing:  # fmt: skip
    """Response curve of each channel by weekly spend; the range without observations is shaded.

    Parameters
    ----------
    on : Curves
        Response curves with current spend.
    scale : GainUnit
        Unit of gains; outcome is in money where its value is stated.
    level : float
        Probability of the bands.
    names : mapping of str to str
        Display name of each channel.
    planned : float array (channels,), optional
        Spend of the plan, in money a week.
    true : Curves, optional
        True curves of a simulated brand.
    """
    count, worth = len(on.channels), scale.price
    lines = -(-count // 2)
    height = 0.75 + 1.75 * lines
    assert on.current is not None
    with style.theme():
        figure, axes = subplots(height, 2, lines)
        for axis in axes[count:]:
            axis.set_visible(False)
        for c, axis in enumerate(axes[:count]):
            _curve(axis, on, c, worth, level)
            if true is not None:
                axis.plot(
                    true.grid[c], worth * true.response[0, c], ":", color=style.INK, linewidth=1.4, label=tr("planted")
                )
            _mark(axis, on, c, float(on.current[c]), worth, "o", style.INK, tr("now"))
            if planned is not None:
                _mark(axis, on, c, float(planned[c]), worth, "D", style.LESS, tr("plan"))
            axis.set_title(name(on.channels[c], names), fontsize=10)
            money_axis(axis, "x", scale.currency)
            money_axis(axis, "y", scale.sign)
            axis.set_ylim(bottom=0)
            axis.grid(axis="y")
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="upper left", ncols=len(labels))
        figure.subplots_adjust(
            top=1 - 0.6 / height, bottom=0.3 / height, left=0.11, right=0.98, hspace=0.55, wspace=0.28
        )
    return Drawing(
        figure,
        sentences(
            tr("What each channel brings a week at each spend a week that goes on, {outcome}.", outcome=scale.returned),
            tr("Shaded: more than was ever at work, so that the curve there is the model's assumption."),
        ),
    )


def _curve(axis: Axes, on: Curves, c: int, worth: float, level: float) -> None:
    low, middle, high = (worth * each for each in equal_tails(on.response[:, c], level))
    axis.fill_between(on.grid[c], low, high, color=style.MORE, alpha=0.25, linewidth=0)
    axis.plot(on.grid[c], middle, color=style.MORE, label=tr("expected"))
    if on.observed[c] < on.grid[c, -1]:
        axis.axvspan(float(on.observed[c]), float(on.grid[c, -1]), color=style.SOFT, alpha=0.2, linewidth=0)
    axis.set_xlim(0, float(on.grid[c, -1]))


def _mark(axis: Axes, on: Curves, c: int, spend: float, worth: float, mark: str, colour: str, label: str) -> None:
    at = worth * np.interp(spend, on.grid[c], np.median(on.response[:, c], axis=0))
    axis.plot([spend], [at], mark, color=colour, label=label, clip_on=False, zorder=5)
