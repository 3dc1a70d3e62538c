"""The figure beside the decision: what segments bring, or, where there are none, the grid to steer by instead."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.presentation import style
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Drawing
from reachbook.translation import joined, sentences, tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 6
"""Segments that are drawn, those with most revenue first; the table holds all."""

_ABOVE = 9
"""Points from a line to the foot of its name, so that no number on the line reaches into the name."""


def sizes_and_revenue(shares: pd.DataFrame, names: dict[int, str]) -> Drawing:
    """Share of people, and share of revenue with its interval, one line for each segment."""
    earning = bool(shares["revenue_share"].notna().any())
    column = "revenue_share" if earning else "people_share"
    drawn = shares.sort_values([column, "segment"], ascending=[False, True]).head(MOST)
    with style.theme():
        figure, axis = _canvas()
        rows = np.arange(len(drawn))[::-1]
        if earning:
            _revenue(axis, drawn, rows)
        axis.plot(drawn["people_share"], rows, "D", color=style.INK, fillstyle="none", label=tr("share of people"))
        for row, j in zip(rows, drawn["segment"], strict=True):
            axis.annotate(names[int(j)], (0, row), (2, _ABOVE), textcoords="offset points")
        axis.set_yticks([])
        axis.set_xlim(0, float(np.nanmax(drawn[["high", "people_share"]].to_numpy(dtype=float))) * 1.15)
        axis.set_ylim(-0.4, len(drawn) - 0.25)
        axis.locator_params(axis="x", nbins=5)
        axis.grid(axis="x")
        style.percent_axis(axis)
        figure.legend(loc="upper left", ncols=2, handletextpad=0.2, columnspacing=1.0, borderaxespad=0.2)
        figure.subplots_adjust(left=0.03, top=0.89, bottom=0.11)
    return Drawing(figure, _told(shares, names, earning))


def _canvas() -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=style.LEAD)
    axis = figure.subplots()
    figure.subplots_adjust(left=0.12, right=0.97, top=0.88, bottom=0.17)
    return figure, axis


def _revenue(axis: "Axes", drawn: pd.DataFrame, rows: np.ndarray) -> None:
    """Share of revenue with its interval; its number stands right of it, or of a share of people close by."""
    axis.hlines(rows, drawn["low"], drawn["high"], color=style.MORE, linewidth=6, alpha=0.4)
    axis.plot(drawn["revenue_share"], rows, "o", color=style.MORE, label=tr("share of revenue"))
    label = 0.15 * float(drawn["high"].max())
    for row, each in zip(rows, drawn.to_dict("records"), strict=True):
        near = abs(each["people_share"] - each["high"] - label / 2) <= label / 2 + 0.02
        place = max(each["high"], each["people_share"] if near else 0.0)
        text = f"{each['revenue_share']:.0%}"
        axis.annotate(text, (place, row), (7, 0), textcoords="offset points", va="center", color=style.MORE)


def _told(shares: pd.DataFrame, names: dict[int, str], earning: bool) -> str:
    rows = [{c: number(v, "ratio") for c, v in row.items()} | {"name": names[row["segment"]]}
            for row in shares.to_dict("records")]  # fmt: skip
    if not earning:
        parts = (tr("{name}: {people} of people", name=row["name"], people=row["people_share"]) for row in rows)
        return sentences(tr("Share of people by segment."), tr("{parts}.", parts=joined(parts)))
    parts = (
        tr(
            "{name}: {people} of people, {revenue} of revenue [{low}, {high}]",
            name=row["name"],
            people=row["people_share"],
            revenue=row["revenue_share"],
            low=row["low"],
            high=row["high"],
        )
        for row in rows
    )
    return sentences(
        tr("Share of people and of revenue by segment, with its interval."), tr("{parts}.", parts=tr("; ").join(parts))
    )


def rfm_map(grid: pd.DataFrame) -> Drawing:
    """Recency by frequency in fifths; area shows the number of people, text the share of revenue."""
    cells = grid[(grid["recency"] > 0) & grid["people_share"].notna()]
    earning = bool(np.isfinite(cells["revenue_share"]).any())
    share = cells["revenue_share" if earning else "people_share"]
    with style.theme():
        figure, axis = _canvas()
        area = cells["people_share"] / cells["people_share"].max() * 620
        axis.scatter(cells["frequency"], cells["recency"], s=area, color=style.MORE, alpha=0.45, linewidths=0)
        for x, y, value in zip(cells["frequency"], cells["recency"], share, strict=True):
            axis.text(x, y, f"{value:.0%}", ha="center", va="center")
        axis.set(xlabel=tr("frequency, 5 the most often"), ylabel=tr("recency, 5 the latest"))
        axis.set(xticks=range(1, 6), yticks=range(1, 6), xlim=(0.4, 5.6), ylim=(0.4, 5.6))
        figure.subplots_adjust(top=0.97, bottom=0.2)
    return Drawing(figure, _strongest(cells, earning))


def _strongest(cells: pd.DataFrame, earning: bool) -> str:
    if cells.empty:
        return tr("Recency by frequency in fifths: every cell has too few people to be told.")
    best = cells.sort_values(["revenue_share", "people_share"], ascending=False).iloc[0]
    share = number(float(best["revenue_share" if earning else "people_share"]), "ratio")
    if earning:
        return sentences(
            tr(
                "Recency by frequency in fifths: the larger a circle, the more people; its number is their share "
                "of revenue."
            ),
            tr(
                "Begin with recency {recency:.0f}, frequency {frequency:.0f}: they bring most, {share} of revenue.",
                recency=best["recency"],
                frequency=best["frequency"],
                share=share,
            ),
        )
    return sentences(
        tr("Recency by frequency in fifths: circles and numbers show the share of people."),
        tr(
            "The largest cell is recency {recency:.0f}, frequency {frequency:.0f}, with {share} of people.",
            recency=best["recency"],
            frequency=best["frequency"],
            share=share,
        ),
    )
