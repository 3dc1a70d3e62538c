"""Figures of the segmentation, each with its alternative text."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.presentation import style
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Drawing
from reachbook.segmentation.segments import Segmentation
from reachbook.segmentation.structure.choose_k import at

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def sizes_and_revenue(shares: pd.DataFrame, names: dict[int, str]) -> Drawing:
    """Share of people, and share of revenue with its interval, one line for each segment."""
    with style.theme():
        figure, (axis,) = style.figure(1.3 + 0.5 * len(shares))
        rows = np.arange(len(shares))[::-1]
        labels = [style.wrapped(names[j], 30) for j in shares["segment"]]
        axis.hlines(rows, shares["low"], shares["high"], color=style.MORE, linewidth=6, alpha=0.4)
        axis.plot(shares["revenue_share"], rows, "o", color=style.MORE, label="share of revenue, with 95 % interval")
        axis.plot(shares["people_share"], rows, "D", color=style.INK, fillstyle="none", label="share of people")
        axis.set_yticks(rows, labels)
        axis.set_xlim(left=0)
        axis.set_ylim(-0.6, len(shares) - 0.4)
        axis.grid(axis="x")
        style.percent_axis(axis)
        figure.legend(loc="upper left", ncols=2)
        style.room_left(figure, labels)
    parts = [
        f"{names[r['segment']]}: {number(r['people_share'], 'ratio')} of people, "
        f"{number(r['revenue_share'], 'ratio')} of revenue [{number(r['low'], 'ratio')}, {number(r['high'], 'ratio')}]"
        for r in shares.to_dict("records")
    ]
    return Drawing(figure, "Share of people and of revenue by segment. " + "; ".join(parts) + ".")


def profile_map(profile: pd.DataFrame, names: dict[int, str], top: int = 18) -> Drawing:
    """Strongest differences of each segment from the rest; area shows the size, colour the sign."""
    wide = profile.pivot(index="feature", columns="segment", values="effect")
    who: list[int] = wide.columns.astype(int).tolist()
    rows = _strongest(wide, top)
    wide = wide.loc[rows]
    with style.theme():
        figure, (axis,) = style.figure(1.6 + 0.27 * len(rows))
        x, y = np.meshgrid(np.arange(wide.shape[1]), np.arange(len(rows)))
        size = wide.fillna(0).to_numpy()
        colour = np.where(size > 0, style.MORE, style.LESS)
        axis.scatter(x, y, s=np.clip(np.abs(size), 0, 3).ravel() * 90, c=colour.ravel(), linewidths=0)
        axis.set_yticks(np.arange(len(rows)), rows)
        axis.set_xticks(
            np.arange(wide.shape[1]),
            [style.wrapped(names[j], max(10, 60 // wide.shape[1])) for j in who],
        )
        axis.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
        axis.spines[["left", "bottom"]].set_visible(False)
        axis.grid(axis="y")
        axis.set_axisbelow(True)
        axis.set_xlim(-0.6, wide.shape[1] - 0.4)
        axis.set_ylim(len(rows) - 0.4, -0.6)
        style.room_left(figure, rows)
        height = 1.6 + 0.27 * len(rows)
        figure.subplots_adjust(top=1 - 0.95 / height, bottom=0.4 / height)
        axis.text(
            0,
            -0.02,
            "blue: more than the rest, orange: less; area: standardised difference",
            color=style.SOFT,
            transform=axis.transAxes,
            va="top",
        )
    parts = [f"{names[j]}: {_words(wide[j])}" for j in who]
    return Drawing(figure, "How each segment differs from everybody else. " + "; ".join(parts) + ".")


def _strongest(wide: pd.DataFrame, top: int) -> list[str]:
    """Up to `top` features, taking each segment's strongest in turn, grouped by segment."""
    turn = [wide[j].abs().sort_values(ascending=False, kind="stable").index for j in wide]
    in_turn = [str(order[place]) for place in range(len(wide)) for order in turn]
    chosen = list(dict.fromkeys(in_turn))[:top]
    known = {str(name): row for name, row in zip(wide.index, wide.fillna(-9.0).to_numpy(dtype=float), strict=True)}
    return sorted(chosen, key=lambda f: (int(known[f].argmax()), -float(known[f].max())))


def _words(effects: pd.Series, most: int = 3) -> str:
    best = effects.abs().sort_values(ascending=False, kind="stable").index[:most]
    return ", ".join(f"{f} {effects[f]:+.1f} sd" for f in best)


def against_null(segmentation: Segmentation) -> Drawing:
    """Tightness of the partition for each k, compared with people without segments."""
    e = segmentation.evidence
    with style.theme():
        figure, (axis,) = style.figure(3.6)
        axis.fill_between(e["k"], e["null_low"], e["null_high"], color=style.SOFT, alpha=0.3, linewidth=0)
        axis.plot(e["k"], e["null_mean"], color=style.SOFT, label="people without segments (95 % of draws)")
        axis.plot(e["k"], e["gain"], "o-", color=style.MORE, label="this audience")
        _mark(axis, segmentation)
        axis.set(xlabel="number of segments k", ylabel="tightness (log variance ratio)", xticks=e["k"])
        axis.legend(loc="upper left")
    best = at(e, segmentation.candidate)
    return Drawing(
        figure,
        f"Tightness by number of segments. At {segmentation.candidate} segments this audience has "
        f"{best['gain']:.2f}, people without segments {best['null_mean']:.2f} "
        f"[{best['null_low']:.2f}, {best['null_high']:.2f}]; p = {best['p']:.2g} over all k.",
    )


def stability_and_valleys(segmentation: Segmentation) -> Drawing:
    """For each k the lowest bootstrap Jaccard overlap and the highest pass between segments, with their limits."""
    e, spec = segmentation.evidence, segmentation.spec
    with style.theme():
        figure, (left, right) = style.figure(3.4, 2)
        for axis, column, limit, title in (
            (left, "stability", spec.stability_limit, "Lowest bootstrap overlap"),
            (right, "pass_height", spec.valley_limit, "Highest pass between segments"),
        ):
            axis.plot(e["k"], e[column], "o-", color=style.MORE)
            axis.axhline(limit, color=style.LESS, linestyle="--")
            axis.set(xlabel="number of segments k", title=title, xticks=e["k"], ylim=(0, 1.05))
            style.percent_axis(axis, "y")
            _mark(axis, segmentation)
        figure.subplots_adjust(wspace=0.25)
    best = at(e, segmentation.candidate)
    return Drawing(
        figure,
        f"Left, higher is better: how well the least stable segment comes back; right, lower is "
        f"better: the shallowest valley. At {segmentation.candidate} segments {best['stability']:.0%} (at "
        f"least {spec.stability_limit:.0%} wanted) and {best['pass_height']:.0%} (at most "
        f"{spec.valley_limit:.0%}).",
    )


def _mark(axis: "Axes", segmentation: Segmentation) -> None:
    """Draw a line at the chosen k, if any."""
    if segmentation.k:
        axis.axvline(segmentation.k, color=style.INK, linewidth=0.8, linestyle=":")


def valleys(segmentation: Segmentation, names: dict[int, str]) -> Drawing:
    """Height of the pass between neighbouring segments of the chosen, or best rejected, partition."""
    height = segmentation.passes.to_numpy()
    pairs = [(i, j, float(height[i, j])) for i in range(len(height)) for j in range(i + 1, len(height))]
    pairs = sorted((p for p in pairs if p[2] > 0), key=lambda p: p[2])
    labels = [f"{names[i]} | {names[j]}" for i, j, _ in pairs]
    with style.theme():
        figure, (axis,) = style.figure(1.3 + 0.42 * len(pairs))
        rows = np.arange(len(pairs))
        axis.hlines(rows, 0, [p[2] for p in pairs], color=style.MORE, linewidth=4, alpha=0.4)
        axis.plot([p[2] for p in pairs], rows, "o", color=style.MORE)
        axis.axvline(segmentation.spec.valley_limit, color=style.LESS, linestyle="--")
        axis.set_yticks(rows, [style.wrapped(label, 44) for label in labels])
        axis.set(xlim=(0, 1.05), xlabel="0 %: islands, 100 %: one cloud")
        style.percent_axis(axis)
        style.room_left(figure, [style.wrapped(label, 44) for label in labels])
    worst = (
        f"The shallowest valley lies between {labels[-1].replace(' | ', ' and ')}, {pairs[-1][2]:.0%}." if pairs else ""
    )
    return Drawing(figure, f"Height of the pass between neighbouring segments over the lower peak. {worst}")


def rfm_map(grid: pd.DataFrame) -> Drawing:
    """Recency by frequency in fifths; area shows the number of people, text the share of revenue."""
    cells = grid[grid["recency"] > 0]
    with style.theme():
        figure, (axis,) = style.figure(4.4)
        axis.scatter(
            cells["frequency"],
            cells["recency"],
            s=cells["people_share"] / cells["people_share"].max() * 1600,
            color=style.MORE,
            alpha=0.45,
            linewidths=0,
        )
        for row in cells.to_dict("records"):
            share = row["revenue_share"] if np.isfinite(row["revenue_share"]) else row["people_share"]
            axis.text(row["frequency"], row["recency"], f"{share:.0%}", ha="center", va="center")
        axis.set(
            xlabel="frequency, 5 the most often",
            ylabel="recency, 5 the latest",
            xticks=range(1, 6),
            yticks=range(1, 6),
            xlim=(0.4, 5.6),
            ylim=(0.4, 5.6),
        )
    best = cells.sort_values(["revenue_share", "people_share"], ascending=False).iloc[0]
    what = "revenue" if np.isfinite(best["revenue_share"]) else "people"
    return Drawing(
        figure,
        f"Recency by frequency in fifths, with the share of {what}. The strongest cell is recency "
        f"{best['recency']:.0f}, frequency {best['frequency']:.0f}, with "
        f"{number(float(best[f'{what}_share']), 'ratio')} of {what}.",
    )
