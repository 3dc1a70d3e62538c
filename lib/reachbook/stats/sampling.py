"""Reproducible draws from a PyMC model with nutpie, and convergence gates."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reachbook.translation import tr

R_HAT = 1.01
EFFECTIVE = 400
DIVERGENT = 0.0
"""Limits on R-hat, effective draws and the share of divergences: Vehtari et al. (2021), "Rank-normalization, folding,
and localization: an improved R-hat".
"""


@dataclass(frozen=True)
class Convergence:
    """Convergence of the chains over all watched quantities.

    Attributes
    ----------
    r_hat : float
        Largest rank-normalised split R-hat.
    bulk, tail : float
        Smallest effective sample sizes.
    divergences : int
        Number of divergent transitions among `draws`.
    draws : int
        Draws of all chains together.
    worst : str
        Name of the quantity with the largest R-hat.
    """

    r_hat: float
    bulk: float
    tail: float
    divergences: int
    draws: int
    worst: str

    @property
    def passed(self) -> bool:
        """Whether all limits hold."""
        few = min(self.bulk, self.tail) >= EFFECTIVE
        return bool(self.r_hat <= R_HAT and few and self.divergences <= DIVERGENT * self.draws)

    def describe(self) -> str:
        """Describe the diagnostics and their limits in one sentence."""
        return tr(
            "R-hat {r_hat:.3f} (limit {limit}, worst at {worst}), effective draws {bulk:,.0f} in the bulk and "
            "{tail:,.0f} in the tails (at least {least}), {divergences} of {draws:,} divergent.",
            r_hat=self.r_hat,
            limit=R_HAT,
            worst=self.worst,
            bulk=self.bulk,
            tail=self.tail,
            least=EFFECTIVE,
            divergences=self.divergences,
            draws=self.draws,
        )


@dataclass(frozen=True)
class Sampled:
    """Draws and their convergence.

    Attributes
    ----------
    draws : dict of str to array
        Array of each named quantity, shape (draws of all chains, ...).
    """

    draws: dict[str, np.ndarray]
    convergence: Convergence


def compile_model(model: Any, names: Sequence[str]) -> Any:
    """Compile a model for nutpie; data in `pm.Data` can be changed with `.with_data(...)` without compiling again."""
    os.environ.setdefault("NUMBA_NUM_THREADS", "1")
    import nutpie
    from pytensor.configdefaults import config

    with config.change_flags(numba__fastmath=False):
        return nutpie.compile_pymc_model(model, backend="numba", var_names=list(names))


def draw(
    compiled: Any,
    names: Sequence[str],
    *,
    seed: int,
    draws: int = 500,
    tune: int = 500,
    watch: Sequence[str] | None = None,
    accept: float = 0.8,
) -> Sampled:
    """Draw `names` from a compiled model and check convergence; for the parameters see `chains`.

    Parameters
    ----------
    watch : sequence of str or None
        Quantities whose convergence is checked; all of `names` by default.
    """
    chained, divergences = chains(compiled, names, seed=seed, draws=draws, tune=tune, accept=accept)
    checked = convergence({name: chained[name] for name in (watch or names)}, divergences)
    return Sampled({name: each.reshape(-1, *each.shape[2:]) for name, each in chained.items()}, checked)


def chains(
    compiled: Any, names: Sequence[str], *, seed: int, draws: int, tune: int, accept: float
) -> tuple[dict[str, np.ndarray], int]:
    """Draw `names` from a compiled model in four chains.

    Parameters
    ----------
    draws, tune : int
        Draws and tuning steps of each chain.
    accept : float
        Target acceptance rate; values nearer to 1 take smaller steps, for narrow posteriors.

    Returns
    -------
    chained : dict of str to array
        Array of each quantity, shape (chains, draws, ...).
    divergences : int
        Number of divergent transitions.

    Notes
    -----
    Sampling uses one core and exact floating-point rules: fast mathematics changes the draws by 1e-8 between a cold and
    a warm cache, and parallel chains would finish in varying order. Draws are the same on the same type of processor
    with the same packages.
    """
    import nutpie

    tree = nutpie.sample(
        compiled,
        draws=draws,
        tune=tune,
        chains=4,
        cores=1,
        seed=seed,
        progress_bar=False,
        save_warmup=False,
        target_accept=accept,
    )
    chained = {name: np.asarray(tree["posterior"][name].values) for name in names}
    return chained, int(np.asarray(tree["sample_stats"]["diverging"].values).sum())


def convergence(chained: dict[str, np.ndarray], divergences: int) -> Convergence:
    """Compute the diagnostics of draws in chains; constant quantities are skipped.

    Parameters
    ----------
    chained : dict of str to array
        Array of each quantity, shape (chains, draws, ...).

    Raises
    ------
    ValueError
        Every quantity is constant.
    """
    from arviz_stats.base.array import array_stats

    diagnose: Any = array_stats

    rows: list[tuple[float, float, float, str]] = []
    for name, values in chained.items():
        flat = values.reshape(*values.shape[:2], -1)
        for j in np.flatnonzero(np.ptp(flat, axis=(0, 1)) > 0):
            one = flat[:, :, j]
            bulk, tail = diagnose.ess(one, method="bulk"), diagnose.ess(one, method="tail", prob=(0.05, 0.95))
            label = f"{name}[{j}]" if flat.shape[2] > 1 else name
            rows.append((float(diagnose.rhat(one)), float(bulk), float(tail), label))
    if not rows:
        raise ValueError("nothing to check: every quantity is constant")
    worst = max(rows)
    total = int(np.prod(next(iter(chained.values())).shape[:2]))
    return Convergence(worst[0], min(r[1] for r in rows), min(r[2] for r in rows), divergences, total, worst[3])
