"""Tables of experiments whose truth is known, for the tests of this room."""

import numpy as np
import pandas as pd


def table(arms: dict[str, np.ndarray], **more: np.ndarray) -> pd.DataFrame:
    """One row a unit; arms : outcome by arm; more : further columns, all arms in that order."""
    outcome = np.concatenate(list(arms.values()))
    names = np.repeat(list(arms), [len(each) for each in arms.values()])
    units = [f"u{i}" for i in range(len(outcome))]
    return pd.DataFrame({"unit_id": units, "arm": names, "outcome": outcome, **more})


def conversions(seed: int, n: int = 4000, rates: tuple[float, ...] = (0.05, 0.06)) -> pd.DataFrame:
    """Conversions of arms control, a, b ... with these rates."""
    rng = np.random.default_rng(seed)
    names = ["control", "a", "b", "c"]
    return table({name: (rng.random(n) < rate) * 1.0 for name, rate in zip(names, rates, strict=False)})


def revenue(seed: int, n: int = 2000, rate: float = 0.1, index: float = 2.1, lift: float = 0.0) -> pd.DataFrame:
    """Conversion x Pareto basket from 1 with this index; the lift is one of baskets."""
    rng = np.random.default_rng(seed)
    arms = {
        name: (rng.random(n) < rate) * (1 + rng.pareto(index, n)) * (1 + lift * (name == "a"))
        for name in ("control", "a")
    }
    return table(arms)


def visits(seed: int = 0) -> pd.DataFrame:
    """Two arms of 400 with 184 orders of 535 visits and 177 of 708."""
    rng = np.random.default_rng(seed)
    arms = [(rng.multinomial(total, np.ones(400) / 400), orders) for total, orders in ((535, 184), (708, 177))]
    bought = [rng.multivariate_hypergeometric(seen, orders) for seen, orders in arms]
    frame = table({"control": bought[0], "treatment": bought[1]}, visits=np.concatenate([v for v, _ in arms]))
    return frame.rename(columns={"outcome": "orders"})
