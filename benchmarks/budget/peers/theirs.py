"""Fit and plan with pymc-marketing, once; run by the Python of its environment, see ../peers.py.

Defaults of the package: priors, draws, chains, sampler (nutpie, where it is installed), SLSQP from the equal split.
Controls are divided by their largest value, as its manual asks; geometric adstock over 8 weeks, as its manual shows.
"""

import json
import logging
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Task = dict[str, Any]


def fitted(folder: Path, task: Task) -> tuple[Any, pd.DataFrame]:
    """The model on the tables in `folder`, and spend by week and channel."""
    from pymc_marketing.mmm import GeometricAdstock, HillSaturation, LogisticSaturation
    from pymc_marketing.mmm.mmm import MMM

    media, outcome = (pd.read_csv(folder / f"{name}.csv", parse_dates=["week"]) for name in ("media", "outcome"))
    spend = media.pivot(index="week", columns="channel", values="spend").loc[outcome["week"]]
    controls = outcome.set_index("week").drop(columns="value")
    controls["trend"] = np.arange(1.0, len(controls) + 1)
    frame = spend.join(controls / controls.abs().max()).reset_index()
    shape = {"logistic": LogisticSaturation, "hill": HillSaturation}[task["saturation"]]
    model = MMM(
        date_column="week",
        target_column="value",
        channel_columns=list(spend),
        control_columns=list(controls),
        adstock=GeometricAdstock(l_max=8),
        saturation=shape(),
        yearly_seasonality=3,
    )
    model.fit(frame, outcome["value"], progressbar=False, random_seed=task["seed"])
    return model, spend


def optimized(model: Any, spend: pd.DataFrame, total: float) -> tuple[dict[str, float], str]:
    """Weekly spend of each channel over the 13 weeks that follow, between nothing and the largest week seen."""
    first = spend.index[-1] + pd.Timedelta(days=7)
    best = model.budget_optimizer(first, first + pd.Timedelta(weeks=12))
    bounds = {name: (0.0, float(spend[name].max())) for name in spend}
    found = best.allocate_budget(total, budget_bounds=bounds, return_if_fail=True)
    planned = {str(name): float(found.budgets.sel(channel=name)) for name in spend}
    return planned, "success" if found.scipy_result.success else "failed"


def diagnosed(model: Any, spend: pd.DataFrame, outcome: pd.DataFrame) -> Task:
    """Effective draws and R-hat of media and noise (not the baseline's), divergences, 90 % of each channel's return."""
    from arviz_stats.base.array import array_stats

    posterior = model.idata.posterior
    watched = {each.name: posterior[each.name] for each in model.model.free_RVs}
    watched = {name: each for name, each in watched.items() if not name.startswith(("intercept", "gamma"))}
    part = posterior["channel_contribution"].sum("date") * outcome["value"].abs().max()
    rows = []
    for each in (*watched.values(), part):
        values = each.transpose("chain", "draw", ...).to_numpy()
        for one in np.moveaxis(values.reshape(*values.shape[:2], -1), 2, 0):
            rows.append((float(array_stats.ess(one, method="bulk")), float(array_stats.rhat(one))))
    effective, r_hat = np.array(rows).T
    low, high = (part / spend.sum().rename_axis("channel").to_xarray()).quantile([0.05, 0.95], ("chain", "draw"))
    return {
        "effective": float(effective.min()),
        "r_hat": float(r_hat.max()),
        "divergences": int(model.idata.sample_stats["diverging"].sum()),
        "draws": int(posterior.sizes["chain"] * posterior.sizes["draw"]),
        "roi": {name: [float(low.sel(channel=name)), float(high.sel(channel=name))] for name in spend},
    }


def answer(folder: Path) -> Task:
    """Seconds, effective draws, plan and returns on the tables in `folder`."""
    task = json.loads((folder / "task.json").read_text())
    began = time.perf_counter()
    import pymc_marketing.mmm  # noqa: F401

    imported = time.perf_counter()
    model, spend = fitted(folder, task)
    done = time.perf_counter()
    plan, says = optimized(model, spend, task["total"])
    planned = time.perf_counter()
    times = {"imported": imported - began, "fitted": done - imported, "planned": planned - done}
    times["cpu"] = sum(os.times()[:4])
    return times | diagnosed(model, spend, pd.read_csv(folder / "outcome.csv")) | {"spend": plan, "says": says}


def curves(folder: Path) -> list[Task]:
    """Plans on the Hill curves of problems.json, by the optimiser alone: spend and what it says of itself, for each."""
    import pymc as pm
    import pymc.dims as pmd
    import xarray as xr
    from pymc_marketing.mmm.budget_optimizer import BudgetOptimizer

    found = []
    for task in json.loads((folder / "problems.json").read_text()):
        scale, half = np.array(task["scale"]), np.array(task["half"])
        names = [f"channel_{k}" for k in range(scale.shape[1])]
        with pm.Model(coords={"date": [0], "channel": names}) as model:
            spend = pmd.Data("channel_data", np.zeros((1, len(names))), dims=("date", "channel"))
            top, middle = (pmd.HalfNormal(name, sigma=100, dims="channel") for name in ("scale", "half"))
            power, edge = spend ** task["slope"], middle ** task["slope"]
            part = pmd.Deterministic("channel_contribution", top * power / (edge + power))
            pmd.Deterministic("total_media_contribution_original_scale", part.sum())
        at = scale[None, :, None, :]
        posterior = xr.Dataset(
            {
                "scale": (("chain", "draw", "channel"), scale[None]),
                "half": (("chain", "draw", "channel"), half[None]),
                "channel_contribution": (("chain", "draw", "date", "channel"), at),
            },
            coords={"channel": names, "date": [0]},
        )
        began = time.perf_counter()
        best = BudgetOptimizer(model=model, idata=xr.DataTree.from_dict({"posterior": posterior}), num_periods=1)
        bounds = dict.fromkeys(names, (0.0, task["most"]))
        plan = best.allocate_budget(task["total"], budget_bounds=bounds, return_if_fail=True)
        spent = [float(plan.budgets.sel(channel=name)) for name in names]
        seconds = time.perf_counter() - began
        found.append({"spend": spent, "success": bool(plan.scipy_result.success), "seconds": seconds})
    return found


if __name__ == "__main__":
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    try:
        made = (curves if sys.argv[2:] == ["curves"] else answer)(Path(sys.argv[1]))
    except ModuleNotFoundError as error:
        made = {"absent": str(error)}
    except Exception as error:  # whatever stops them is their answer
        made = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
    print(json.dumps(made), file=replies)
