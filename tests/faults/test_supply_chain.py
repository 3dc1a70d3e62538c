"""What the project installs is named to the byte, under licences listed here, and fetches nothing when it runs."""

import ast
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.reliability import Trials
from helpers.runs import Runs

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PINNED = re.compile(
    r"^([a-z0-9][a-z0-9._-]*)==[^\s;]+(?: ; [^\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)
ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC",
    "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Public Domain", "Zlib",
}  # fmt: skip
"""Licences that let anybody use, change and pass on; the Mozilla one asks for changed files to be shown."""
ALIASES = {
    "Apache 2.0": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0", "Apache Software License": "Apache-2.0",
    "BSD License": "BSD", "ISC License (ISCL)": "ISC", "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Python Software Foundation License": "PSF-2.0",
}  # fmt: skip
"""How packages name a licence that is allowed."""
ELSEWHERE = {"appnope": "BSD-2-Clause", "axe-playwright-python": "MIT", "colorama": "BSD-3-Clause", "pywinpty": "MIT"}
"""Packages that state none in their metadata, or that only another system installs, by what their sources say."""
FETCHING = {
    "aiohttp", "ftplib", "http.client", "httpx", "pip", "requests", "smtplib", "socket", "telnetlib", "urllib.request",
    "urllib3", "websocket", "xmlrpc",
}  # fmt: skip
"""Modules by which code or data could be fetched."""
RUNNING = {"marshal", "pickle", "runpy", "shelve"}
"""Modules that run what a file holds."""


def names() -> list[str]:
    """Every package of the lock."""
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)==", LOCK, re.MULTILINE)


def stated(name: str) -> str:
    """The licence that a package states of itself."""
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    about = importlib.metadata.metadata(name)
    told = about.get("License-Expression")
    classified = [
        each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or () if each.startswith("License ::")
    ]
    return told or "; ".join(classified) or (about.get("License") or "").split("\n")[0].strip()


def refused(licence: str) -> list[str]:
    """Licences in a statement that are not allowed; one of several that may be chosen is enough."""
    bad = list[str]()
    for part in re.split(r" AND |; ", licence.replace("(", " ").replace(")", " ") if " AND " in licence else licence):
        choices = [ALIASES.get(each.strip(), each.strip()) for each in part.split(" OR ")]
        bad += [] if set(choices) & ALLOWED else [part]
    return bad


def imported(path: Path) -> set[str]:
    """Every module that a file imports, and those above it."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return {".".join(each.split(".")[: i + 1]) for each in found for i in range(each.count(".") + 1)}


def test_every_package_is_pinned_with_its_hashes(trial: Trials) -> None:
    pinned = [name for name, _ in PINNED.findall(LOCK)]
    assert sorted(pinned) == sorted(names())
    assert len(pinned) > 100
    assert "://" not in LOCK, "only from the index, and none from a place of its own"
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.findall(r"uv pip sync.*|UV\) pip sync.*", makefile) == [
        "UV) pip sync --quiet --require-hashes --compile-bytecode requirements.lock"
    ]
    trial.record("packages of the lock pinned to a version with hashes", len(pinned), len(names()) - len(pinned))


def test_every_licence_is_allowed(trial: Trials) -> None:
    bad = {name: licence for name in names() if refused(licence := stated(name))}
    assert bad == {}
    trial.record("licences of the packages of the lock", len(names()), len(bad))


@pytest.mark.parametrize(
    ("licence", "bad"),
    [
        ("MIT", []),
        ("MIT OR GPL-3.0-only", []),
        ("MIT AND GPL-3.0-only", ["GPL-3.0-only"]),
        ("BSD License; GNU General Public License v3 (GPLv3)", ["GNU General Public License v3 (GPLv3)"]),
        ("BSD-2-Clause AND Apache-2.0 WITH LLVM-exception", []),
        ("", [""]),
    ],
)
def test_licences_are_told_apart(licence: str, bad: list[str]) -> None:
    assert refused(licence) == bad


def test_nothing_is_fetched_and_no_file_is_run(trial: Trials, tmp_path: Path) -> None:
    sources = sorted((ROOT / "lib" / "reachbook").rglob("*.py"))
    bad = {path.name: found for path in sources if (found := imported(path) & (FETCHING | RUNNING))}
    assert bad == {}
    calls = re.compile(
        r"(?<![\w.])(eval|exec|__import__)\(|allow_pickle=True|read_pickle|shell=True|https?://[^\s\"']+\.(js|py)\b"
    )
    assert [path.name for path in sources if calls.search(path.read_text("utf-8"))] == []
    (tmp_path / "bad.py").write_text("from urllib import request\nimport http.client as c\n", "utf-8")
    assert imported(tmp_path / "bad.py") & FETCHING == {"urllib.request", "http.client"}
    trial.record("modules without a way to fetch code or to run what a file holds", len(sources), executed=len(bad))


@pytest.mark.soak
def test_a_report_is_made_without_a_network(trial: Trials, runs: Runs) -> None:
    """In a room of its own, without any interface but its own loop, which is down."""
    alone = ("unshare", "--net")
    if os.geteuid() or not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("no network can be taken away here")
    probe = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    assert (
        b"unreachable" in subprocess.run([*alone, sys.executable, "-c", probe], capture_output=True, check=False).stderr
    )
    ran = runs.run("reports", before=alone)
    assert (ran.code, ran.err) == (0, "")
    assert len(runs.current) == 1
    trial.record("a report made without a network", 1, 0, leaked=0)


PACKAGES = [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}]
FAULT = {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        (PACKAGES, 0, "1 of 2 packages asked, 0 known faults; not asked: b"),
        ([*PACKAGES, FAULT], 1, "c 2: PYSEC-1, mended in 3"),
        (PACKAGES[1:], 2, "Not audited: the package index knows no faults of any of 1 packages."),
        (None, 2, "Not audited: pip-audit could not reach the list of known faults."),
    ],
)
def test_an_audit_that_asked_nobody_is_none(packages: list[object] | None, code: int, said: str) -> None:
    given = "" if packages is None else json.dumps({"dependencies": packages, "fixes": []})
    command = [sys.executable, ROOT / "benchmarks" / "audit.py"]
    ran = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert ran.returncode == code
    assert said in ran.stdout
