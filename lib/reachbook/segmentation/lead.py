"""The figure beside the decision: what segments bring, or, where there are none, the grid to steer by instead."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.presentation import style
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Drawing
from reachbook.segmentation.rfm import FIFTHS, TOP, TopCells
from reachbook.translation import clauses, joined, sentences, tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 6
"""Segments that are drawn, those with most revenue first; the table holds all."""

_BAR = 0.36
"""Height of a bar; the two of a segment stand above one another in a row of height 1."""
_NAME = 0.42
"""Largest share of the figure's width for the names."""
_FAINT = 0.08
"""Opacity of a cell of the grid without any share."""


def sizes_and_revenue(shares: pd.DataFrame, names: dict[int, str]) -> Drawing:
    """Two bars for each segment: share of revenue with its interval, and below it share of people."""
    earning = bool(shares["revenue_share"].notna().any())
    column = "revenue_share" if earning else "people_share"
    drawn = shares.sort_values([column, "segment"], ascending=[False, True]).head(MOST)
    shown = [_broken(names[int(j)]) for j in drawn["segment"]]
    with style.theme():
        figure, axis = _canvas()
        rows = np.arange(len(drawn))[::-1].astype(float)
        ends = drawn[["high", "people_share"]].to_numpy(dtype=float)
        axis.set_xlim(0, (1.75 if earning else 1.2) * max(float(np.nanmax(ends)), 1e-9))
        if earning:
            low, middle, high = (drawn[c].to_numpy(dtype=float) for c in ("low", "revenue_share", "high"))
            said = [f"{one:.0%} [{two:.0%}, {three:.0%}]" for one, two, three in zip(middle, low, high, strict=True)]
            _bars(axis, (rows + _BAR / 2, middle, high), said, style.MORE, tr("share of revenue"))
            axis.hlines(rows + _BAR / 2, low, high, color=style.INK, linewidth=1.2)
        people = drawn["people_share"].to_numpy(dtype=float)
        below, said = rows - (_BAR / 2 if earning else 0), [f"{each:.0%}" for each in people]
        _bars(axis, (below, people, people), said, style.SOFT, tr("share of people"))
        axis.set_yticks(rows, shown)
        axis.tick_params(axis="y", length=0)
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        axis.set_ylim(-0.5, len(drawn) - 0.5)
        figure.legend(loc="upper left", ncols=2, handlelength=1.0, columnspacing=1.0, borderaxespad=0.2)
        figure.subplots_adjust(top=0.88, bottom=0.02)
        style.room_left(figure, shown, most=_NAME)
    return Drawing(figure, _told(shares, names, earning))


def _broken(name: str) -> str:
    """A name on as many lines as fit beside its bars."""
    width = int((_NAME * style.LEAD[0] - 0.35) * 7.2 / (style.ems(name) / max(len(name), 1)))
    return style.wrapped(name, width)


def _bars(axis: "Axes", drawn: tuple[np.ndarray, ...], said: list[str], colour: str, label: str) -> None:
    """Bars of a share, given as rows, values and ends of the intervals, each with its text behind its interval."""
    rows, values, ends = drawn
    axis.barh(rows, values, height=_BAR, color=colour, alpha=0.75, label=label)
    for row, text, end in zip(rows, said, ends, strict=True):
        axis.annotate(text, (end, row), (4, 0), textcoords="offset points", va="center", fontsize=9)


def _canvas() -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=style.LEAD)
    axis = figure.subplots()
    figure.subplots_adjust(left=0.12, right=0.97, top=0.95, bottom=0.2)
    return figure, axis


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
        tr("Share of people and of revenue by segment, with its interval."), tr("{parts}.", parts=clauses(parts))
    )


def rfm_map(grid: pd.DataFrame, top: TopCells | None) -> Drawing:
    """Recency by frequency in fifths: colour and number of a cell show its share of revenue, or of people without any.

    Parameters
    ----------
    grid : pandas.DataFrame
        See `rfm.rfm_grid`; cells of too few people are empty and are not drawn.
    top : TopCells or None
        The cells to begin with, which get a frame.
    """
    cells = grid[(grid["recency"] > 0) & grid["people_share"].notna()]
    earning = bool(np.isfinite(cells["revenue_share"]).any())
    share = cells["revenue_share" if earning else "people_share"].fillna(0.0)
    most = max(float(share.max()), 1e-9) if len(share) else 1.0
    with style.theme():
        figure, axis = _canvas()
        for x, y, value in zip(cells["frequency"], cells["recency"], share, strict=True):
            axis.bar(x, 0.94, 0.94, y - 0.47, color=style.MORE, alpha=_FAINT + (1 - _FAINT) * 0.7 * value / most)
            axis.text(x, y, f"{value:.0%}", ha="center", va="center")
        if top is not None:
            side = FIFTHS - TOP + 1
            axis.bar(FIFTHS - side / 2 + 0.5, side, side, TOP - 0.5, fill=False, edgecolor=style.INK, linewidth=1.6)
        axis.set(xlim=(0.45, FIFTHS + 0.55), ylim=(0.45, FIFTHS + 0.55))
        axis.set_xticks(range(1, FIFTHS + 1))
        axis.set_yticks(range(1, FIFTHS + 1))
        axis.tick_params(length=0)
        axis.spines[["left", "bottom"]].set_visible(False)
        if earning:
            axis.set(xlabel=tr("how often they bought (5: most often)"), ylabel=tr("bought recently (5: latest)"))
        else:
            axis.set(xlabel=tr("how often they came (5: most often)"), ylabel=tr("came recently (5: latest)"))
    return Drawing(figure, _strongest(grid, cells, earning, top))


def _strongest(grid: pd.DataFrame, cells: pd.DataFrame, earning: bool, top: TopCells | None) -> str:
    if cells.empty:
        return tr("Recency by frequency in fifths: every cell has too few people to be told.")
    best = cells.sort_values(["revenue_share", "people_share"], ascending=False).iloc[0]
    place = {"recency": f"{best['recency']:.0f}", "frequency": f"{best['frequency']:.0f}"}
    share = number(float(best["revenue_share" if earning else "people_share"]), "ratio")
    parts = [
        tr("Share of revenue by how recently and how often people bought, in fifths")
        if earning
        else tr("Share of people by how recently and how often they came, in fifths"),
        tr("framed: high in both") if top is not None else "",
        _blank(grid, cells),
    ]
    caption = tr("{parts}.", parts=clauses(filter(None, parts)))
    if earning:
        said = tr(
            "The cell with recency {recency} and frequency {frequency} brings most, {share} of revenue.",
            share=share,
            **place,
        )
        return sentences(caption, said)
    said = tr(
        "The largest cell is recency {recency}, frequency {frequency}, with {share} of people.", share=share, **place
    )
    return sentences(caption, said)


def _blank(grid: pd.DataFrame, cells: pd.DataFrame) -> str:
    """What a blank cell means; "" where there is none."""
    if len(cells) == FIFTHS**2:
        return ""
    hidden = grid.loc[grid["recency"] > 0, "people_share"].isna().any()
    return tr("blank: nobody, or too few people to be told") if hidden else tr("blank: nobody")
