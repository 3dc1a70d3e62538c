"""Draws from a density given by a Python function, by nutpie: the same draws every time."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

type Floats = npt.NDArray[np.float64]

CHAINS = 4
_JITTER = 0.5


def sample(
    density: Callable[[Floats], tuple[float, Floats]],
    middle: Floats,
    *,
    seed: int,
    draws: int,
    tune: int,
    accept: float,
) -> tuple[Floats, int]:
    """Draws (chains * draws, size), and how many of them diverged. middle : where the chains start about, (size,).

    The mass matrix is a diagonal with the leading directions beside it, which half the steps of a diagonal one.
    """
    import nutpie
    from nutpie.compiled_pyfunc import from_pyfunc

    size = len(middle)

    def start(key: int) -> Floats:
        return np.asarray(np.random.default_rng(key).uniform(-_JITTER, _JITTER, size) + middle)

    def expand(*_: Any) -> Callable[[Floats], dict[str, Floats]]:
        return lambda z: {"z": np.array(z)}

    model = from_pyfunc(
        size, lambda: density, expand, [np.dtype("float64")], [(size,)], ["z"], make_initial_point_fn=start
    )
    tree = nutpie.sample(
        model, draws=draws, tune=tune, chains=CHAINS, cores=1, seed=seed, progress_bar=False, save_warmup=False,
        adaptation="low_rank", target_accept=accept,
    )  # fmt: skip
    z = np.asarray(tree["posterior"]["z"].values).reshape(-1, size)
    return z, int(np.asarray(tree["sample_stats"]["diverging"].values).sum())
