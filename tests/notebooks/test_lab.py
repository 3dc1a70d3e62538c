"""Run All in a JupyterLab kernel gives the numbers that `make reports` gives."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client import BlockingKernelClient

from helpers.tiny_project import COUNT, Project
from reachbook import report_paths

TOKEN = "tiny"


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Lab:
    """A JupyterLab server that `reachbook lab` started."""

    def __init__(self, root: Path, runtime: Path) -> None:
        self.address, self.runtime = f"http://127.0.0.1:{free_port()}", runtime
        options = ["--no-browser", "--allow-root", f"--port={self.address.rpartition(':')[2]}"]
        command = [sys.executable, "-m", "reachbook", "lab", *options, f"--IdentityProvider.token={TOKEN}"]
        surroundings = {**os.environ, "JUPYTER_RUNTIME_DIR": str(runtime)}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=root, env=surroundings, **quiet)

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.address + path, data, {"Authorization": f"token {TOKEN}"})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)

    def wait(self) -> None:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                return self.ask("/api")
            except OSError:
                time.sleep(0.3)
        raise TimeoutError("JupyterLab did not start")

    def run_all(self, notebook: Path) -> None:
        """Run every code cell in a kernel that the server starts for this notebook."""
        name = f"notebooks/{notebook.name}"
        asked = {"path": name, "name": notebook.name, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = self.ask("/api/sessions", asked)["kernel"]["id"]
        client = BlockingKernelClient(connection_file=str(self.runtime / f"kernel-{kernel}.json"))
        client.load_connection_file()
        client.hb_channel.time_to_dead = 30.0  # a busy machine takes longer than a second to answer
        client.start_channels()
        client.wait_for_ready(timeout=60)
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                reply = client.execute_interactive("".join(cell["source"]), timeout=120, output_hook=lambda _: None)
                assert reply["content"]["status"] == "ok", reply["content"]
        client.stop_channels()


@pytest.fixture
def lab(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    server = Lab(project.root, tmp_path_factory.mktemp("runtime"))
    try:
        server.wait()
        yield server
    finally:
        server.process.terminate()
        server.process.wait(timeout=30)


def test_run_all_gives_the_same_result(project: Project, make: Callable[..., int], lab: Lab) -> None:
    cells = [*COUNT, "report.finding('hash', 'Hash', hash('a') % 1000)"]  # differs where the surroundings do
    project.notebook("count", cells, title="How many orders?", tables=["orders"])
    lab.run_all(project.root / "notebooks" / "count.ipynb")
    assert make("reports") == 0
    home = project.root / "reports" / "tiny" / "count"
    (version,) = report_paths.versions(home)
    assert (home / "draft" / "result.json").read_bytes() == (version / "result.json").read_bytes()
