"""Series: how often the checks on controls block, where nothing moved them and where the campaign did.

python benchmarks/effects/moved_controls.py [simulations a cell] [first seed]

The campaign lifts the control of largest weight by a share. Without replays, which these checks do not read.
"""

import sys

import numpy as np
from simulators_time import SeriesCell, draw_series

import reachbook.effects as effects
from reachbook.effects.spec import EffectSpec

CELLS = [
    SeriesCell(0.5, days=120, noise=0.005),
    SeriesCell(0.5, days=120, noise=0.005, controls=5),
    SeriesCell(0.5, noise=0.005),
    SeriesCell(0.8, days=120),
]
MOVED = (0.0, 0.1, 0.2)
CHECKS = ("one_control", "contamination")


def blocked(cell: SeriesCell, moved: float, seed: int) -> list[bool]:
    """Whether each of `CHECKS` blocks, and whether one of them does."""
    frame, _, _ = draw_series(cell, seed)
    frame.loc[frame["treated"], "control_0"] *= 1 + moved
    effect = effects.estimate(frame, EffectSpec(design="series", replays=0), seed=seed)
    open_ = {gate.id for gate in effect.gates if gate.level == "block" and not gate.passed}
    return [*(name in open_ for name in CHECKS), bool(open_ & set(CHECKS))]


def main(simulations: int, first: int) -> None:
    """One line a cell and size of what the campaign did to the control."""
    print(f"{'cell':52s}{'controls':>9s}{'moved':>7s}" + "".join(f"{name:>15s}" for name in (*CHECKS, "either")))
    for cell in CELLS:
        for moved in MOVED:
            told = np.mean([blocked(cell, moved, seed) for seed in range(first, first + simulations)], axis=0)
            print(
                f"{cell.name:52s}{cell.controls:9d}{moved:7.0%}" + "".join(f"{each:15.3f}" for each in told), flush=True
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 40_000)
