"""Run one notebook through papermill and remove clocks, random ids and machine names from its output."""

import json
import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError
from nbconvert.filters import strip_ansi
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from traitlets.config import Config

from reachbook import crash_log
from reachbook.engine import machine
from reachbook.errors import ReachbookError
from reachbook.translation import mark, sentences, tr, trn

ENGINE = "reachbook"
START_SECONDS = 120
INJECTED = "injected-parameters"
_MARKER_TAG = "papermill-error-cell-tag"
_MISTAKES = {ReachbookError.__name__, *(kind.__name__ for kind in ReachbookError.__subclasses__())}
_AGAIN = mark("Run again; if it stays, run `make clean setup`.")
_CRASHES = ("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT")
"""Signals by which a processor or a library ends a process whose compiled code has a fault."""
_ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]{6,}")


@dataclass(frozen=True)
class Executed:
    """An executed notebook.

    Attributes
    ----------
    notebook : nbformat.NotebookNode
        nbformat node, cleaned.
    seconds : tuple of float
        Run time of each cell, in seconds.
    failure : str
        "" or where and why it stopped, in one line.
    """

    notebook: Any
    seconds: tuple[float, ...]
    failure: str


class _EndedError(DeadKernelError):
    """The kernel ended while a cell ran.

    Attributes
    ----------
    code : int or None
        Exit code of its process; a negative one is the signal that ended it.
    """

    def __init__(self, code: int | None) -> None:
        super().__init__("Kernel died")
        self.code = code


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's own client, which asks for a dead kernel's exit code before its process is forgotten."""

    def papermill_execute_cells(self) -> None:
        try:
            super().papermill_execute_cells()
        except DeadKernelError as error:
            raise _EndedError(run_sync(self.km.provisioner.poll)()) from error


class _CellCallback(Engine):  # type: ignore[misc]
    """papermill's way to run a notebook, with a callback when a cell starts."""

    tell: Callable[[int, int], None] = staticmethod(lambda cell, of: None)

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        start_timeout: int,
        config: Config,
        extra_arguments: list[str],
        **unused: Any,
    ) -> Any:
        start, count = nb_man.cell_start, len(nb_man.nb.cells)

        def told(cell: Any, cell_index: int = 0, **more: Any) -> None:
            cls.tell(cell_index + 1, count)
            start(cell, cell_index, **more)

        nb_man.cell_start = told
        return _Client(
            nb_man,
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            config=config,
            extra_arguments=extra_arguments,
            log=logging.getLogger("papermill"),
        ).execute()


def execute(
    notebook: Path,
    output: Path,
    parameters: Mapping[str, Any],
    environment: Mapping[str, str],
    scratch: Path,
    tell: Callable[[int, int], None],
) -> Executed:
    """Run `notebook` with `parameters` in a fresh kernel and write it, cleaned, to `output`.

    Parameters
    ----------
    environment : mapping of str to str
        Variables for the kernel. They are set in this process, so run only one notebook in each process.
    scratch : Path
        A folder of this run alone, with a short path, for the sockets to the kernel.
    tell : callable
        Called with (cell, cells) when a cell starts.
    """
    for name in ("papermill", "tornado.general"):  # errors are said in one line, below
        logging.getLogger(name).setLevel(logging.CRITICAL)
    os.environ.update(environment)
    reached = [1]

    def told(cell: int, of: int) -> None:
        reached.append(cell)
        tell(cell, of)

    _CellCallback.tell = staticmethod(told)
    papermill_engines.register(ENGINE, _CellCallback)
    failure = ""
    try:
        execute_notebook(
            notebook,
            output,
            parameters=dict(parameters),
            engine_name=ENGINE,
            kernel_name="python3",
            cwd=notebook.parent,
            progress_bar=False,
            log_output=False,
            request_save_on_cell_execute=False,
            start_timeout=START_SECONDS,
            config=_private(scratch),
            extra_arguments=["--log-level=CRITICAL"],  # what matters of a kernel is in the notebook
        )
    except PapermillExecutionError as error:
        failure = _failure(error, notebook.parents[1])
    except DeadKernelError as error:
        failure = _cell(reached[-1]) + _ended(error.code if isinstance(error, _EndedError) else None)
    except RuntimeError as error:  # the kernel did not start, or does not answer
        kernel = tr("the kernel")
        what = crash_log.named(kernel, str(error))
        failure = _cell(reached[-1]) + sentences(tr("{what}.", what=what), tr(_AGAIN))
    node = nbformat.read(output if output.is_file() else notebook, as_version=4)
    cells = [cell for cell in node.cells if not _is_marker(cell)]
    seconds = tuple(float(cell.metadata.get("papermill", {}).get("duration") or 0.0) for cell in cells)
    clean(node, notebook.parents[1])
    nbformat.write(node, output)
    return Executed(node, seconds, failure)


def _private(scratch: Path) -> Config:
    """Configure kernels to use sockets in a folder that only this user can open, on systems that have them."""
    sockets = {"transport": "ipc", "ip": str(scratch / "kernel")}
    return Config() if sys.platform == "win32" else Config({"KernelManager": sockets})


def _failure(error: PapermillExecutionError, project: Path) -> str:
    """Describe where and why a cell stopped: input mistakes in their own words, all else as a fault of the program."""
    cell, lines = error.cell_index + 1, str(error.evalue).strip().splitlines()
    if error.ename in _MISTAKES and lines:
        more = len(lines) - 1
        said = trn("(and {n} more line on its page)", "(and {n} more lines on its page)", more) if more else ""
        return _cell(cell) + sentences(crash_log.safe(lines[0]), said)
    if said := machine.refusal_in_kernel(error.ename, error.evalue, project):
        return _cell(cell) + said
    fault = crash_log.named(error.ename, str(error.evalue))
    return tr("cell {cell} stopped on a fault of the program ({fault})", cell=cell, fault=fault)


def _ended(code: int | None) -> str:
    """Describe why a kernel ended by the exit code of its process; a negative one is the signal that ended it."""
    try:
        name = signal.Signals(-(code or 0)).name
    except ValueError:
        name = ""
    if name == "SIGKILL":
        return sentences(
            tr("the system ended its kernel (SIGKILL), most likely because memory ran out."), tr(machine.LESS_MEMORY)
        )
    if name in _CRASHES:
        said = tr("its kernel crashed in compiled code ({signal}), which is a fault of a library, not of your input.",
                  signal=name)  # fmt: skip
        return sentences(said, tr(_AGAIN))
    if code is None:
        return sentences(tr("its kernel ended without saying why."), tr(_AGAIN))
    return sentences(tr("its kernel ended with exit code {code}, without saying why.", code=code), tr(_AGAIN))


def _cell(number: int) -> str:
    return tr("cell {cell}: ", cell=number)


def clean(node: Any, project: Path) -> None:
    """Remove from an executed notebook, in place, everything that varies between runs and machines.

    Notes
    -----
    That is clocks, random ids, object addresses, and the paths of `project`, its environment and the home folder.
    """
    node.cells = [cell for cell in node.cells if not _is_marker(cell)]
    for number, cell in enumerate(node.cells):
        for noise in ("papermill", "execution"):
            cell.metadata.pop(noise, None)
        if INJECTED in cell.metadata.get("tags", ()):
            cell["id"] = INJECTED
        elif "id" not in cell:
            cell["id"] = f"cell-{number}"
        for output in cell.get("outputs", ()):
            _clean_output(output, project)
    node.metadata.pop("papermill", None)
    node.metadata["language_info"] = {"name": "python"}


def _is_marker(cell: Any) -> bool:
    """Whether papermill put a cell there to point at the one that stopped."""
    return _MARKER_TAG in cell.metadata.get("tags", ())


def _clean_output(output: Any, project: Path) -> None:
    if "text" in output:
        output["text"] = crash_log.safe(_anywhere(output["text"], project))
    if "traceback" in output:  # its message may quote a cell
        output["evalue"] = crash_log.safe(_anywhere(output["evalue"], project))
        output["traceback"] = [crash_log.safe(strip_ansi(_anywhere(line, project))) for line in output["traceback"]]
    for kind, value in output.get("data", {}).items():
        if isinstance(value, str) and kind.startswith("text/"):
            output["data"][kind] = _anywhere(value, project)


def _anywhere(text: str, project: Path) -> str:
    """Replace machine-specific paths and addresses in `text` by placeholders."""
    places = {str(Path.home()): "~", str(project): "<project>", sys.prefix: "<environment>"}
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(place, places[place]) if len(place) > 1 else text
    return _ADDRESS.sub("0x…", text)


def run_file(path: Path, content: Mapping[str, Any]) -> Path:
    """Write the file that tells a kernel what its run reads and where it writes."""
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path
