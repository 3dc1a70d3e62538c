"""Fit and plan beside pymc-marketing: the same tables, the same machine, one run, in turn.

    uv venv --python .venv/bin/python FOLDER
    uv pip sync --python FOLDER/bin/python --require-hashes benchmarks/budget/peers/requirements.txt
    .venv/bin/python benchmarks/budget/peers.py FOLDER/bin/python [warm runs] [simulator | national | curves ...]

Each run is a process of its own that imports, fits, plans and ends. The first of each tool meets empty caches (cold),
the others those that the first left (warm). Wall time is what a user waits for on an idle machine; CPU time, of all
threads and children, is what can be compared on a busy one. Their chains run on all cores, ours on two. "effective"
is the least bulk effective sample size of adstock, saturation, noise and contributions, ours of what is reported, too.

simulator : 156 weeks x 6 channels of known curves. What a plan is worth is read off the true curves, at the same spend
every week: `won` is its gain over the spend now as a part of the largest possible. national : the case with 7 channels
and 13 controls, no true curves. curves : the optimisers alone, on S-shaped problems with given draws.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import mix as known
import numpy as np
import numpy.typing as npt
import pandas as pd
from brands import brand
from optimizer import SIX, TOTAL, exact

from reachbook import budget
from reachbook.demo import media

type Floats = npt.NDArray[np.float64]
type Tool = tuple[str, str, str]
"""Name, kind of saturation, Python."""
type Run = dict[str, Any]
"""What a process wrote: seconds of import, fit and plan and of CPU until then, effective draws, plan and so on."""

HERE = Path(__file__).parent
SEED = 1
DRAWS = 200
RANDOM = 14
"""Random problems beside the six."""


def process(command: Sequence[str], caches: Path) -> Any:
    """What the last line of a process holds, JSON; {"error": why} where there is none."""
    caches.mkdir(exist_ok=True)
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    kept = {"PYTENSOR_FLAGS": f"base_compiledir={caches}", "NUMBA_CACHE_DIR": str(caches), "HOME": str(caches)}
    environment = dict(os.environ) | single | kept
    if command[0] != sys.executable:
        environment.pop("PYTHONPATH", None)
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        return {"error": (done.stderr.strip().splitlines() or ["no answer"])[-1]}
    return json.loads(lines[-1])


def refusal(told: Any) -> str:
    """One line where a tool gave no answer; empty where it did."""
    if isinstance(told, dict) and "absent" in told:
        return f"no answer: {told['absent']}; make their environment as the top of benchmarks/budget/peers.py says."
    return f"no answer: {told['error']}" if isinstance(told, dict) and "error" in told else ""


def tools(theirs: str) -> tuple[Tool, ...]:
    """Ours, and theirs with each saturation: its manual's, and ours."""
    return (
        ("Reachbook, hill", "hill", sys.executable),
        ("pymc-marketing, logistic", "logistic", theirs),
        ("pymc-marketing, hill", "hill", theirs),
    )


def write(folder: Path, spend: pd.DataFrame, outcome: pd.DataFrame) -> float:
    """Tables as CSV; the money a week to plan: what is spent now, the mean of the last 13 weeks."""
    spend[["week", "channel", "spend"]].to_csv(folder / "media.csv", index=False)
    outcome.to_csv(folder / "outcome.csv", index=False)
    return float(spend.pivot(index="week", columns="channel", values="spend").tail(13).mean().sum())


def compared(tables: Sequence[tuple[pd.DataFrame, pd.DataFrame]], theirs: str) -> dict[str, list[Run]] | None:
    """Runs of each tool on each pair of tables (media, outcome), the cold one first, in turn."""
    found: dict[str, list[Run]] = {name: [] for name, _, _ in tools(theirs)}
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        for turn, (spend, outcome) in enumerate(tables):
            total = write(folder, spend, outcome)
            for name, kind, python in tools(theirs):
                (folder / "task.json").write_text(json.dumps({"seed": turn, "total": total, "saturation": kind}))
                script = HERE / "peers" / ("ours.py" if python == sys.executable else "theirs.py")
                told = process([python, str(script), named], folder / name.replace(", ", "-"))
                if refusal(told):
                    print(f"{name}: {refusal(told)}")
                    return None
                found[name].append(told)
                print(f"run {turn}: {name}, {whole(told):.0f} s, CPU {told['cpu']:.0f} s", flush=True)
    return found


def table(found: dict[str, list[Run]]) -> None:
    """Seconds cold and warm, their parts, ratios to ours, and effective draws."""
    print(f"{'':27s}{'runs':>5s}{'import':>8s}{'fit':>8s}{'plan':>8s}{'whole':>8s}{'times':>7s}{'CPU':>8s}{'times':>7s}"
          f"{'effective':>10s}{'times':>7s}{'R-hat':>7s}{'diverged':>9s}")  # fmt: skip
    for label, part in (("cold", slice(0, 1)), ("warm", slice(1, None))):
        runs = {name: each[part] for name, each in found.items() if each[part]}
        base: list[float] = []
        for name, each in runs.items():
            row = medians(each)
            base = base or row[3:6]
            wall, cpu, effective = (value / own for value, own in zip(row[3:6], base, strict=True))
            print(
                f"{label} {name:25s}{len(each):2d}{row[0]:8.1f}{row[1]:8.1f}{row[2]:8.1f}{row[3]:8.1f}{wall:7.1f}"
                f"{row[4]:8.1f}{cpu:7.1f}{row[5]:10.0f}{effective:7.2f}{row[6]:7.3f}{row[7]:9.0f}"
            )


def whole(run: Run) -> float:
    """Seconds from the first import to the plan."""
    return float(run["imported"] + run["fitted"] + run["planned"])


def medians(runs: Sequence[Run]) -> list[float]:
    """Medians of import, fit, plan, whole, CPU, effective draws, R-hat and divergences."""
    first, last = ("imported", "fitted", "planned"), ("effective", "r_hat", "divergences")
    rows = [[*(run[name] for name in first), whole(run), run["cpu"], *(run[name] for name in last)] for run in runs]
    return [float(value) for value in np.median(np.array(rows, dtype=float), axis=0)]


def simulator(theirs: str, warm: int) -> None:
    """Known curves: time, effective draws, and what the plans are worth; other data in each run."""
    cases = [brand(SEED + turn) for turn in range(1 + warm)]
    spends = [case.spend.astype({"spend": float}) for case in cases]
    found = compared([(spend, case.outcome) for spend, case in zip(spends, cases, strict=True)], theirs)
    if found is None:
        return
    print("\nsimulator, 156 weeks x 6 channels; seconds are medians")
    table(found)
    print(
        f"\n{'medians of all runs':27s}{'true outcome a week':>20s}{'won':>8s}{'least':>8s}{'ROI covered':>13s}  says"
    )
    for name, runs in found.items():
        worth = [
            won(pd.Series(run["spend"]), spend.pivot(index="week", columns="channel", values="spend"))
            for run, spend in zip(runs, spends, strict=True)
        ]
        value, part = np.median(np.array(worth), axis=0)
        roi = np.mean([covered(run, case.roi) for run, case in zip(runs, cases, strict=True)])
        least = min(part for _, part in worth)
        print(f"{name:27s}{value:20,.0f}{part:8.1%}{least:8.1%}{roi:13.2f}  {'; '.join(run['says'] for run in runs)}")


def covered(run: Run, truth: pd.Series) -> float:
    """Part of channels whose 90 % interval holds the true return."""
    return float(np.mean([low <= truth[name] <= high for name, (low, high) in run["roi"].items()]))


def won(plan: pd.Series, wide: pd.DataFrame) -> tuple[float, float]:
    """True outcome a week of a plan, and its gain over the spend now by the largest gain there is."""
    now = wide.tail(13).mean()
    curves = {channel.name: channel for channel in media.CHANNELS}
    grid = np.stack([np.linspace(0, wide[name].max(), 1001) for name in curves])
    response = np.stack([channel.response(each) for channel, each in zip(curves.values(), grid, strict=True)])
    best = budget.best_plan(response[None], grid, float(now.sum())).value

    def worth(spent: pd.Series) -> float:
        return float(sum(channel.response(np.array(spent[name])) for name, channel in curves.items()))

    return worth(plan), (worth(plan) - worth(now)) / (best - worth(now))


def national(theirs: str, warm: int) -> None:
    """The case with 7 channels and 13 controls, without what media itself moves."""
    case = known.national()
    if case is None:
        return
    found = compared([(case[0], case[1].drop(columns="brand_awareness"))] * (1 + warm), theirs)
    if found is None:
        return
    print("\nnational_known_truth, 104 weeks x 7 channels; seconds are medians")
    table(found)
    for name, runs in found.items():
        roas = np.mean([covered(run, case[2]) for run in runs])
        print(f"{name:27s} ROAS covered {roas:.2f}; {runs[-1]['says']}")


def hill(spend: Floats, scale: Floats, half: Floats, slope: float) -> Floats:
    """Response of each draw and channel, (draws, channels) or (draws, channels, points)."""
    return np.asarray(scale * spend**slope / (half**slope + spend**slope))


def curves(theirs: str, _: int) -> None:
    """The optimisers alone, on `optimizer.SIX` and on random problems of six channels."""
    problems = []
    for channels, slope, seed in (*SIX, *((6, 4.0, 1000 + k) for k in range(RANDOM))):
        rng = np.random.default_rng([seed, 77])
        half = rng.uniform(15, 60, channels) * np.exp(0.15 * rng.standard_normal((DRAWS, channels)))
        scale = rng.uniform(50, 200, channels) * np.exp(0.15 * rng.standard_normal((DRAWS, channels)))
        task = {"half": half.tolist(), "scale": scale.tolist(), "slope": slope, "most": 100.0}
        problems.append(task | {"total": float(round(TOTAL * channels * 100))})
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "problems.json").write_text(json.dumps(problems))
        script = str(HERE / "peers" / "theirs.py")
        told = process([theirs, script, folder, "curves"], Path(folder) / "caches")
    if refusal(told):
        print(refusal(told))
        return
    print(f"\n{len(problems)} S-shaped problems, {DRAWS} draws; short of the optimum (dynamic programming), seconds")
    print(f"{'channels':>8s}{'slope':>7s}{'ours':>9s}{'gap':>9s}{'s':>7s}{'theirs':>9s}{'says':>9s}{'s':>7s}")
    rows = np.array([one_problem(task, plan) for task, plan in zip(problems, told, strict=True)])
    for name, short, seconds in (("ours", rows[:, 0], rows[:, 1]), ("theirs", rows[:, 2], rows[:, 3])):
        missed = (short > 1e-3).sum()
        print(
            f"{name:7s} short by more than .1 % on {missed} of {len(rows)}, at most by {short.max():.1%}; "
            f"median {np.median(seconds):.2f} s"
        )


def one_problem(task: dict[str, Any], theirs: dict[str, Any]) -> tuple[float, float, float, float]:
    """One line, both plans by the exact curves beside the best on whole steps: how short and seconds, ours, theirs."""
    scale, half, slope = np.array(task["scale"]), np.array(task["half"]), task["slope"]
    grid = np.linspace(0, task["most"], 101)
    response = hill(grid, scale[..., None], half[..., None], slope)
    best = exact(response.mean(axis=0), round(task["total"]))
    began = time.perf_counter()
    plan = budget.best_plan(response, grid, task["total"])
    seconds = time.perf_counter() - began
    short = [
        1 - float(hill(np.asarray(spent), scale, half, slope).mean(axis=0).sum()) / best
        for spent in (plan.spend, theirs["spend"])
    ]
    says = "success" if theirs["success"] else "failed"
    print(
        f"{scale.shape[1]:8d}{slope:7.0f}{short[0]:9.2%}{plan.gap:9.1e}{seconds:7.2f}{short[1]:9.1%}{says:>9s}"
        f"{theirs['seconds']:7.1f}",
        flush=True,
    )
    return short[0], seconds, short[1], theirs["seconds"]


PARTS: dict[str, Callable[[str, int], None]] = {"simulator": simulator, "national": national, "curves": curves}


def main(arguments: Sequence[str]) -> None:
    """Run the parts that are asked for."""
    if not arguments or not Path(arguments[0]).exists():
        print(refusal({"absent": f"no Python at {arguments[0]}" if arguments else "no Python of theirs was given"}))
        return
    for part in arguments[2:] or PARTS:
        PARTS[part](arguments[0], int(arguments[1]) if len(arguments) > 1 else 3)


if __name__ == "__main__":
    main(sys.argv[1:])
