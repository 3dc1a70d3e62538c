"""Figures of the segmentation, each with its alternative text."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.presentation import style
from reachbook.presentation.section import Drawing
from reachbook.segmentation.labels import UNNAMED, feature
from reachbook.segmentation.segments import Segmentation
from reachbook.segmentation.structure.choose_k import at
from reachbook.translation import clauses, joined, listing, sentences, tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def profile_map(
    profile: pd.DataFrame, names: dict[int, str], channels: Mapping[str, str] = UNNAMED, top: int = 18
) -> Drawing:
    """Strongest differences of each segment from the rest; area shows the size, colour the sign."""
    wide = profile.pivot(index="feature", columns="segment", values="effect").dropna(how="all")
    who: list[int] = wide.columns.astype(int).tolist()
    rows = _strongest(wide, top)
    wide = wide.loc[rows]
    with style.theme():
        figure, (axis,) = style.figure(1.6 + 0.27 * len(rows))
        x, y = np.meshgrid(np.arange(wide.shape[1]), np.arange(len(rows)))
        size = wide.fillna(0).to_numpy()
        colour = np.where(size > 0, style.MORE, style.LESS)
        axis.scatter(x, y, s=np.clip(np.abs(size), 0, 3).ravel() * 90, c=colour.ravel(), linewidths=0)
        shown = [feature(row, channels) for row in rows]
        axis.set_yticks(np.arange(len(rows)), shown)
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
        style.room_left(figure, shown)
        height = 1.6 + 0.27 * len(rows)
        figure.subplots_adjust(top=1 - 0.95 / height, bottom=0.4 / height)
        axis.text(
            0,
            -0.02,
            tr("blue: more than the rest, orange: less; area: standardised difference"),
            color=style.SOFT,
            transform=axis.transAxes,
            va="top",
        )
    parts = [tr("{name}: {differences}", name=names[j], differences=_words(wide[j], channels)) for j in who]
    return Drawing(
        figure,
        sentences(tr("How each segment differs from everybody else."), tr("{parts}.", parts=clauses(parts))),
    )


def _strongest(wide: pd.DataFrame, top: int) -> list[str]:
    """Up to `top` features, taking each segment's strongest in turn, grouped by segment."""
    turn = [wide[j].abs().sort_values(ascending=False, kind="stable").index for j in wide]
    in_turn = [str(order[place]) for place in range(len(wide)) for order in turn]
    chosen = list(dict.fromkeys(in_turn))[:top]
    known = {str(name): row for name, row in zip(wide.index, wide.fillna(-9.0).to_numpy(dtype=float), strict=True)}
    return sorted(chosen, key=lambda f: (int(known[f].argmax()), -float(known[f].max())))


def _words(effects: pd.Series, channels: Mapping[str, str], most: int = 3) -> str:
    effects = effects.dropna()
    best = effects.abs().sort_values(ascending=False, kind="stable").index[:most]
    return joined(
        tr("{feature} {effect:+.1f} standard deviations", feature=feature(str(f), channels), effect=effects[f])
        for f in best
    )


def against_null(segmentation: Segmentation) -> Drawing:
    """Tightness of the partition for each k, compared with people without segments."""
    e = segmentation.evidence
    with style.theme():
        figure, (axis,) = style.figure(3.6)
        axis.fill_between(e["k"], e["null_low"], e["null_high"], color=style.SOFT, alpha=0.3, linewidth=0)
        axis.plot(e["k"], e["null_mean"], color=style.SOFT, label=tr("people without segments (95% of draws)"))
        axis.plot(e["k"], e["gain"], "o-", color=style.MORE, label=tr("this audience"))
        _mark(axis, segmentation)
        axis.set(xlabel=tr("number of segments"), ylabel=tr("tightness (log variance ratio)"), xticks=e["k"])
        axis.legend(loc="upper left")
    best = at(e, segmentation.candidate)
    return Drawing(
        figure,
        sentences(
            tr("Tightness by number of segments."),
            tr(
                "At {k} segments this audience has {gain:.2f}, people without segments {mean:.2f} [{low:.2f}, "
                "{high:.2f}]; p = {p:.2g} over all numbers of segments.",
                k=segmentation.candidate,
                gain=best["gain"],
                mean=best["null_mean"],
                low=best["null_low"],
                high=best["null_high"],
                p=best["p"],
            ),
        ),
    )


def stability_and_valleys(segmentation: Segmentation) -> Drawing:
    """For each k the lowest bootstrap Jaccard overlap and the highest pass between segments, with their limits."""
    e, spec = segmentation.evidence, segmentation.spec
    with style.theme():
        figure, (left, right) = style.figure(3.4, 2)
        for axis, column, limit, title in (
            (left, "stability", spec.stability_limit, tr("Stability of the weakest segment")),
            (right, "pass_height", spec.valley_limit, tr("Density between segments")),
        ):
            axis.plot(e["k"], e[column], "o-", color=style.MORE)
            axis.axhline(limit, color=style.LESS, linestyle="--")
            axis.set(xlabel=tr("number of segments"), title=title, xticks=e["k"], ylim=(0, 1.05))
            style.percent_axis(axis, "y")
            _mark(axis, segmentation)
        figure.subplots_adjust(wspace=0.25)
    best = at(e, segmentation.candidate)
    return Drawing(
        figure,
        sentences(
            tr(
                "Left, higher is better: how much of the weakest segment comes back; right, lower is better: the "
                "shallowest valley."
            ),
            tr(
                "At {k} segments {stability:.0%} (at least {least:.0%} wanted) and {height:.0%} (at most {most:.0%}).",
                k=segmentation.candidate,
                stability=best["stability"],
                least=spec.stability_limit,
                height=best["pass_height"],
                most=spec.valley_limit,
            ),
        ),
    )


def _mark(axis: "Axes", segmentation: Segmentation) -> None:
    """Draw a line at the chosen k, if any."""
    if segmentation.k:
        axis.axvline(segmentation.k, color=style.INK, linewidth=0.8, linestyle=":")


def valleys(segmentation: Segmentation, names: dict[int, str]) -> Drawing:
    """Height of the pass between neighbouring segments of the chosen, or best rejected, partition: those of `names`."""
    height = segmentation.passes.to_numpy()
    pairs = [(i, j, float(height[i, j])) for i in range(len(height)) for j in range(i + 1, len(height))]
    pairs = sorted((p for p in pairs if p[2] > 0 and p[0] in names and p[1] in names), key=lambda p: p[2])
    labels = [f"{names[i]} | {names[j]}" for i, j, _ in pairs]
    with style.theme():
        figure, (axis,) = style.figure(1.3 + 0.42 * len(pairs))
        rows = np.arange(len(pairs))
        axis.hlines(rows, 0, [p[2] for p in pairs], color=style.MORE, linewidth=4, alpha=0.4)
        axis.plot([p[2] for p in pairs], rows, "o", color=style.MORE)
        axis.axvline(segmentation.spec.valley_limit, color=style.LESS, linestyle="--")
        axis.set_yticks(rows, [style.wrapped(label, 44) for label in labels])
        axis.set(xlim=(0, 1.05), xlabel=tr("0%: islands, 100%: one cloud"))
        style.percent_axis(axis)
        style.room_left(figure, [style.wrapped(label, 44) for label in labels])
    return Drawing(
        figure,
        sentences(
            tr("Density between neighbouring segments, beside that inside the sparser one."),
            tr(
                "The shallowest valley lies between {pair}, {height:.0%}.",
                pair=_pair(pairs[-1], names),
                height=pairs[-1][2],
            )
            if pairs
            else "",
        ),
    )


def _pair(pair: tuple[int, int, float], names: dict[int, str]) -> str:
    return listing([names[pair[0]], names[pair[1]]])
