"""Segmentation: CPU seconds, labels and evidence, this tree beside an earlier commit, in turn, in one run.

python benchmarks/segmentation/speed.py [revision] [repeats] [tables ...]

Tables: the shipped demo from its raw tables on, and shapes of `shapes.py` with and without segments. The earlier
commit comes from `git archive` into a temporary folder. Each call is a process of its own that has imported and warmed
up before its clock starts; both get one thread.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[2]
REVISION, REPEATS = "cbb1555", 3
PLANTED: dict[str, dict[str, Any]] = {
    "planted": {"k": 4, "p": 5, "noise": 8},
    "spreads": {"k": 5, "p": 6, "spreads": True, "distance": 6.0},
}
TABLES = ("demo", *PLANTED, "gaussian", "poisson", "tags")


def features_of(table: str) -> tuple[pd.DataFrame, int]:
    """Features of one table, and the seed of its segmentation."""
    from shapes import NOISE, planted

    if table == "demo":
        from reachbook.segmentation import features
        from reachbook.study import Study

        study = Study.load("demo")
        spec = study.params("audience_segmentation", {})
        return features(study.tables, spec, study.start, study.end, study.names).clustered, study.seed
    rng = np.random.default_rng([5, 21])
    if table == "tags":
        likely = np.where(np.arange(12)[None] // 3 == np.repeat(np.arange(4), 300)[:, None], 0.87, 0.10)
        values = (rng.random(likely.shape) < likely).astype(float)
    else:
        values = planted(rng, 1000, **PLANTED[table])[0] if table in PLANTED else NOISE[table](rng, 1000, 6)
    return pd.DataFrame(values).rename(columns=lambda c: f"x{c:02d}", index=lambda r: f"u{r:05d}"), 1


def measured(table: str) -> dict[str, Any]:
    """CPU seconds of one segmentation, its labels, those of its candidate, and its evidence."""
    from shapes import gaussian

    import reachbook
    from reachbook.segmentation import SegmentationSpec, segment

    warm = pd.DataFrame(gaussian(np.random.default_rng(1), 60, 2), columns=["a", "b"])
    segment(warm, SegmentationSpec(k_max=3, null_draws=19, bootstrap_draws=10))
    values, seed = features_of(table)
    began = time.process_time()
    found = segment(values, seed=seed)
    return {
        "seconds": time.process_time() - began,
        "package": str(Path(reachbook.__file__).resolve()),
        "k": found.k,
        "labels": found.labels.tolist(),
        "candidate": found.candidate_labels.tolist(),
        "evidence": found.evidence.astype(float).to_numpy().tolist(),
        "columns": found.evidence.columns.tolist(),
    }


def ask(library: Path, table: str) -> dict[str, Any]:
    """`measured` in a process that takes the package from `library`."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, __file__, "one", table], stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT,
        env={**os.environ, **threads, "PYTHONPATH": str(library)},
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout)
    if not Path(told["package"]).is_relative_to(library):
        raise SystemExit(f"The package came from {told['package']}, not from {library}.")
    return told


def unpack(revision: str, folder: str) -> Path:
    """The package as it was at `revision`."""
    archive = subprocess.run(["git", "archive", revision, "lib"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "x", "-C", folder], input=archive, check=True)
    return Path(folder) / "lib"


def differences(old: dict[str, Any], new: dict[str, Any]) -> str:
    """What differs between two results: people with another label, and the largest step of each column of evidence."""
    people = [int((np.array(old[name]) != np.array(new[name])).sum()) for name in ("labels", "candidate")]
    step = np.abs(np.array(old["evidence"]) - np.array(new["evidence"]))
    largest = np.nan_to_num(step).max(axis=0)
    moved = [f"{name} {size:.2g}" for name, size in zip(old["columns"], largest, strict=True) if size > 1e-9]
    said = f"k {old['k']} and {new['k']}; labels differ for {people[0]} people, of the candidate for {people[1]}; "
    return said + (f"evidence by at most: {', '.join(moved)}" if moved else "evidence equal to 1e-9")


def main(revision: str, repeats: int, tables: list[str]) -> None:
    """Two lines a table: medians of both and their ratio, and what differs."""
    with tempfile.TemporaryDirectory() as folder:
        libraries = {revision: unpack(revision, folder), "now": ROOT / "lib"}
        print(f"{'table':10s}{revision:>10s}{'now':>9s}{'times':>8s}  CPU seconds, median of {repeats}")
        for table in tables:
            told: dict[str, list[dict[str, Any]]] = {name: [] for name in libraries}
            for _ in range(repeats):
                for name, library in libraries.items():
                    told[name].append(ask(library, table))
            old, new = (float(np.median([each["seconds"] for each in told[name]])) for name in libraries)
            print(f"{table:10s}{old:10.2f}{new:9.2f}{old / new:8.1f}")
            print(f"{'':10s}{differences(told[revision][0], told['now'][0])}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(measured(sys.argv[2])))
    else:
        arguments = sys.argv[1:]
        main(
            arguments[0] if arguments else REVISION,
            int(arguments[1]) if len(arguments) > 1 else REPEATS,
            arguments[2:] or list(TABLES),
        )
