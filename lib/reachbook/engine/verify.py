"""Run a published version again, from its run.json, and compare the bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reachbook import hashing, notebook, report_paths
from reachbook.engine import integrity, kept, scratch, versions
from reachbook.engine.archive import crate
from reachbook.engine.job_outcome import JobOutcome, Tell
from reachbook.engine.page import compare, provenance
from reachbook.engine.plan import Job
from reachbook.errors import ParamsError, ReachbookError, RunError
from reachbook.params import Document, validated
from reachbook.study import files
from reachbook.study.data import Data
from reachbook.study.files import StudyFile
from reachbook.study.spec import StudySpec
from reachbook.tables.source import Source, hidden
from reachbook.translation import clauses, listing, mark, sentences, tr, trn, use

COMPARED = ("report.html", "result.json", crate.CRATE)
"""Files whose bytes are compared; metadata only where the version has them, for older ones do not."""


@dataclass(frozen=True)
class Recorded(Job):
    """A job rebuilt from the run.json of a published version.

    Attributes
    ----------
    original : Path
        The version's folder.
    hindrance : str
        Why it cannot be run again today; "" if it can.
    """

    original: Path = Path()
    hindrance: str = ""

    @property
    def name(self) -> str:
        """`<study>/<notebook> <version>`, because several versions of one report can be verified at once."""
        return f"{super().name} {self.original.name}"


def recorded(root: Path, version: str | None) -> list[Recorded]:
    """Return the published versions whose name begins with `version`; all for None, "" or "all".

    Raises
    ------
    RunError
        There is no such version.
    """
    found = [folder for home in report_paths.notebooks(root) for folder in report_paths.versions(home)]
    if version in (None, "", "all"):
        if not found and not withdrawn(root):
            raise RunError("reports: " + tr("nothing has been made yet. Run `make reports` first."))
        return [_recorded(root, folder) for folder in found]
    chosen = [folder for folder in found if folder.name.startswith(str(version))]
    if not chosen:
        raise kept.unknown(root, str(version))
    return [_recorded(root, folder) for folder in chosen]


def withdrawn(root: Path) -> tuple[str, ...]:
    """One line for each withdrawn version of the project: its report, its name and when that was."""
    return tuple(
        f"{home.parent.name}/{home.name} {name} {kept.withdrawn(day)}"
        for home in report_paths.notebooks(root)
        for name, day in report_paths.withdrawn(home).items()
    )


def verify(job: Recorded, tell: Tell) -> JobOutcome:
    """Run the version again in a scratch folder and compare the SHA-256 of report.html and result.json.

    Returns
    -------
    JobOutcome
        Of kind "same", or "differs" with the first cell that does.

    Notes
    -----
    Call once in each process.
    """
    from reachbook.engine.make import run

    started = datetime.now(UTC)
    use(job.file.spec.language)
    with scratch.folder() as temporary:
        failure = run(job, Path(temporary), tell) or _difference(job, Path(temporary))
    seconds = (datetime.now(UTC) - started).total_seconds()
    kind = "differs" if failure else "same"
    return JobOutcome(job.name, "", kind, job.original, mark("same bytes"), seconds, failure)


def _difference(job: Recorded, again: Path) -> str:
    """Describe how the published version and its new run differ; "" where the bytes are the same."""
    compared = [name for name in COMPARED if name != crate.CRATE or (job.original / name).exists()]
    unlike = [name for name in compared if hashing.of_file(job.original / name) != hashing.of_file(again / name)]
    unlike = [name for name in unlike if name != crate.CRATE] or unlike  # it holds the others' hashes
    if not unlike:
        return ""
    import nbformat

    old, new = (nbformat.read(folder / "notebook.ipynb", as_version=4) for folder in (job.original, again))
    return _unlike(listing(unlike), len(unlike), compare.first_cell(old, new))


def _unlike(files: str, n: int, cell: str) -> str:
    """Say which files differ, from which cell on."""
    if cell:
        return trn(
            "{files} differs from the published bytes, from {cell} on",
            "{files} differ from the published bytes, from {cell} on",
            n,
            files=files,
            cell=cell,
        )
    return trn(
        "{files} differs from the published bytes; every cell of the notebook gave the same",
        "{files} differ from the published bytes; every cell of the notebook gave the same",
        n,
        files=files,
    )


def _recorded(root: Path, folder: Path) -> Recorded:
    if told := integrity.flaw(folder):
        reason = tr("{told}. `make reports` sets it aside and makes it again if it is current.", told=told)
        return _hindered(root, folder, {}, reason)
    record = provenance.read(folder)
    name, inputs = folder.parent.name, record["inputs"]
    try:
        spec = validated(Document(record["spec"], {(): f"{folder.name}/run.json"}), StudySpec)
        book = notebook.read(root, name)
        given = Document(inputs["parameters"], {(): f"{folder.name}/run.json"})
        parameters = {name: validated(given, book.schema())}
        study = folder.parent.parent.name
        line = files.lineage(root, study)
        file = StudyFile(study, root, _reachable(spec, root, study), (book,), parameters, Document({}), lineage=line)
        data = Data(file)
        tables = {table: data[table] for table in inputs["tables"]}
        published, upstream = _upstream(folder, inputs["upstream"])
        today = versions.inputs_of(file, book, tables, upstream)
    except (ReachbookError, KeyError) as error:
        return _hindered(root, folder, record, str(error).splitlines()[0])
    job = Recorded(file, book, today, tables, (), published, original=folder)
    return replace(job, hindrance=_hindrance(record, job))


def _reachable(spec: StudySpec, root: Path, study: str) -> StudySpec:
    """The study as recorded, with the logins of its databases and the places that today's study.yaml states.

    Notes
    -----
    A record keeps no login, so that what it says of a database leads to the one in study.yaml that is shown alike.
    """
    try:
        today = files.load(root, study).spec
    except ReachbookError:
        return spec
    stated = [part for source in today.tables.values() for part in (source, *source.parts)]
    urls = {hidden(part.url): part.url for part in stated if part.url}
    tables = {name: _with_login(source, urls) for name, source in spec.tables.items()}
    return spec.model_copy(update={"tables": tables, "places": today.places})


def _with_login(source: Source, urls: Mapping[str, str]) -> Source:
    parts = tuple(_with_login(part, urls) for part in source.parts)
    return source.model_copy(update={"url": urls.get(source.url or "", source.url), "parts": parts})


def _hindrance(record: Mapping[str, Any], job: Job) -> str:
    """Why today's checkout cannot make this version again; "" if it can."""
    changes = compare.inputs(record["inputs"], job.inputs)
    changes += [tr("the page's template changed")] if record["page"] != job.page else []
    if not changes:
        return ""
    commit = record["run"]["commit"].rstrip("+")
    first = clauses(changes[:3])
    n = len(changes) - 3
    told = tr("{changes} and {n} more.", changes=first, n=n) if n > 0 else tr("{changes}.", changes=first)
    return sentences(told, tr("Check out commit {commit} to verify it.", commit=commit) if commit else "")


def _hindered(root: Path, folder: Path, record: Mapping[str, Any], reason: str) -> Recorded:
    inputs = record.get("inputs", {})
    book = notebook.Notebook(folder.parent.name, root, "", "reachbook.spec:Spec", "", (), (), (), ())
    spec = StudySpec.model_construct(title=inputs.get("study", {}).get("title", folder.parent.parent.name))
    file = StudyFile(folder.parent.parent.name, root, spec, (book,), {}, Document({}))
    return Recorded(file, book, dict(inputs), {}, (), {}, original=folder, hindrance=reason)


def _upstream(folder: Path, keys: Mapping[str, str]) -> tuple[dict[str, Path], dict[str, str]]:
    """Find the folders of the upstream versions that the run read, by the keys of their runs.

    Raises
    ------
    ParamsError
        One of them no longer exists.
    """
    study, published = folder.parent.parent, dict[str, Path]()
    for name, key in keys.items():
        found = report_paths.versions((study.parent if "/" in name else study) / name)
        versions = [each for each in found if not integrity.flaw(each)]
        match = next((each for each in versions if provenance.read(each)["key"] == key), None)
        if match is None:
            raise ParamsError(tr("the version of {name} that it read is no longer there", name=name))
        published[name] = match
    return published, dict(keys)
