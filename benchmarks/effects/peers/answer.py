"""What the peers say of one treated series beside controls; run by the Python of their environment, not of this one.

Reads one request a line and writes one answer a line, both JSON. A request names a CSV (columns date, treated, then one
a control), the first treated date and a method; the answer is the average effect a period with its 95 % interval, in
units of the outcome, and the seconds from the table to that, by the clock and of CPU. Priors, draws and chains are the
peers' own defaults.
"""

import json
import logging
import os
import sys
import time
import warnings
from importlib.metadata import version

import pandas as pd

Told = tuple[float, float, float]


def synthetic_control(wide: pd.DataFrame, start: pd.Timestamp, indexed: bool) -> Told:
    """CausalPy as its manual shows it, or on each unit divided by its own mean before the start."""
    import causalpy as cp

    before = wide[wide.index < start].mean()
    table = wide / before if indexed else wide.copy()
    model = cp.pymc_models.WeightedSumFitter(sample_kwargs={"random_seed": 1, "progressbar": False})
    controls = [name for name in wide if name != "treated"]
    found = cp.SyntheticControl(table, start, control_units=controls, treated_units=["treated"], model=model)
    row = found.effect_summary(alpha=0.05, direction="two-sided").table.loc["average"]
    unit = before["treated"] if indexed else 1.0
    return row["mean"] * unit, row["hdi_lower"] * unit, row["hdi_upper"] * unit


def difference(wide: pd.DataFrame, start: pd.Timestamp) -> Told:
    """CausalPy's difference in differences, on each unit divided by its own mean before the start."""
    import causalpy as cp

    before = wide[wide.index < start].mean()
    table = (wide / before).rename_axis("time").reset_index().melt("time", var_name="unit", value_name="y")
    table["group"] = (table["unit"] == "treated").astype(int)
    table["post_treatment"] = table["time"] >= start
    table["time"] = table["time"].rank(method="dense")
    found = cp.DifferenceInDifferences(
        table,
        formula="y ~ 1 + group*post_treatment",
        time_variable_name="time",
        group_variable_name="group",
        model=cp.pymc_models.LinearRegression(sample_kwargs={"random_seed": 1, "progressbar": False}),
    )
    row = found.effect_summary(alpha=0.05, direction="two-sided").table.iloc[0]
    unit = before["treated"]
    return row["mean"] * unit, row["hdi_lower"] * unit, row["hdi_upper"] * unit


def impact(wide: pd.DataFrame, start: pd.Timestamp, seasons: int | None) -> Told:
    """bsts-causalimpact, without or with a season of so many periods."""
    from causal_impact import CausalImpact

    before = wide.index[wide.index < start]
    options = {"nseasons": seasons, "season_duration": 1} if seasons else None
    spans = [before[0], before[-1]], [start, wide.index[-1]]
    told = CausalImpact(wide, *spans, model_args=options).summary_stats
    return told["point_effect_mean"], told["ci_lower"], told["ci_upper"]


METHODS = {
    "CausalPy synthetic control": lambda wide, start: synthetic_control(wide, start, False),
    "CausalPy synthetic control, indexed": lambda wide, start: synthetic_control(wide, start, True),
    "CausalPy diff-in-diff, indexed": difference,
    "bsts-causalimpact": lambda wide, start: impact(wide, start, None),
    "bsts-causalimpact, 7 seasons": lambda wide, start: impact(wide, start, 7),
}


def answer(request: dict[str, str]) -> dict[str, float | str]:
    """One request answered, or why the peer could not."""
    wide = pd.read_csv(request["file"], parse_dates=["date"], index_col="date")
    began, used = time.perf_counter(), sum(os.times()[:4])
    try:
        middle, low, high = METHODS[request["method"]](wide, pd.Timestamp(request["start"]))
    except Exception as error:  # whatever stops a peer is its answer
        return {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
    seconds, cpu = time.perf_counter() - began, sum(os.times()[:4]) - used
    return {"middle": float(middle), "low": float(low), "high": float(high), "seconds": seconds, "cpu": cpu}


def main() -> None:
    """Answer until the requests end; what peers print goes to the standard error."""
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    began = time.perf_counter()
    try:
        import causal_impact  # noqa: F401
        import causalpy  # noqa: F401
    except ImportError as error:
        print(json.dumps({"absent": str(error)}), file=replies)
        return
    known = {name: version(name) for name in ("causalpy", "bsts-causalimpact", "pymc")}
    print(json.dumps({"versions": known, "seconds": time.perf_counter() - began}), file=replies)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=replies)


if __name__ == "__main__":
    main()
