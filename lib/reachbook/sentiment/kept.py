"""Trained models on disk, under the hash of everything they are made from."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from reachbook.hashing import of_bytes, of_data, of_file
from reachbook.sentiment.calibrate import Scaling
from reachbook.sentiment.model import Model
from reachbook.sentiment.slang import Slang


def model(folder: Path, key: list[object], make: Callable[[], Model]) -> Model:
    """The model kept under `key`, or a new one, kept for the next time. A broken file is made again."""
    path = folder / f"{of_data([key, _source()])}.npz"
    if path.is_file():
        try:
            return _load(path)
        except (OSError, ValueError, KeyError, EOFError):
            pass
    made = make()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as handle:
        _save(made, Path(handle.name))
    os.replace(handle.name, path)
    return made


@cache
def _source() -> str:
    """Hash of this package's code and data: another way to train is another model."""
    here = Path(__file__).parent
    return of_bytes("".join(of_file(each) for each in sorted(here.rglob("*")) if _counts(each)).encode())


def _counts(path: Path) -> bool:
    return path.suffix in (".py", ".csv")


def _save(made: Model, path: Path) -> None:
    used = np.flatnonzero(made.table.any(axis=1))
    slang = {"version": made.slang.version, "polarity": {term: dict(v) for term, v in made.slang.polarity.items()}}
    with path.open("wb") as handle:
        np.savez(
            handle,
            classes=made.classes,
            used=used,
            rows=made.table[used],
            size=np.array(made.table.shape),
            dense=made.dense,
            intercept=made.intercept,
            slope=np.array(made.scaling.slope),
            shift=made.scaling.shift,
            said=np.array(json.dumps({"slang": slang, "facts": made.facts})),
        )


def _load(path: Path) -> Model:
    with np.load(path, allow_pickle=False) as held:
        table = np.zeros(tuple(held["size"]), dtype=np.float32)
        table[held["used"]] = held["rows"]
        said = json.loads(str(held["said"]))
        slang = Slang(said["slang"]["version"], said["slang"]["polarity"])
        scaling = Scaling(float(held["slope"]), held["shift"])
        return Model(held["classes"], table, held["dense"], held["intercept"], scaling, slang, said["facts"])
