"""Panels and series whose truth is known, and the oracle: who knows the model that made them and its variances."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

WEEKDAY = np.log(np.array([0.94, 0.92, 0.93, 0.95, 1.02, 1.14, 1.10]))
FIRST = np.datetime64("2024-03-04")


@dataclass(frozen=True)
class PanelCell:
    """One cell of the benchmark: sizes, autocorrelation of the cities' own noise, whether the treated one is large."""

    units: int
    days: int
    after: int
    rho: float
    large: bool = True
    own: float = 0.04
    common: float = 0.06
    trend: float = 0.0004
    loading: float = 0.15
    lift: float = 0.08

    @property
    def name(self) -> str:
        """For the table."""
        return f"{self.units} units, {self.days} days ({self.after} after), AR {self.rho:g}"


def ar(rho: float, sd: float, days: int) -> np.ndarray:
    """Covariance (days, days) of an AR(1) of standard deviation `sd`."""
    lag = np.abs(np.subtract.outer(np.arange(days), np.arange(days)))
    return sd**2 * rho**lag


def draw_panel(cell: PanelCell, seed: int) -> tuple[pd.DataFrame, float, float]:
    """A panel with unit u00 treated, its true average effect and its mean outcome without the campaign."""
    rng = np.random.default_rng([seed, cell.units, cell.days, int(100 * cell.rho)])
    units, days = cell.units, cell.days
    time = np.arange(days)
    level = 3_000 * rng.lognormal(0, 0.5, units)
    level[0] = 5 * level[1:].max() if cell.large else np.median(level[1:])
    logs = np.log(level)[:, None] + WEEKDAY[time % 7] + rng.normal(cell.trend, cell.trend, (units, 1)) * time
    logs += rng.normal(1, cell.loading, (units, 1)) * path(rng, 0.8, cell.common, days)
    logs += np.stack([path(rng, cell.rho, cell.own, days) for _ in range(units)])
    without = np.exp(logs)
    treated = (np.arange(units) == 0)[:, None] & (time >= days - cell.after)
    outcome = without * np.where(treated, 1 + cell.lift, 1.0)
    dates = FIRST + time
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"u{k:02d}" for k in range(units)], days),
            "date": np.tile(pd.to_datetime(dates), units),
            "outcome": outcome.ravel(),
            "treated": treated.ravel(),
        }
    )
    return frame, float((outcome - without)[treated].mean()), float(without[treated].mean())


def path(rng: np.random.Generator, rho: float, sd: float, days: int) -> np.ndarray:
    """One path of a stationary AR(1)."""
    shocks = rng.normal(0, sd, days)
    result = np.empty(days)
    result[0] = shocks[0]
    for t in range(1, days):
        result[t] = rho * result[t - 1] + np.sqrt(1 - rho**2) * shocks[t]
    return result


def panel_oracle(cell: PanelCell, rounds: int = 4) -> float:
    """Standard deviation of the log average that is left to who knows the model, its variances and loadings.

    Levels and weekdays have to be learned (flat), trends come from their distribution; mean over draws of the loadings.
    """
    days, after = cell.days, np.arange(cell.days - cell.after, cell.days)
    time = np.arange(days)
    total = 0.0
    for seed in range(rounds):
        loading = np.random.default_rng(seed).normal(1, cell.loading, cell.units)
        share = np.kron(np.outer(loading, loading), ar(0.8, cell.common, days))
        slope = cell.trend**2 * np.outer(time, time)
        own = ar(cell.rho, cell.own, days) + slope + 25.0
        flat = 25.0 * (np.subtract.outer(time, time) % 7 == 0)
        cov = share + np.kron(np.eye(cell.units), own) + np.kron(np.ones((cell.units, cell.units)), flat)
        weights = np.zeros(len(cov))
        weights[after] = 1 / len(after)
        seen = np.setdiff1d(np.arange(len(cov)), after)
        cross = cov[seen] @ weights
        rest = weights @ cov @ weights - cross @ np.linalg.solve(cov[np.ix_(seen, seen)], cross)
        total += float(np.sqrt(rest)) / rounds
    return total


@dataclass(frozen=True)
class SeriesCell:
    """One cell: days, days after the start, autocorrelation of the noise; the sizes are shares of the outcome."""

    rho: float
    days: int = 180
    after: int = 30
    noise: float = 0.04
    controls: int = 3
    walk: float = 0.0
    lift: float = 0.08

    @property
    def name(self) -> str:
        """For the table."""
        walk = f", level moves {self.walk:.1%} a day" if self.walk else ""
        return f"{self.days} days ({self.after} after), AR {self.rho:g}{walk}"


def draw_series(cell: SeriesCell, seed: int) -> tuple[pd.DataFrame, float, float]:
    """A series with controls (the last of which has no part in it), its true average effect, its mean without."""
    rng = np.random.default_rng([seed, cell.days, int(100 * cell.rho), int(1e4 * cell.walk)])
    time = np.arange(cell.days)
    hidden = np.stack([path(rng, 0.85, 0.08, cell.days) for _ in range(cell.controls)])
    weight = np.append(np.array([0.6, 0.4, 0.3, 0.2])[: cell.controls - 1], 0.0)
    logs = np.log(60_000) + WEEKDAY[time % 7] + weight @ hidden + path(rng, cell.rho, cell.noise, cell.days)
    logs += np.cumsum(rng.normal(0, cell.walk, cell.days))
    without = np.exp(logs)
    treated = time >= cell.days - cell.after
    outcome = without * np.where(treated, 1 + cell.lift, 1.0)
    frame = pd.DataFrame(
        {"unit": "brand", "date": pd.to_datetime(FIRST + time), "outcome": outcome, "treated": treated}
    )
    for k in range(cell.controls):
        frame[f"control_{k}"] = 100 * np.exp(hidden[k])
    return frame, float((outcome - without)[treated].mean()), float(without[treated].mean())


def series_oracle(cell: SeriesCell, seed: int) -> float:
    """Standard deviation of the log average that is left to who knows which controls count, and all variances.

    Level, weekdays and the controls' weights have to be learned (flat).
    """
    frame, _, _ = draw_series(cell, seed)
    time = np.arange(cell.days)
    walk = cell.walk**2 * np.minimum.outer(time + 1, time + 1)
    columns = [(time % 7 == day).astype(float) for day in range(7)]
    columns += [np.log(frame[f"control_{k}"].to_numpy() / 100) for k in range(cell.controls - 1)]
    design = np.column_stack(columns)
    cov = ar(cell.rho, cell.noise, cell.days) + walk + design @ design.T * 100.0
    after = np.arange(cell.days - cell.after, cell.days)
    weights = np.zeros(cell.days)
    weights[after] = 1 / cell.after
    seen = np.arange(cell.days - cell.after)
    cross = cov[seen] @ weights
    return float(np.sqrt(weights @ cov @ weights - cross @ np.linalg.solve(cov[np.ix_(seen, seen)], cross)))
