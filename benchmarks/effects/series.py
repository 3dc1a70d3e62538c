"""Series: coverage and width of 95 % intervals beside an oracle, known cases, PyMC beside the exact sampler, run time.

python benchmarks/effects/series.py [simulations a cell] [of them by PyMC too] [first seed]

The oracle knows the model that made the data, which controls count and all variances; it learns level, weekdays and the
controls' weights.
"""

import sys
import time

import numpy as np
from known_cases import DATA, bsts_comparison, bsts_google
from simulators_time import SeriesCell, draw_series, series_oracle

import reachbook.effects as effects
from reachbook.effects.spec import EffectSpec

CELLS = [
    *(SeriesCell(rho) for rho in (0.0, 0.5, 0.8, 0.95)),
    SeriesCell(0.5, walk=0.003),
    SeriesCell(0.5, walk=0.006),
    SeriesCell(0.5, days=330, after=35, noise=0.03, walk=0.002),
    SeriesCell(0.8, days=120),
    SeriesCell(0.8, days=365, after=42),
    SeriesCell(0.5, noise=0.005),
    SeriesCell(0.5, days=120, noise=0.005),
    SeriesCell(0.0, days=365, noise=0.005),
]


def coverage(simulations: int, first: int) -> None:
    """One line a cell: share inside, and of those whose gates hold; width over the oracle's; seconds a fit."""
    print(f"{'cell':52s}{'inside':>8s}{'inside, gates hold':>20s}{'hold':>7s}{'width/oracle':>14s}{'seconds':>9s}")
    for cell in CELLS:
        inside, held, widths, oracles, began = [], [], [], [], time.perf_counter()
        for seed in range(first, first + simulations):
            frame, truth, base = draw_series(cell, seed)
            effect = effects.estimate(frame, EffectSpec(design="series"), seed=seed)
            low, high = effect.interval(0.95)
            inside.append(low <= truth <= high)
            held.append(effect.passed)
            widths.append((high - low) / base)
            oracles.append(2 * 1.96 * series_oracle(cell, seed))
        took = (time.perf_counter() - began) / simulations
        good = np.mean(np.array(inside)[np.array(held)]) if any(held) else float("nan")
        print(
            f"{cell.name:52s}{np.mean(inside):8.3f}{good:20.3f}{np.mean(held):7.2f}"
            f"{np.mean(widths) / np.mean(oracles):14.2f}{took:9.2f}",
            flush=True,
        )


def known() -> None:
    """Published answers beside ours."""
    if not DATA.exists():
        print(f"Known cases: {DATA} is not there; nothing to compare.")
        return
    for name, frame, start, said in (
        ("bsts_google", bsts_google(), "2020-03-02", "+21 % [14, 28]"),
        ("bsts_comparison", bsts_comparison(), "2019-07-15", "none (R: p = .20)"),
    ):
        began = time.perf_counter()
        effect = effects.estimate(frame, EffectSpec(design="series", start=start))
        took = time.perf_counter() - began
        low, high = effect.relative_interval()
        print(
            f"{name}: {np.median(effect.relative):+.1%} [{low:+.1%}, {high:+.1%}]; published {said}; "
            f"gates {'hold' if effect.passed else 'block'}; {took:.2f} s"
        )


def samplers(simulations: int) -> None:
    """Half-widths and middles by PyMC over those of the exact sampler."""
    for seed in range(simulations):
        frame, _, base = draw_series(SeriesCell(0.6), seed)
        for sampler in ("exact", "pymc"):
            spec = EffectSpec(design="series", sampler=sampler, replays=0)
            began = time.perf_counter()
            effect = effects.estimate(frame, spec, seed=seed)
            took = time.perf_counter() - began
            low, high = effect.interval()
            gate = next(gate for gate in effect.gates if gate.id == "convergence")
            print(
                f"{sampler:6s} {effect.middle / base:+.4f} [{low / base:+.4f}, {high / base:+.4f}] {took:.1f} s; "
                f"{gate.detail}"
            )


if __name__ == "__main__":
    known()
    coverage(int(sys.argv[1]) if len(sys.argv) > 1 else 500, int(sys.argv[3]) if len(sys.argv) > 3 else 10_000)
    samplers(int(sys.argv[2]) if len(sys.argv) > 2 else 3)
