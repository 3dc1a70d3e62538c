"""The figure beside the decision: how many people are in each cell, and how far off each number may be."""

import numpy as np

from reachbook.headcount.cells import Cells
from reachbook.presentation import style
from reachbook.presentation.html_table import label
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Drawing
from reachbook.privacy.release import ReleasedCounts
from reachbook.translation import clauses, sentences, tr

MOST = 9
"""Cells that are drawn, those with most people first; the table holds all."""


def people_by_cell(one: Cells, counts: ReleasedCounts) -> Drawing:
    """A bar for each cell, with the range that the error leaves open."""
    from matplotlib.figure import Figure

    order = np.argsort(-counts.people, kind="stable")[:MOST]
    names = [" · ".join(label(str(each)) for each in row) for row in one.labels.iloc[order].to_numpy().tolist()]
    people = counts.people[order].astype(float)
    low, high = np.clip(people - counts.error, 0, None), people + counts.error
    with style.theme():
        figure = Figure(figsize=style.LEAD)
        axis = figure.subplots()
        rows = np.arange(len(order))[::-1]
        axis.barh(rows, people, height=0.6, color=style.MORE, alpha=0.75)
        axis.hlines(rows, low, high, color=style.INK, linewidth=1.2)
        for row, value, end in zip(rows, people, high, strict=True):
            axis.annotate(
                number(value, "count"), (end, row), (4, 0), textcoords="offset points", va="center", fontsize=9
            )
        axis.set_xlim(0, 1.2 * max(float(high.max()), 1.0))
        axis.set_yticks(rows, names)
        axis.tick_params(axis="y", length=0)
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        figure.subplots_adjust(top=0.97, bottom=0.03)
        style.room_left(figure, names)
    parts = (f"{name}: {number(value, 'count')}" for name, value in zip(names, people, strict=True))
    said = tr("People by platform and stage, each number with the range that its random error leaves open.")
    return Drawing(figure, sentences(said, tr("{parts}.", parts=clauses(parts))))
