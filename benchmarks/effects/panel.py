"""Panel: coverage and width of 95 % intervals beside an oracle, known cases, run time.

python benchmarks/effects/panel.py [simulations a cell] [first seed]

The oracle knows the model that made the data, its variances and loadings, and learns levels and weekdays alone.
"""

import sys
import time

import numpy as np
from known_cases import DATA, geolift, proposition_99
from simulators_time import PanelCell, draw_panel, panel_oracle

import reachbook.effects as effects
from reachbook.effects.spec import EffectSpec

CELLS = [
    PanelCell(units, days, after, rho)
    for units, days, after in ((10, 45, 14), (10, 75, 21), (21, 60, 14), (21, 105, 28))
    for rho in (0.3, 0.5, 0.8)
] + [
    PanelCell(83, 90, 30, 0.5, own=0.06, treated=43),
    PanelCell(83, 90, 28, 0.5, own=0.1, treated=43, sizes=1.2, counts=True),
    PanelCell(30, 120, 28, 0.4, own=0.12, treated=5),
    PanelCell(30, 120, 28, 0.4, own=0.15, treated=5, sizes=1.0, counts=True),
    PanelCell(21, 60, 14, 0.5, own=0.005, common=0.02, trend=0.0001, loading=0.02),
]


def coverage(simulations: int, first: int) -> None:
    """One line a cell: share inside, and of those whose gates hold; width over the oracle's; zero inside; seconds."""
    print(f"{'cell':68s}{'inside':>8s}{'inside, gates hold':>20s}{'hold':>7s}{'width/oracle':>14s}", end="")
    print(f"{'zero inside':>13s}{'seconds':>9s}")
    for cell in CELLS:
        inside, held, widths, zero, oracle, began = [], [], [], [], panel_oracle(cell), time.perf_counter()
        for seed in range(first, first + simulations):
            frame, truth, base = draw_panel(cell, seed)
            effect = effects.estimate(frame, EffectSpec(design="panel"), seed=seed)
            low, high = effect.interval(0.95)
            inside.append(low <= truth <= high)
            held.append(effect.passed)
            zero.append(low <= 0 <= high)
            widths.append((high - low) / (2 * 1.96 * oracle * base))
        took = (time.perf_counter() - began) / simulations
        good = np.mean(np.array(inside)[np.array(held)]) if any(held) else float("nan")
        print(f"{cell.name:68s}{np.mean(inside):8.3f}{good:20.3f}{np.mean(held):7.2f}", end="")
        print(f"{np.mean(widths):14.2f}{np.mean(zero):13.2f}{took:9.2f}", flush=True)


def known() -> None:
    """Published answers beside ours."""
    if not DATA.exists():
        print(f"Known cases: {DATA} is not there; nothing to compare.")
        return
    for name, frame, said in (
        ("GeoLift test", geolift(), "ATT 155.556 (5.4 %)"),
        ("Proposition 99", proposition_99(), "synthetic DiD -15.604 (SE 8.4)"),
    ):
        began = time.perf_counter()
        bare = effects.estimate(frame, EffectSpec(design="panel", replays=0))
        fitted = time.perf_counter() - began
        began = time.perf_counter()
        effect = effects.estimate(frame, EffectSpec(design="panel"))
        took = time.perf_counter() - began
        low, high = effect.interval()
        print(
            f"{name}: {effect.middle:.1f} [{low:.1f}, {high:.1f}], {np.median(effect.relative):+.1%}; "
            f"published {said}; gates {'hold' if effect.passed else 'block'}; {bare.cells} cells, "
            f"{fitted:.2f} s without replays, {took:.2f} s with"
        )
        print(effect.detail.comparison[["method", "effect", "low", "high", "error"]].round(3).to_string(index=False))


if __name__ == "__main__":
    known()
    coverage(int(sys.argv[1]) if len(sys.argv) > 1 else 500, int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
