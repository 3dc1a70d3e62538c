"""Campaign effects beside CausalPy and bsts-causalimpact: the same frames, the same machine, one run, in turn.

    uv venv --python .venv/bin/python FOLDER
    uv pip sync --python FOLDER/bin/python --require-hashes benchmarks/effects/peers/requirements.txt
    .venv/bin/python benchmarks/effects/peers.py FOLDER/bin/python [simulations] [known | panel | series | speed ...]

The peers have an environment of their own, locked, and are told each frame as a CSV; they answer one at a time, each
after ours, so that both meet the same load. They get one series, the average of the treated units, with every control
beside it, and their own defaults. CausalPy's model weighs controls to sum to one, which no unit larger than all of them
can meet; "indexed" is the same on each unit divided by its own mean before the start.

Seconds are by the clock, the first call (it compiles, for CausalPy) beside the median of the later ones; "CPU s" is the
median of the later ones too, of all threads and children, to be compared where the machine is shared, and "times" is
that over ours. "width/or" is the mean width over that of an oracle who knows the model, "hold" the part of runs whose
gates hold (peers have none).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from known_cases import DATA, bsts_comparison, bsts_google, geolift, proposition_99
from simulators_time import PanelCell, SeriesCell, draw_panel, draw_series, panel_oracle, series_oracle

import reachbook.effects as effects
from reachbook.effects.effect import Effect
from reachbook.effects.spec import EffectSpec

HERE = Path(__file__).parent
LEVEL = 0.95
FIRST = 20_000
"""First seed."""
IMPACT = ("bsts-causalimpact", "bsts-causalimpact, 7 seasons")
CAUSALPY = (
    "CausalPy synthetic control",
    "CausalPy synthetic control, indexed",
    "CausalPy diff-in-diff, indexed",
)
PANELS = (PanelCell(10, 75, 21, 0.5), PanelCell(10, 75, 21, 0.5, large=False), PanelCell(21, 60, 14, 0.8))
SERIES = tuple(SeriesCell(rho) for rho in (0.0, 0.5, 0.8, 0.95))


@dataclass(frozen=True)
class Answer:
    """An average effect in outcome units, its 95 % interval, wall and CPU seconds, and whether it may be acted on."""

    middle: float
    low: float
    high: float
    seconds: float
    cpu: float
    held: bool = True


class Peers:
    """The peers' process, which answers one request after the other."""

    def __init__(self, python: str, folder: Path) -> None:
        self._file = folder / "frame.csv"
        single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "HOME": str(folder)}
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self._process = subprocess.Popen(
            [python, str(HERE / "peers" / "answer.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=kept | single,
        )
        self.greeting = self._read()

    def ask(self, wide: pd.DataFrame, start: pd.Timestamp, method: str) -> Answer | str:
        """What `method` says of `wide` (columns date, treated, controls), or why it could not."""
        wide.to_csv(self._file, index=False)
        request = {"file": str(self._file), "start": str(start.date()), "method": method}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return parsed(self._read())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        return json.loads(line) if line else {"absent": "its Python ended without an answer"}


def parsed(reply: dict[str, Any]) -> Answer | str:
    """An answer, or in words why there is none."""
    if "middle" in reply:
        return Answer(**{name: float(reply[name]) for name in ("middle", "low", "high", "seconds", "cpu")})
    return str(reply.get("error") or reply.get("absent"))


def refusal(greeting: dict[str, Any]) -> str:
    """One line where the peers are not there; empty where they are."""
    if "absent" not in greeting:
        return ""
    return f"peers: {greeting['absent']}; make their environment as the top of benchmarks/effects/peers.py says."


def wide_panel(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Timestamp]:
    """date, treated (mean of the treated units), then every control; and the first treated date."""
    units = frame.loc[frame["treated"], "unit"].unique()
    table = frame.pivot(index="date", columns="unit", values="outcome")
    controls = table.drop(columns=units)
    wide = pd.concat([table[units].mean(axis=1).rename("treated"), controls], axis=1)
    return wide.rename_axis(index="date").reset_index(), frame.loc[frame["treated"], "date"].min()


def wide_series(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Timestamp]:
    """date, treated (the outcome), then every control; and the first treated date."""
    wide = frame.drop(columns=["unit", "treated"], errors="ignore").rename(columns={"outcome": "treated"})
    ordered = wide[["date", "treated", *wide.columns.difference(["date", "treated"])]]
    return ordered, frame.loc[frame["treated"], "date"].min()


def ours(estimate: Callable[..., Effect], frame: pd.DataFrame, spec: EffectSpec, seed: int) -> Answer:
    """Our answer with its gates and replays."""
    began, used = time.perf_counter(), time.process_time()
    effect = estimate(frame, spec, seed=seed)
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    return Answer(effect.middle, *effect.interval(LEVEL), seconds, cpu, effect.passed)


def later(answers: Sequence[Answer | str]) -> tuple[float, float]:
    """Median wall and CPU seconds of a call, the first left out where there are others."""
    told = [each for each in answers if isinstance(each, Answer)]
    kept = told[1:] or told
    return float(np.median([each.seconds for each in kept])), float(np.median([each.cpu for each in kept]))


def tally(answers: Sequence[Answer | str], truths: Sequence[float], oracles: Sequence[float], usual: float) -> str:
    """Coverage, mean width over the oracle's, part whose gates hold and coverage of those, seconds; CPU by `usual`."""
    told = [(each, truth) for each, truth in zip(answers, truths, strict=True) if isinstance(each, Answer)]
    if not told:
        return f"  no answer: {answers[0]}"
    inside = np.array([each.low <= truth <= each.high for each, truth in told])
    held = np.array([each.held for each, _ in told])
    width = np.mean([each.high - each.low for each, _ in told]) / np.mean(oracles)
    acting = f"{inside[held].mean():14.2f}" if held.any() else f"{'-':>14s}"
    wall, cpu = later(answers)
    failed = f"  {len(answers) - len(told)} without answer" if len(told) < len(answers) else ""
    return (
        f"{inside.mean():8.2f}{width:9.2f}{held.mean():7.2f}{acting}{told[0][0].seconds:9.2f}"
        f"{wall:9.2f}{cpu:8.2f}{cpu / usual:7.2f}{failed}"
    )


def cell(
    name: str,
    draws: Sequence[tuple[pd.DataFrame, float, float]],
    peers: Peers,
    design: str,
    methods: Sequence[str],
) -> None:
    """One block: ours and each peer on the same draws (frame, true effect, width of the oracle's interval)."""
    estimate, spec = getattr(effects, design), EffectSpec.model_validate({"design": design})
    told: dict[str, list[Answer | str]] = {"Reachbook": [], **{method: [] for method in methods}}
    for seed, (frame, _, _) in enumerate(draws):
        told["Reachbook"].append(ours(estimate, frame, spec, seed))
        wide, start = (wide_panel if design == "panel" else wide_series)(frame)
        for method in methods:
            told[method].append(peers.ask(wide, start, method))
    truths, oracles = [truth for _, truth, _ in draws], [width for _, _, width in draws]
    print(f"\n{name}, {len(draws)} simulations")
    print(f"{'':38s}{'inside':>8s}{'width/or':>9s}{'hold':>7s}{'inside, hold':>14s}{'first s':>9s}{'later s':>9s}"
          f"{'CPU s':>8s}{'times':>7s}")  # fmt: skip
    for method, answers in told.items():
        print(f"{method:38s}{tally(answers, truths, oracles, later(told['Reachbook'])[1])}", flush=True)


def panel(peers: Peers, simulations: int) -> None:
    """Panels of the simulator."""
    for each in PANELS:
        draws, oracle = [], 2 * 1.96 * panel_oracle(each)
        for seed in range(FIRST, FIRST + simulations):
            frame, truth, base = draw_panel(each, seed)
            draws.append((frame, truth, oracle * base))
        size = "treated five times the largest control" if each.large else "treated of usual size"
        cell(f"{each.name}, {size}", draws, peers, "panel", CAUSALPY + IMPACT)


def series(peers: Peers, simulations: int) -> None:
    """Series of the simulator."""
    for each in SERIES:
        draws = []
        for seed in range(FIRST, FIRST + simulations):
            frame, truth, base = draw_series(each, seed)
            draws.append((frame, truth, 2 * 1.96 * series_oracle(each, seed) * base))
        cell(each.name, draws, peers, "series", IMPACT)


def cases() -> list[tuple[str, str, str, pd.DataFrame, str]]:
    """Name, published answer, design, frame with `treated`, and what is shown: the effect or its ratio."""
    geo, smoke, google, changed = geolift(), proposition_99(), bsts_google(), bsts_comparison()
    smoke["date"] = pd.to_datetime(smoke["date"].astype(str))
    for frame, start in ((google, "2020-03-02"), (changed, "2019-07-15")):
        frame["date"] = pd.to_datetime(frame["date"])
        frame["treated"], frame["unit"] = frame["date"] >= start, "series"
    return [
        ("GeoLift test", "ATT 155.556 (5.4 %)", "panel", geo, "effect"),
        ("Proposition 99", "synthetic DiD -15.6, synthetic control -19.6, DiD -27.3", "panel", smoke, "effect"),
        ("bsts_google", "+21 % [14, 28]", "series", google, "ratio"),
        ("bsts_comparison", "none (R: p = .20)", "series", changed, "ratio"),
    ]


def known(peers: Peers, _: int) -> None:
    """Published answers beside ours and the peers'."""
    if not DATA.exists():
        print("known cases: ../shared/data/campaign is not there; nothing to compare.")
        return
    for name, said, design, frame, shown in cases():
        wide, start = (wide_panel if design == "panel" else wide_series)(frame)
        print(f"\n{name}; published: {said}")
        spec = EffectSpec.model_validate({"design": design})
        found: dict[str, Answer | str] = {"Reachbook": ours(getattr(effects, design), frame, spec, 1)}
        for method in CAUSALPY + IMPACT if design == "panel" else IMPACT:
            found[method] = peers.ask(wide, start, method)
        actual = float(wide.loc[wide["date"] >= start, "treated"].mean())
        for method, each in found.items():
            print(f"{method:38s}{line(each, actual, shown)}", flush=True)


def line(each: Answer | str, actual: float, shown: str) -> str:
    """One answer in words; a ratio is of what would have been, `actual` less the effect."""
    if isinstance(each, str):
        return f"  no answer: {each}"
    values = (each.middle, each.low, each.high)
    low_high = [value / (actual - value) for value in values] if shown == "ratio" else values
    middle, low, high = (f"{value:+.1%}" if shown == "ratio" else f"{value:.1f}" for value in low_high)
    blocks = "" if each.held else "; a gate blocks"
    return f"{middle:>9s} [{low}, {high}]{blocks}; {each.seconds:.2f} s, CPU {each.cpu:.2f} s"


def speed(_: Peers, repeats: int) -> None:
    """Ours against its own limits: no peer has gates, replays, or an experiment."""
    from experiment_worlds import BASKETS, conversion, revenue

    rng, half = np.random.default_rng(5), (500_000, 500_000)
    tables = {
        "conversion": conversion(rng, half, 0.05, 0.05)[0],
        "revenue": revenue(rng, half, 0.05, BASKETS["log-normal 1"], 0.05, "conversion")[0],
    }
    frame = draw_panel(PanelCell(21, 105, 28, 0.5), FIRST)[0]
    bare = EffectSpec(design="panel", replays=0)
    jobs: dict[str, Callable[[], Effect]] = {
        "panel 21 x 105, gates, no replays (0.5 s)": lambda: effects.estimate(frame, bare),
        "panel 21 x 105, gates and replays (10 s)": lambda: effects.estimate(frame, EffectSpec(design="panel")),
    }
    for name, table in tables.items():
        jobs[f"experiment, a million units, {name} (5 s)"] = lambda table=table: effects.estimate(table)
    print(f"\n{'ours, and the limit':54s}{'median s':>10s}{'first s':>9s}")
    for name, job in jobs.items():
        seconds = []
        for _ in range(min(max(repeats, 1), 5)):
            began = time.perf_counter()
            job()
            seconds.append(time.perf_counter() - began)
        print(f"{name:54s}{np.median(seconds):10.2f}{seconds[0]:9.2f}", flush=True)


PARTS: dict[str, Callable[[Peers, int], None]] = {"speed": speed, "known": known, "panel": panel, "series": series}


def main(arguments: Sequence[str]) -> None:
    """Run the parts that are asked for."""
    if not arguments or not Path(arguments[0]).exists():
        print(refusal({"absent": f"no Python at {arguments[0]}" if arguments else "no Python of theirs was given"}))
        return
    with tempfile.TemporaryDirectory() as folder:
        peers = Peers(arguments[0], Path(folder))
        if refusal(peers.greeting):
            print(refusal(peers.greeting))
        else:
            versions = ", ".join(f"{name} {number}" for name, number in peers.greeting["versions"].items())
            print(f"{versions}; imported in {peers.greeting['seconds']:.1f} s")
            for part in arguments[2:] or PARTS:
                PARTS[part](peers, int(arguments[1]) if len(arguments) > 1 else 24)
        peers.close()


if __name__ == "__main__":
    main(sys.argv[1:])
