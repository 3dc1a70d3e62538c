"""Every version is an RO-Crate: machine-readable metadata on its files, what made them and from what."""

import json
import mimetypes
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from reachbook import hashing
from reachbook.errors import RunError
from reachbook.result import PRIVATE, Result
from reachbook.translation import tr

CRATE = "ro-crate-metadata.json"
_CONTEXT, _PROFILE = "https://w3id.org/ro/crate/1.2/context", "https://w3id.org/ro/crate/1.2"
_OF_ONE_RUN = "run.json"
"""The file that holds clock and machine: it is listed without size and hash, which differ between equal runs."""
_FORMATS = {
    ".html": "text/html",
    ".json": "application/json",
    ".ipynb": "application/x-ipynb+json",
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NAMES = {
    "report.html": "Report",
    "notebook.ipynb": "Executed notebook",
    "result.json": "Findings, checks and decision",
    _OF_ONE_RUN: "What it was made from, and facts about the run",
}

type Entity = dict[str, Any]


def write(folder: Path, inputs: Mapping[str, Any], version: str) -> None:
    """Write the metadata of a complete version into its folder."""
    (folder / CRATE).write_text(text(folder, inputs, version), encoding="utf-8")


def text(folder: Path, inputs: Mapping[str, Any], version: str) -> str:
    """Metadata of a complete version as JSON-LD (RO-Crate 1.2, https://w3id.org/ro/crate/1.2).

    Notes
    -----
    No clock, random id or machine enters: the same version gives the same bytes. RO-Crate asks for a day of
    publication; the last day of the data stands there, since the real one is that of a run.
    """
    listed = [_file(folder, path) for path in files(folder) if path.name != CRATE]
    read = [*_tables(inputs), *_parameters(inputs)]
    graph = [
        {"@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": _PROFILE}},
        _root(Result.read(folder), inputs, version, listed),
        *listed,
        _run(listed, read),
        _environment(inputs),
        *read,
    ]
    return json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


@cache
def key() -> str:
    """SHA-256 of this module, which decides the metadata of a run."""
    return hashing.of_file(Path(__file__))


def _root(result: Result, inputs: Mapping[str, Any], version: str, files: list[Entity]) -> Entity:
    study, title = inputs["study"], inputs["notebook"]["title"]
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{study['title']}: {title}",
        "description": result.decision or f"{title} ({result.verdict})",
        "identifier": f"{study['name']}/{inputs['notebook']['name']}/{version}",
        "version": version,
        "datePublished": study["period"]["end"],
        "temporalCoverage": f"{study['period']['start']}/{study['period']['end']}",
        "inLanguage": study["language"],
        "license": study["notice"] or "No license is stated: ask who made this report.",
        "creativeWorkStatus": result.verdict,
        "hasPart": [{"@id": each["@id"]} for each in files],
        "mentions": [{"@id": "#run"}],
    }


def files(folder: Path) -> list[Path]:
    """Files of a version in alphabetical order, without those of single people, and without hidden ones.

    Raises
    ------
    RunError
        One of them is a link.
    """
    found = sorted(path for path in folder.rglob("*") if not path.name.startswith("."))
    for path in found:
        if path.is_symlink():
            raise RunError(
                f"{'/'.join(path.parts[-4:])}: " + tr("is a link. Put the file itself there, or make the report anew.")
            )
    return [path for path in found if path.is_file() and PRIVATE not in path.relative_to(folder).parts]


def _file(folder: Path, path: Path) -> Entity:
    name = path.relative_to(folder).as_posix()
    kind = _FORMATS.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    about = {"@id": name, "@type": "File", "name": _NAMES.get(name, path.stem), "encodingFormat": kind}
    if name == _OF_ONE_RUN:
        return about
    return {**about, "contentSize": str(path.stat().st_size), "sha256": hashing.of_file(path)}


def _run(files: list[Entity], read: list[Entity]) -> Entity:
    """The run as an action, after the profile Process Run Crate."""
    made = [{"@id": each["@id"]} for each in files if each["@id"] != _OF_ONE_RUN]
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "Run of the notebook",
        "instrument": {"@id": "#reachbook"},
        "object": [{"@id": each["@id"]} for each in read],
        "result": made,
    }


def _environment(inputs: Mapping[str, Any]) -> Entity:
    return {
        "@id": "#reachbook",
        "@type": "SoftwareApplication",
        "name": "Reachbook",
        "softwareRequirements": f"Python {inputs['python']}; requirements.lock sha256:{inputs['lock']}",
        "identifier": f"notebook sha256:{inputs['notebook']['cells']}",
    }


def _tables(inputs: Mapping[str, Any]) -> Iterator[Entity]:
    for name, facts in inputs["tables"].items():
        yield {
            "@id": f"#table-{name}",
            "@type": "Dataset",
            "name": f"Table {name}",
            "description": f"{_size(facts)}, read and checked; not part of this crate",
            "identifier": f"{'hmac-' if facts.get('blinded') else ''}sha256:{facts['sha256']}",
        }


def _size(facts: Mapping[str, Any]) -> str:
    return "Size not told" if facts.get("blinded") else f"{facts['rows']} rows"


def _parameters(inputs: Mapping[str, Any]) -> Iterator[Entity]:
    for name, value in inputs["parameters"].items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield {"@id": f"#parameter-{name}", "@type": "PropertyValue", "name": name, "value": shown}
