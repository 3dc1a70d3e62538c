"""Log densities compiled to C functions by Numba, as nutpie samples them: no step calls Python."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np
from numba import cfunc

from reachbook.arrays import Floats

types: Any = numba.types
_doubles = types.CPointer(types.double)
SIGNATURE = types.int64(types.uint64, _doubles, _doubles, _doubles, types.voidptr)
"""Of a density: number of parameters, parameters, output gradient (size,), output value (1,), data; returns 0, or 4
where a result is not finite, which rejects the step."""


def sampled_model(density: Callable[..., int], data: Floats, middle: Floats, jitter: float) -> Any:
    """nutpie's model of a density; its only variable is `z`, all parameters.

    Parameters
    ----------
    density : function of SIGNATURE
        Log density and gradient, which Numba can compile.
    data : float array
        What `density` gets as its data.
    middle : float array (size,)
        Centre of the chains' starting points.
    jitter : float
        Half the range of the starting points around it.
    """
    from nutpie.compile_pymc import CompiledPyMCModel

    size = len(middle)

    def start(key: int) -> Floats:
        return np.asarray(np.random.default_rng(key).uniform(-jitter, jitter, size) + middle)

    return CompiledPyMCModel(
        dims={}, compiled_logp_func=_compiled(density), compiled_expand_func=_compiled_copy(), initial_point_func=start,
        shared_data={}, shared_var_keys={}, user_data=data, n_expanded=size,
        shape_info=(["z"], [slice(0, size)], [(size,)]), logp_func=None, expand_func=None, _n_dim=size,
        _shapes={"z": (size,)}, _coords={},
    )  # fmt: skip


@cache
def _compiled(density: Callable[..., int]) -> Any:
    return cfunc(SIGNATURE, cache=True, error_model="numpy")(density)


def _copy(size: int, _: int, z: Any, out: Any, __: Any) -> int:
    """Copy the parameter vector of a draw to the output: nothing is transformed."""
    for k in range(size):
        out[k] = z[k]
    return 0


@cache
def _compiled_copy() -> Any:
    return cfunc(types.int64(types.uint64, types.uint64, _doubles, _doubles, types.voidptr), cache=True)(_copy)
