"""Figure of promised and realised gains of plans for simulated brands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.budget.advice.track_record import WORLDS
from reachbook.budget.sections.channel_figures import compact_number, subplots
from reachbook.presentation import style
from reachbook.presentation.section import Drawing
from reachbook.translation import tr

if TYPE_CHECKING:
    from reachbook.budget.advice.track_record import TrackRecord

_LINEAR = 2e4
"""Amount up to which the axes are linear; beyond, they are logarithmic."""
_TICKS = (-1e5, -5e4, -1e4, 0.0, 1e4, 2e4, 1e5, 5e5, 2e6)


def realised_gains(found: TrackRecord) -> Drawing:
    """Scatter of realised against promised gain, one dot a plan; below zero it did worse than current spend."""
    rows = found.frame.loc[found.frame["passed"]]
    ends = [float(rows[["promised", "realised"]].min().min()), float(rows[["promised", "realised"]].max().max())]
    with style.theme():
        figure, (axis,) = subplots(3.6)
        axis.axhline(0, color=style.SOFT, linewidth=0.8)
        axis.plot([0, ends[1]], [0, ends[1]], color=style.INK, linewidth=1, label=tr("as promised"))
        for colour, (world, label) in zip(style.PALETTE, WORLDS.items(), strict=False):
            here = rows.loc[rows["world"] == world]
            axis.plot(
                here["promised"], here["realised"], "o", color=colour, markersize=3.5, alpha=0.6, markeredgewidth=0,
                label=tr(label),
            )  # fmt: skip
        axis.set_xscale("symlog", linthresh=_LINEAR)
        axis.set_yscale("symlog", linthresh=_LINEAR)
        at = [tick for tick in _TICKS if ends[0] <= tick <= ends[1]]
        axis.set_xticks(at, [compact_number(tick, "¥") for tick in at])
        axis.set_yticks(at, [compact_number(tick, "¥") for tick in at])
        axis.minorticks_off()
        axis.set_xlabel(tr("gain a week that the plan promised (even steps to ¥20k, then tenfold)"))
        axis.set_ylabel(tr("gain by the true curves"))
        figure.legend(loc="upper left", ncols=3)
        figure.subplots_adjust(left=0.12, top=0.9, bottom=0.16)
    lost = int((rows["realised"] < 0).sum())
    return Drawing(
        figure,
        tr(
            "The gain that each plan promised against the one that came: {lost} of {n} lost, {kept} brought what they "
            "promised or more.",
            lost=lost, n=len(rows), kept=int((rows["realised"] >= rows["promised"]).sum()),
        ),
    )  # fmt: skip
