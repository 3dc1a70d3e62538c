"""Draws from a compiled log density, by nutpie: the same draws every time, chains side by side where cores are free."""

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
"""Parameters above which finding the leading directions takes longer than the steps that they save."""


def sample(density: Density, middle: Floats, *, seed: int, draws: int, tune: int, accept: float) -> tuple[Floats, int]:
    """Draws (chains * draws, size), and how many of them diverged. middle : where the chains start about, (size,).

    The mass matrix is a diagonal with the leading directions beside it, which brings four times the effective draws of
    a diagonal one in the same time; with many parameters, as of several regions, it is diagonal.
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
    """The density as nutpie takes compiled models: C functions and a pointer to what they read, so that no step of a
    chain waits for Python."""
    from nutpie.compile_pymc import CompiledPyMCModel

    size = len(middle)

    def start(key: int) -> Floats:
        return np.asarray(np.random.default_rng(key).uniform(-_JITTER, _JITTER, size) + middle)

    return CompiledPyMCModel(
        dims={}, compiled_logp_func=compiled(), compiled_expand_func=_kept(), initial_point_func=start, shared_data={},
        shared_var_keys={}, user_data=density.packed, n_expanded=size,
        shape_info=(["z"], [slice(0, size)], [(size,)]), logp_func=None, expand_func=None, _n_dim=size,
        _shapes={"z": (size,)}, _coords={},
    )  # fmt: skip


def _copy(size: int, _: int, z: Any, out: Any, __: Any) -> int:
    """What is kept of a draw: all of it."""
    for k in range(size):
        out[k] = z[k]
    return 0


@cache
def _kept() -> Any:
    doubles = types.CPointer(types.double)
    return cfunc(types.int64(types.uint64, types.uint64, doubles, doubles, types.voidptr), cache=True)(_copy)
