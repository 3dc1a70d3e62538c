"""Panels and series whose truth is known, and the oracle: who knows the model that made them and its variances."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

WEEKDAY = np.log(np.array([0.94, 0.92, 0.93, 0.95, 1.02, 1.14, 1.10]))
FIRST = np.datetime64("2024-03-04")


@dataclass(frozen=True)
class PanelCell:
    """One cell of the benchmark: sizes, autocorrelation of the cities' own noise, whether the treated one is large.

    Where more than one is treated, all sizes come from one distribution (`sizes`: deviation of their logarithm) and
    `large` says nothing. `counts`: noise falls with the root of the size, `own` is the median's; else all have it.
    """

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
    treated: int = 1
    sizes: float = 0.5
    counts: bool = False

    def noise(self, size: np.ndarray) -> np.ndarray:
        """Standard deviation of each unit's own noise, from its size over the median's."""
        return self.own / np.sqrt(size) if self.counts else np.full(len(size), self.own)

    @property
    def name(self) -> str:
        """For the table."""
        who = f"{self.treated} of {self.units} units" if self.treated > 1 else f"{self.units} units"
        noise = f", noise {self.own:g}" if self.own != 0.04 else ""
        noise += ", more where small" if self.counts else ""
        return f"{who}, {self.days} days ({self.after} after), AR {self.rho:g}{noise}"


def ar(rho: float, sd: float, days: int) -> np.ndarray:
    """Covariance (days, days) of an AR(1) of standard deviation `sd`."""
    lag = np.abs(np.subtract.outer(np.arange(days), np.arange(days)))
    return sd**2 * rho**lag


def sizes(cell: PanelCell, rng: np.random.Generator) -> np.ndarray:
    """Sizes of the units over the median's, the treated first."""
    size = rng.lognormal(0, cell.sizes, cell.units)
    if cell.treated == 1:
        size[0] = 5 * size[1:].max() if cell.large else np.median(size[1:])
    return size


def draw_panel(cell: PanelCell, seed: int) -> tuple[pd.DataFrame, float, float]:
    """A panel with the first units treated, its true average effect and its mean outcome without the campaign."""
    rng = np.random.default_rng([seed, cell.units, cell.days, int(100 * cell.rho)])
    units, days = cell.units, cell.days
    time = np.arange(days)
    size = sizes(cell, rng)
    level, own = 3_000 * size, cell.noise(size)[:, None]
    slope = cell.trend + rng.normal(0, cell.trend, (units, 1)) * own / cell.own
    logs = np.log(level)[:, None] + WEEKDAY[time % 7] + slope * time
    logs += rng.normal(1, cell.loading, (units, 1)) * path(rng, 0.8, cell.common, days)
    logs += own / cell.own * np.stack([path(rng, cell.rho, cell.own, days) for _ in range(units)])
    without = np.exp(logs)
    treated = (np.arange(units) < cell.treated)[:, None] & (time >= days - cell.after)
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

    Levels and weekdays have to be learned (flat), trends come from their distribution; mean over draws of the loadings
    and sizes. In units of their own noise, units may be turned into each other: of the treated only the directions of
    sizes, loadings and ones bear on the answer, of the controls those of loadings and ones: five series stand for all.
    """
    days, after = cell.days, np.arange(cell.days - cell.after, cell.days)
    time = np.arange(days)
    own = ar(cell.rho, cell.own, days) + cell.trend**2 * np.outer(time, time) + 25.0
    flat = 25.0 * (np.subtract.outer(time, time) % 7 == 0)
    total = 0.0
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        loading, size = rng.normal(1, cell.loading, cell.units), sizes(cell, rng)
        noise, k = cell.noise(size) / cell.own, cell.treated
        share = size[:k] / size[:k].sum()
        mine = _turned(1 / noise[:k], loading[:k] / noise[:k], share * noise[:k])
        others = _turned(1 / noise[k:], loading[k:] / noise[k:])
        ones, loads = np.concatenate([mine[:, :2], others[:, :2]]).T
        cov = np.kron(np.outer(loads, loads), ar(0.8, cell.common, days))
        cov += np.kron(np.eye(len(loads)), own) + np.kron(np.outer(ones, ones), flat)
        weights = np.zeros((len(loads), days))
        weights[: len(mine), after] = mine[:, 2:] / len(after)
        hidden = np.zeros((len(loads), days), dtype=bool)
        hidden[: len(mine), after] = True
        seen, weight = ~hidden.ravel(), weights.ravel()
        cross = cov[seen] @ weight
        rest = weight @ cov @ weight - cross @ np.linalg.solve(cov[np.ix_(seen, seen)], cross)
        total += float(np.sqrt(rest)) / rounds
    return total


def _turned(*columns: np.ndarray) -> np.ndarray:
    """The columns in coordinates of an orthonormal basis of theirs, (at most as many as there are, columns)."""
    return np.linalg.qr(np.column_stack(columns))[1]


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
        noise = f", noise {self.noise:.1%}" if self.noise != 0.04 else ""
        return f"{self.days} days ({self.after} after), AR {self.rho:g}{noise}{walk}"


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
