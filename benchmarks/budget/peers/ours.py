"""Fit and plan with this project, once, in a process of its own; see ../peers.py for what is read and written."""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd


def answer(folder: Path) -> dict[str, object]:
    """Seconds, effective draws, plan and returns on the tables in `folder`."""
    began = time.perf_counter()
    from reachbook import budget
    from reachbook.budget.model import mix
    from reachbook.budget.model.spec import MixSpec

    task = json.loads((folder / "task.json").read_text())
    media, outcome = (pd.read_csv(folder / f"{name}.csv", parse_dates=["week"]) for name in ("media", "outcome"))
    imported = time.perf_counter()
    found = mix.fit(media, outcome, MixSpec(), task["seed"])
    fitted = time.perf_counter()
    plan = budget.best_plan(
        found.response,
        found.grid,
        task["total"],
        channels=found.channels,
        current=found.current,
        observed=found.observed,
    )
    planned, used = time.perf_counter(), os.times()[:4]
    low, high = np.quantile(found.roi, [0.05, 0.95], axis=0)
    return {
        "imported": imported - began,
        "fitted": fitted - imported,
        "planned": planned - fitted,
        "cpu": sum(used),
        "effective": found.convergence.bulk,
        "r_hat": found.convergence.r_hat,
        "divergences": found.convergence.divergences,
        "draws": found.convergence.draws,
        "spend": dict(zip(plan.channels, plan.spend.tolist(), strict=True)),
        "roi": {name: [float(a), float(b)] for name, a, b in zip(found.channels, low, high, strict=True)},
        "says": f"proven within {plan.gap:.2%}" + ("" if found.passed else "; a gate blocks advice"),
    }


if __name__ == "__main__":
    print(json.dumps(answer(Path(sys.argv[1]))))
