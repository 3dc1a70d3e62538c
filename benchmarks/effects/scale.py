"""Panel: CPU seconds by number of units, this tree beside an earlier commit, in turn, in one run.

python benchmarks/effects/scale.py [revision] [repeats] [units ...]

A third of the units is treated, 113 days, 52 of them in the campaign. The earlier commit comes from `git archive` into
a temporary folder. Each call is a process of its own that has imported and warmed up before its clock starts; both get
one thread. The exponent is the slope of log seconds by log units.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
REVISION, REPEATS, UNITS = "374ff90", 3, (21, 42, 83, 142, 210)


def timed(units: int, seed: int) -> float:
    """CPU seconds of one panel with all its checks and replays."""
    from simulators_time import PanelCell, draw_panel

    import reachbook.effects as effects

    estimate = getattr(effects, "estimate", None) or effects.panel  # the older commit has a function for each design
    spec = effects.EffectSpec(design="panel")
    estimate(draw_panel(PanelCell(6, 40, 10, 0.5), seed)[0], spec)
    frame = draw_panel(PanelCell(units, 113, 52, 0.5, own=0.06, treated=units // 3), seed)[0]
    began = time.process_time()
    estimate(frame, spec, seed=seed)
    return time.process_time() - began


def ask(library: Path, units: int, seed: int) -> float:
    """`timed` in a process that takes the package from `library`."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, __file__, "one", str(units), str(seed)], capture_output=True, text=True, check=True,
        env={**os.environ, **threads, "PYTHONPATH": str(library)},
    )  # fmt: skip
    told = json.loads(done.stdout)
    if not Path(told["package"]).is_relative_to(library):
        raise SystemExit(f"The package came from {told['package']}, not from {library}.")
    return float(told["seconds"])


def unpack(revision: str, folder: str) -> Path:
    """The package as it was at `revision`."""
    archive = subprocess.run(["git", "archive", revision, "lib"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "x", "-C", folder], input=archive, check=True)
    return Path(folder) / "lib"


def exponent(units: list[int], seconds: list[float]) -> float:
    """Slope of log seconds by log units."""
    return float(np.polyfit(np.log(units), np.log(seconds), 1)[0]) if len(units) > 1 else float("nan")


def main(revision: str, repeats: int, sizes: list[int]) -> None:
    """One line a size: medians of both, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        libraries = {revision: unpack(revision, folder), "now": ROOT / "lib"}
        medians: dict[str, list[float]] = {name: [] for name in libraries}
        print(f"{'units':>6s}{revision:>12s}{'now':>9s}{'times':>8s}  CPU seconds, median of {repeats}")
        for units in sizes:
            told: dict[str, list[float]] = {name: [] for name in libraries}
            for seed in range(repeats):
                for name, library in libraries.items():
                    told[name].append(ask(library, units, seed))
            for name, seconds in told.items():
                medians[name].append(float(np.median(seconds)))
            old, new = medians[revision][-1], medians["now"][-1]
            print(f"{units:6d}{old:12.2f}{new:9.2f}{old / new:8.1f}", flush=True)
        for name, seconds in medians.items():
            print(f"{name}: grows with units to the power {exponent(sizes, seconds):.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        found = timed(int(sys.argv[2]), int(sys.argv[3]))
        import reachbook

        print(json.dumps({"seconds": found, "package": str(Path(reachbook.__file__).resolve())}))
    else:
        arguments = sys.argv[1:]
        main(
            arguments[0] if arguments else REVISION,
            int(arguments[1]) if len(arguments) > 1 else REPEATS,
            [int(each) for each in arguments[2:]] or list(UNITS),
        )
