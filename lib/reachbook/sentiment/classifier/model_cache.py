"""Cache of trained models on disk, under the hash of everything they are made from."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from reachbook import atomic
from reachbook.hashing import of_bytes, of_data, of_file
from reachbook.sentiment.classifier.calibration import Scaling
from reachbook.sentiment.classifier.embedding import Embedded
from reachbook.sentiment.classifier.latent import Latent
from reachbook.sentiment.classifier.logistic import Linear
from reachbook.sentiment.classifier.model import Model
from reachbook.sentiment.classifier.slot_weights import SlotWeights
from reachbook.sentiment.text.slang import Slang


def model(folder: Path, key: list[object], make: Callable[[], Model]) -> Model:
    """Load the model stored under `key`, or make and store it; a damaged file is made again."""
    path = folder / f"{of_data([key, _source()])}.npz"
    if path.is_file():
        try:
            return _load(path)
        except (OSError, ValueError, KeyError, EOFError):
            pass
    made = make()
    folder.mkdir(parents=True, exist_ok=True)
    with atomic.writing(path) as unfinished:
        _save(made, unfinished)
    return made


@cache
def _source() -> str:
    """Hash of this package's code and data, because other code may train another model."""
    here = Path(__file__).parents[1]
    return of_bytes("".join(of_file(each) for each in sorted(here.rglob("*")) if _counts(each)).encode())


def _counts(path: Path) -> bool:
    return path.suffix in (".py", ".csv")


def _save(made: Model, path: Path) -> None:
    slang = {"version": made.slang.version, "polarity": {term: dict(v) for term, v in made.slang.polarity.items()}}
    arrays = {
        "classes": made.classes,
        "slots": made.table.slots,
        "values": made.table.values,
        "dense": made.dense,
        "intercept": made.intercept,
        "slopes": made.scaling.slopes,
        "shift": made.scaling.shift,
        "said": np.array(json.dumps({"slang": slang, "facts": made.facts})),
    }
    if made.latent is not None:
        arrays |= {f"latent_{name}": value for name, value in vars(made.latent).items()}
    if made.embedded is not None:
        arrays |= {"centre": made.embedded.centre}
        arrays |= {f"embedded_{name}": value for name, value in vars(made.embedded.linear).items()}
    with path.open("wb") as handle:
        np.savez(handle, **arrays)  # type: ignore[arg-type]


def _load(path: Path) -> Model:
    with np.load(path, allow_pickle=False) as held:
        said = json.loads(str(held["said"]))
        slang = Slang(said["slang"]["version"], said["slang"]["polarity"])
        latent = Latent(**_group(held, "latent_")) if "latent_known" in held else None
        judge = Embedded(held["centre"], Linear(**_group(held, "embedded_"))) if "centre" in held else None
        return Model(
            classes=held["classes"],
            table=SlotWeights(held["slots"], held["values"]),
            dense=held["dense"],
            intercept=held["intercept"],
            latent=latent,
            embedded=judge,
            scaling=Scaling(held["slopes"], held["shift"]),
            slang=slang,
            facts=said["facts"],
        )


def _group(held: np.lib.npyio.NpzFile, prefix: str) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): held[name] for name in held.files if name.startswith(prefix)}
