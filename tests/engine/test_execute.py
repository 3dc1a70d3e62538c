"""One notebook in a kernel, and what is taken out of it so that the same inputs give the same bytes."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.tiny_project import cell, notebook
from reachbook.engine import execute
from reachbook.engine.execute import INJECTED, Executed

CELLS = [
    "We count.",
    ("parameters", "k: int = 1"),
    "print(k, object())",
    "import os, pathlib, time\ntime.sleep(0.5)\nprint(os.environ['TOLD'], pathlib.Path.cwd())",
    "from reachbook.errors import DataError\nraise DataError('orders.csv:3: too few. Add more.\\nline two')",
    "print('never')",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Executed, Path, list[tuple[int, int]]]]:
    """One run of a notebook that stops at a mistake in the data, its project, and what was told of it meanwhile."""
    root = tmp_path_factory.mktemp("project")
    told: list[tuple[int, int]] = []
    notebook(root / "notebooks" / "count.ipynb", CELLS)
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as scratch:
        patch.setenv("TOLD", "before")
        paths = root / "notebooks" / "count.ipynb", root / "done.ipynb"
        made = execute.execute(
            *paths, {"k": 5}, {"TOLD": "by us"}, Path(scratch), lambda cell, of: told.append((cell, of))
        )
        assert os.environ["TOLD"] == "by us"
        yield made, root, told


def outputs(node: Any) -> list[str]:
    return [output["text"] for each in node.cells for output in each.get("outputs", ()) if "text" in output]


def test_a_mistake_in_the_data_stops_it_in_one_line_of_its_own_words(run: tuple[Executed, Path, Any]) -> None:
    assert run[0].failure == "cell 6: orders.csv:3: too few. Add more. (and 1 more line on its page)"


def test_parameters_and_surroundings_reach_the_kernel_and_no_path_leaves_it(run: tuple[Executed, Path, Any]) -> None:
    made, _, _ = run
    assert outputs(made.notebook) == ["5 <object object at 0x…>\n", "by us <project>/notebooks\n"]


def test_cells_are_told_one_after_the_other_up_to_the_one_that_stopped(run: tuple[Executed, Path, Any]) -> None:
    """Seven cells: the parameters are injected as one more."""
    assert run[2] == [(number, 7) for number in range(1, 7)]


def test_what_is_written_is_what_is_returned_without_clocks(run: tuple[Executed, Path, Any]) -> None:
    made, root, _ = run
    kept = nbformat.read(root / "done.ipynb", as_version=4)
    assert kept == made.notebook
    assert len(made.seconds) == len(made.notebook.cells) == 7, "what points at the cell that stopped is no cell"
    assert made.seconds.index(max(made.seconds)) == 4, "the cell that slept"
    for noise in ("papermill", "start_time", "iopub", str(root)):
        assert noise not in (root / "done.ipynb").read_text("utf-8")
    assert [each["id"] for each in kept.cells] == ["c0", "c1", INJECTED, "c2", "c3", "c4", "c5"]


def node(*outputs: dict[str, Any], **metadata: Any) -> Any:
    made = nbformat.from_dict({"cells": [cell("a = 1", 0)], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    made.cells[0].outputs = [nbformat.from_dict(each) for each in outputs]
    made.cells[0].metadata.update(metadata)
    return made


def cleaned(made: Any, project: Path = Path("/srv/acme/project")) -> Any:
    execute.clean(made, project)
    return made


def test_paths_and_addresses_become_placeholders_in_every_kind_of_text() -> None:
    place = f"/srv/acme/project/a {Path.home()}/b {sys.prefix}/c <x at 0x7f00aa11bb22> 0x1234567"
    said = "<project>/a ~/b <environment>/c <x at 0x…> 0x1234567"
    data = {"text/html": place, "image/png": place, "application/json": {"a": 1}}
    (stream, error, shown) = cleaned(
        node(
            {"output_type": "stream", "name": "stdout", "text": place},
            {"output_type": "error", "ename": "E", "evalue": "", "traceback": [place]},
            {"output_type": "display_data", "data": data, "metadata": {}},
        )
    ).cells[0].outputs  # fmt: skip
    assert stream["text"] == said
    assert error["traceback"] == [said]
    assert shown["data"] == {"text/html": said, "image/png": place, "application/json": {"a": 1}}


def test_no_detail_of_a_cell_stays_in_what_a_kernel_says() -> None:
    said = "row 3: 打我13912345678"
    stream, error = cleaned(
        node(
            {"output_type": "stream", "name": "stderr", "text": said},
            {"output_type": "error", "ename": "E", "evalue": said, "traceback": [f"\x1b[31m{said}\x1b[0m"]},
        )
    ).cells[0].outputs  # fmt: skip
    assert stream["text"] == error["evalue"] == "row 3: 打我[phone]"
    assert error["traceback"] == ["row 3: 打我[phone]"]


def test_a_project_inside_the_home_folder_is_the_project() -> None:
    project = Path.home() / "shop"
    made = node({"output_type": "stream", "name": "stdout", "text": str(project / "x.csv")})
    assert cleaned(made, project).cells[0].outputs[0]["text"] == "<project>/x.csv"


def test_clocks_and_random_ids_are_taken_out_and_own_ids_stay() -> None:
    made = node(papermill={"duration": 1.0}, execution={"iopub": "now"}, tags=["hide"])
    made.metadata["papermill"] = {"start_time": "now"}
    more = [nbformat.from_dict(cell(("injected-parameters", "k = 5"), 1)), nbformat.from_dict(cell("b = 2", 2))]
    marker = nbformat.from_dict(cell(("papermill-error-cell-tag", "An error"), 3))
    del more[1]["id"]
    made.cells += [*more, marker]
    again = cleaned(made)
    assert [each["id"] for each in again.cells] == ["c0", INJECTED, "cell-2"]
    assert again.cells[0].metadata == {"tags": ["hide"]}
    assert again.metadata == {"language_info": {"name": "python"}}
    before = json.dumps(again)
    assert json.dumps(cleaned(again)) == before, "what is clean stays as it is"


def test_a_run_file_is_readable_json_in_every_script(tmp_path: Path) -> None:
    path = execute.run_file(tmp_path / "run.json", {"study": "小店", "tables": {}})
    assert json.loads(path.read_text("utf-8")) == {"study": "小店", "tables": {}}
    assert "小店" in path.read_text("utf-8")
