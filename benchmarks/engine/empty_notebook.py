"""An empty notebook through the engine, against papermill's API and nbconvert by hand: whole processes, in turn.

Run: .venv/bin/python benchmarks/engine/empty_notebook.py [rounds]
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STUDY = """\
title: Empty
period: {start: 2026-01-01, end: 2026-01-31}
seed: 1
notebooks: [empty]
tables: {users: {path: users.csv}}
"""
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
CELL = {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "outputs": [], "execution_count": None}
PLAIN = """
import papermill, nbconvert, nbformat
papermill.execute_notebook("notebooks/empty.ipynb", "out.ipynb", {"study_name": "empty"}, progress_bar=False)
open("out.html", "w").write(nbconvert.HTMLExporter().from_notebook_node(nbformat.read("out.ipynb", 4))[0])
"""


def main() -> None:
    """Print medians and the ratio, pair by pair."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        root = project(Path(folder))
        pairs = [(engine(root, number), plain(root)) for number in range(rounds + 1)][1:]
    ours, theirs = zip(*pairs, strict=True)
    ratio = statistics.median(our / their for our, their in pairs)
    print(f"engine                 {statistics.median(ours):5.2f} s   (median of {rounds} whole processes)")
    print(f"papermill + nbconvert  {statistics.median(theirs):5.2f} s")
    print(f"ratio, pair by pair    {ratio:5.2f}")


def project(root: Path) -> Path:
    """A project with one study and one notebook that does nothing."""
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": KERNEL}}
    content["cells"] = [{**CELL, "source": 'study_name: str = "empty"'}]
    files = {
        "params/empty/study.yaml": STUDY,
        "notebooks/empty.ipynb": json.dumps(content),
        "users.csv": "user_id\nu1\n",
        "requirements.lock": "",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def engine(root: Path, number: int) -> float:
    """Seconds to make the report; another seed each time, so that there is something to make."""
    path = root / "params/empty/study.yaml"
    path.write_text(STUDY.replace("seed: 1", f"seed: {number}"), encoding="utf-8")
    return timed([sys.executable, "-m", "reachbook", "reports"], root)


def plain(root: Path) -> float:
    """Seconds to run and convert it by hand."""
    return timed([sys.executable, "-c", PLAIN], root)


def timed(command: list[str], root: Path) -> float:
    """Wall seconds of a process."""
    start = time.perf_counter()
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
