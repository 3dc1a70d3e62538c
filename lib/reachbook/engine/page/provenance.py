"""Where a report comes from: the foot of the page, and run.json."""

import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from reachbook.engine.page.render import Header
from reachbook.result import UNREADABLE, damaged
from reachbook.translation import LANGUAGES, joined, tr, trn

RUN = "run.json"
_SHORT = 12


def header(inputs: Mapping[str, Any], version: str, failure: str = "") -> Header:
    """Build the page's header and foot from the inputs alone.

    Notes
    -----
    No clock, commit or machine enters, or equal inputs would give unequal bytes; those are in run.json.
    """
    study, title = inputs["study"], inputs["notebook"]["title"]
    return Header(
        title=tr(title),
        study_title=study["title"],
        notice=notice(inputs),
        version=version,
        data_from=study["period"]["start"],
        data_to=study["period"]["end"],
        language=study["language"],
        currency=study["currency"],
        provenance=_foot(inputs),
        up="../../../../" if failure else "../../../",
        failure=failure,
    )


def notice(inputs: Mapping[str, Any]) -> str:
    """Return what a reader must know about the data: the study's own notice, or that the data are simulated."""
    study = inputs["study"]
    simulated = any(facts.get("source") == "simulated" for facts in inputs["tables"].values())
    return str(study["notice"] or (tr("Simulated data: nothing here is real.") if simulated else ""))


def _foot(inputs: Mapping[str, Any]) -> list[tuple[str, Sequence[str]]]:
    study = inputs["study"]
    period = f"{study['period']['start']} – {study['period']['end']}, {study['timezone']}, {study['currency']}"
    lines = [
        (tr("Study"), [_study(study)]),
        (tr("Period"), [period]),
        (tr("Notebook"), [f"{inputs['notebook']['name']} ({inputs['notebook']['cells'][:_SHORT]})"]),
        (tr("Parameters"), _parameters(inputs)),
        (tr("Tables"), [_table(name, facts) for name, facts in inputs["tables"].items()]),
        (tr("Results read"), [f"{name} ({key[:_SHORT]})" for name, key in inputs["upstream"].items()]),
        (tr("Environment"), [_environment(inputs)]),
    ]
    return [(term, values) for term, values in lines if values]


def _study(study: Mapping[str, Any]) -> str:
    return joined([f"{study['title']} ({study['name']})", tr("seed {seed}", seed=study["seed"])])


def _parameters(inputs: Mapping[str, Any]) -> list[str]:
    defaults = inputs["defaults"]
    shown = {name: json.dumps(value, ensure_ascii=False) for name, value in inputs["parameters"].items()}
    file = f"params/{inputs['study']['name']}/{inputs['notebook']['name']}.yaml"
    rule = tr("What {file} says wins, else the default; the notebook's own cell counts only in JupyterLab.", file=file)
    return [
        f"{name} = {value}" + (f" ({_changed(defaults[name])})" if inputs["parameters"][name] != defaults[name] else "")
        for name, value in shown.items()
    ] + ([rule] if shown else [])


def _changed(default: Any) -> str:
    return tr("changed from {default}", default=json.dumps(default, ensure_ascii=False))


def _table(name: str, facts: Mapping[str, Any]) -> str:
    known = [str(facts[each]) for each in ("source", "sheet", "encoding") if facts.get(each)]
    if facts.get("blinded"):
        return f"{name}: {joined([*known, tr('size not told')])} ({facts['sha256'][:_SHORT]})"
    rows = trn("{n} row", "{n} rows", facts["rows"])
    return f"{name}: {joined([rows, *known])} ({facts['sha256'][:_SHORT]})"


def _environment(inputs: Mapping[str, Any]) -> str:
    modules = trn("{n} module", "{n} modules", len(inputs["modules"]))
    return joined([f"Python {inputs['python']}", f"lock {inputs['lock'][:_SHORT]}", modules])


def record(
    job: Any, spec: Mapping[str, Any], started: datetime, seconds: Sequence[float], failure: str
) -> dict[str, Any]:
    """Build the content of run.json: everything needed to run again and compare, and facts about this one run.

    Parameters
    ----------
    spec : mapping
        The study's own parameters, without passwords.
    seconds : sequence of float
        Run time of each cell, in seconds.
    failure : str
        Where and why it stopped; "" if it reached its end.
    """
    finished = datetime.now(UTC)
    return {
        "version": job.version,
        "key": job.key,
        "page": job.page,
        "failure": failure,
        "inputs": job.inputs,
        "spec": dict(spec),
        "run": {
            "started": started.isoformat(timespec="seconds"),
            "finished": finished.isoformat(timespec="seconds"),
            "seconds": round((finished - started).total_seconds(), 2),
            "cell_seconds": [round(each, 3) for each in seconds],
            "commit": commit(job.file.root),
            "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        },
    }


def write(folder: Path, content: Mapping[str, Any]) -> None:
    """Write run.json into `folder`."""
    (folder / RUN).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> dict[str, Any]:
    """Read run.json of a version or of a failed run.

    Raises
    ------
    RunError
        It is missing or damaged.
    """
    try:
        content: dict[str, Any] = json.loads((folder / RUN).read_text(encoding="utf-8"))
        _refuse_parts(content)
    except UNREADABLE as error:
        raise damaged(folder / RUN, error) from error
    return content


def _refuse_parts(content: dict[str, Any]) -> None:
    """Check that everything readers of a run.json rely on is present and of its kind.

    Raises
    ------
    KeyError, TypeError, ValueError
        Something is missing or of another kind.
    """
    _refuse_kinds(content, str, "version", "key", "page", "failure")
    _refuse_kinds(content["run"], str, "finished", "commit")
    inputs = content["inputs"]
    _refuse_kinds(inputs, dict, "study", "notebook", "parameters", "tables", "modules", "upstream")
    _refuse_kinds(inputs, str, "lock", "python")
    _refuse_kinds(inputs["study"], str, "name", "title", "notice", "currency", "language")
    _refuse_kinds(inputs["notebook"], str, "name", "title", "cells")
    _refuse_kinds(inputs["upstream"], str, *inputs["upstream"])
    for facts in inputs["tables"].values():
        _refuse_kinds(facts, str, "sha256")
        if not facts.get("blinded"):
            _refuse_kinds(facts, int, "rows")
    for end in ("start", "end"):
        date.fromisoformat(inputs["study"]["period"][end])
    if inputs["study"]["language"] not in LANGUAGES:
        raise ValueError(f"language is {inputs['study']['language']!r}")


def _refuse_kinds(part: dict[str, Any], kind: type, *names: str) -> None:
    for name in names:
        if not isinstance(part[name], kind):
            raise TypeError(f"{name} is {part[name]!r}")


def commit(root: Path) -> str:
    """Return the checked-out commit, with "+" where files differ from it; "" outside version control."""
    try:
        asked = ["git", "-C", str(root), "describe", "--always", "--abbrev=12", "--dirty=+", "--exclude=*"]
        return subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
