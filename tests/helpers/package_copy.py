"""A copy of the library to change files in: does a key that promises to cover them notice?"""

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

import reachbook

PACKAGE = Path(reachbook.__file__).parent


def copied(folder: Path) -> Path:
    """The library's package, copied into `folder`."""
    return Path(shutil.copytree(PACKAGE, folder / "reachbook", ignore=shutil.ignore_patterns("__pycache__")))


def key(module: Path, function: str) -> str:
    """What `function` of the module in this file says, worked out anew. It imports from the library itself."""
    spec = importlib.util.spec_from_file_location(f"copy_of_{module.stem}", module)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    answer: Callable[[], str] = getattr(loaded, function)
    return answer()


def unnoticed(files: list[Path], work_out: Callable[[], str]) -> list[str]:
    """Files whose change leaves the answer of `work_out` as it was."""
    known, missed = work_out(), []
    for path in files:
        path.write_bytes(path.read_bytes() + b"\n")
        before, known = known, work_out()
        missed += [path.name] if known == before else []
    return missed
