"""The surroundings of a kernel depend on the project and the run, and on nothing of the machine's owner."""

from pathlib import Path

import pytest
from threadpoolctl import threadpool_info

from reachbook.engine import kernel


def test_threads_clock_and_hashes_are_pinned(tmp_path: Path) -> None:
    made = kernel.environment(tmp_path)
    assert {made[f"{name}_NUM_THREADS"] for name in kernel.THREADS} == {"1"}
    assert (made["PYTHONHASHSEED"], made["SOURCE_DATE_EPOCH"], made["TZ"]) == ("0", "0", "UTC")
    assert made["PYTENSOR_FLAGS"] == "numba__fastmath=False"


def test_start_up_files_of_a_person_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", "/home/somebody/.ipython")
    made = kernel.environment(tmp_path)
    assert all(Path(made[name]).is_relative_to(tmp_path / ".cache") for name in ("IPYTHONDIR", "MPLCONFIGDIR"))
    assert made["PYTHONNOUSERSITE"] == "1"


def test_only_a_run_is_told_what_it_reads(tmp_path: Path) -> None:
    assert "REACHBOOK_RUN" not in kernel.environment(tmp_path)
    assert kernel.environment(tmp_path, tmp_path / "run.json")["REACHBOOK_RUN"] == str(tmp_path / "run.json")


def test_no_library_brings_an_algebra_whose_bits_depend_on_the_host() -> None:
    """OpenBLAS 0.3.34 sizes its blocks by the host even where OPENBLAS_CORETYPE names another one."""
    import scipy.linalg  # noqa: F401  # SciPy brings an OpenBLAS of its own

    found = [each for each in threadpool_info() if each["internal_api"] == "openblas"]
    assert len(found) == 2
    assert all(not each["version"].startswith("0.3.34") for each in found), found
