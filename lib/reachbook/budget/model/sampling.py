"""Reproducible posterior draws from the compiled log density, by nutpie."""

from functools import cache
from typing import Any, Literal

import numba
import numpy as np
from numba import cfunc

from reachbook.arrays import Floats
from reachbook.budget.model.density import Density
from reachbook.budget.model.density_numba import compiled

types: Any = numba.types

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
        _model(density, middle), draws=draws, tune=tune, chains=CHAINS, cores=_CORES, seed=seed, progress_bar=False,
        save_warmup=False, adaptation=kind, target_accept=accept,
    )  # fmt: skip
    z = np.asarray(tree["posterior"]["z"].values).reshape(-1, len(middle))
    return z, int(np.asarray(tree["sample_stats"]["diverging"].values).sum())


def _model(density: Density, middle: Floats) -> Any:
    """Density as a nutpie compiled model: C functions and a pointer to their data, so that no step calls Python."""
    from nutpie.compile_pymc import CompiledPyMCModel

    size = len(middle)

    def start(key: int) -> Floats:
        return np.asarray(np.random.default_rng(key).uniform(-_JITTER, _JITTER, size) + middle)

    return CompiledPyMCModel(
        dims={}, compiled_logp_func=compiled(), compiled_expand_func=_compiled_copy(), initial_point_func=start,
        shared_data={}, shared_var_keys={}, user_data=density.packed, n_expanded=size,
        shape_info=(["z"], [slice(0, size)], [(size,)]), logp_func=None, expand_func=None, _n_dim=size,
        _shapes={"z": (size,)}, _coords={},
    )  # fmt: skip


def _copy(size: int, _: int, z: Any, out: Any, __: Any) -> int:
    """Copy the parameter vector of a draw to the output: nothing is transformed."""
    for k in range(size):
        out[k] = z[k]
    return 0


@cache
def _compiled_copy() -> Any:
    doubles = types.CPointer(types.double)
    return cfunc(types.int64(types.uint64, types.uint64, doubles, doubles, types.voidptr), cache=True)(_copy)
