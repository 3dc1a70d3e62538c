"""The environment in which a kernel starts, so that the same inputs give the same bytes everywhere."""

import platform
from pathlib import Path

THREADS = ("OMP", "OPENBLAS", "MKL", "NUMBA", "VECLIB_MAXIMUM", "NUMEXPR")


def environment(root: Path, run: Path | None = None) -> dict[str, str]:
    """Return the environment variables for a kernel of the project at `root`.

    Parameters
    ----------
    run : Path or None
        File that says what the run reads and where it writes; None for a person's own session in JupyterLab.
    """
    cache = root / ".cache"
    pinned = {
        **{f"{library}_NUM_THREADS": "1" for library in THREADS},  # sums in another order are other sums
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": "0",
        "IPYKERNEL_CELL_NAME": "cell",  # warnings would name a temporary file
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "IPYTHONDIR": str(cache / "ipython"),  # a person's start-up files are no part of a report
        "PYTENSOR_FLAGS": "numba__fastmath=False",  # a warm and a cold cache would differ by 1e-8
    }
    if platform.machine() in ("x86_64", "AMD64"):
        pinned["OPENBLAS_CORETYPE"] = "Haswell"  # the same kernels on every x86 of the last ten years
    return pinned | ({"REACHBOOK_RUN": str(run)} if run else {})
