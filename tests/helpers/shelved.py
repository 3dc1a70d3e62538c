"""Whole versions on disk with results of one's own, without a study, a notebook or a kernel."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from reachbook import hashing
from reachbook.result import Finding, Result, TableEntry
from reachbook.verdict import Gate

SHARE = Finding("share", "Share of negative comments", 0.2, 0.15, 0.25, "ratio", 0.1)
DRAWING = '<svg viewBox="0 0 10 10" role="img" aria-label="A line"><path id="{id}-a" d="M0 0L9 9"/></svg>'


def home(root: Path, study: str = "tiny", notebook: str = "count") -> Path:
    """`reports/<study>/<notebook>/`."""
    return root / "reports" / study / notebook


def name(number: int) -> str:
    """The name of the version `number`."""
    return f"{number:012x}"


def inputs(
    study: str, notebook: str, language: str = "en", study_about: dict[str, Any] | None = None, **parts: Any
) -> dict[str, Any]:
    """What a run was made from; `study_about` and `parts` replace what stands here."""
    about = {"name": study, "title": f"Study {study}", "notice": "", "currency": "CNY", "language": language}
    return {
        "format": 2,
        "study": {**about, "period": {"start": "2026-07-01", "end": "2026-09-30"}, "timezone": "UTC", "seed": 7}
        | (study_about or {}),
        "notebook": {"name": notebook, "title": "How many orders?", "cells": "aa"},
        "parameters": {"level": 0.95},
        "defaults": {"level": 0.95},
        "tables": {"orders": {"rows": 12, "sha256": "aa"}},
        "modules": {"reachbook.report": "aa"},
        "lock": "aa",
        "python": "3.13",
        "upstream": {},
        **parts,
    }


def shelved(
    root: Path,
    number: int,
    finished: str = "2026-10-01T08:00:00+00:00",
    findings: tuple[Finding, ...] = (SHARE,),
    passed: bool = True,
    study: str = "tiny",
    notebook: str = "count",
    published: dict[str, pd.DataFrame] | None = None,
    figures: tuple[str, ...] = (),
    **parts: Any,
) -> Path:
    """Write a whole version and return its folder."""
    folder = home(root, study, notebook) / name(number)
    (folder / "tables").mkdir(parents=True)
    gates = (Gate("fit", passed, "The model fits." if passed else "The model does not fit: add data."),)
    entries = [_stored(folder, id, frame) for id, frame in (published or {}).items()]
    Result(study, notebook, folder, findings, gates, "Go on.", "go", tuple(entries)).write()
    drawn = "".join(f'<figure id="figure-{id}">{DRAWING.format(id=f"{id}-{number}")}</figure>' for id in figures)
    (folder / "report.html").write_text(f"<html>{drawn}</html>", encoding="utf-8")
    (folder / "notebook.ipynb").write_text('{"cells": []}', encoding="utf-8")
    run = {
        "version": folder.name,
        "key": f"key {number}",
        "page": "page",
        "failure": "",
        "inputs": inputs(study, notebook, **parts),
        "spec": {},
        "run": {"started": finished, "finished": finished, "seconds": 1.0, "commit": "abc", "machine": "here"},
    }
    (folder / "run.json").write_text(json.dumps(run, ensure_ascii=False), encoding="utf-8")
    return folder


def _stored(folder: Path, id: str, frame: pd.DataFrame) -> TableEntry:
    path = folder / "tables" / f"{id}.parquet"
    frame.to_parquet(path)
    return TableEntry(id, len(frame), tuple(frame.columns), hashing.of_file(path))
