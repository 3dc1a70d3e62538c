"""Reproducible posterior draws from the compiled log density, by nutpie."""

from typing import Literal

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.density.density import Density
from reachbook.budget.model.density.density_numba import log_density
from reachbook.stats.compiled_density import sampled_model

CHAINS = 4
_CORES = 2
_JITTER = 0.5
_WIDE = 100
"""Number of parameters above which a low-rank mass matrix costs more time than it saves."""


def sample(density: Density, middle: Floats, *, seed: int, draws: int, tune: int, accept: float) -> tuple[Floats, int]:
    """Posterior draws from parallel chains.

    Parameters
    ----------
    density : Density
        Log density to sample from.
    middle : float array (size,)
        Centre of the chains' starting points.
    seed, draws, tune : int
        Seed, and draws and tuning steps of each chain.
    accept : float
        Target acceptance probability.

    Returns
    -------
    z : float array (chains * draws, size)
        Unconstrained parameters.
    diverged : int
        Number of divergent transitions.

    Notes
    -----
    The mass matrix is low rank plus diagonal, which gives four times the effective draws of a diagonal one in the same
    time; with many parameters, as for several regions, it is diagonal.
    """
    import nutpie

    kind: Literal["low_rank", "diag"] = "low_rank" if len(middle) <= _WIDE else "diag"

    tree = nutpie.sample(
        sampled_model(log_density, density.packed, middle, _JITTER), draws=draws, tune=tune, chains=CHAINS,
        cores=_CORES, seed=seed, progress_bar=False, save_warmup=False, adaptation=kind, target_accept=accept,
    )  # fmt: skip
    z = np.asarray(tree["posterior"]["z"].values).reshape(-1, len(middle))
    return z, int(np.asarray(tree["sample_stats"]["diverging"].values).sum())
