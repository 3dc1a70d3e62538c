"""Plan what to make: for every study and notebook the version of today's inputs, and whether it exists."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from reachbook import params, report_paths
from reachbook.engine import integrity, refusals, versions
from reachbook.errors import ParamsError, ReachbookError
from reachbook.notebook import Notebook
from reachbook.params import Document
from reachbook.study import files
from reachbook.study.data import Data, departed, left_out, warned
from reachbook.study.files import StudyFile
from reachbook.tables.store import Checked
from reachbook.translation import listing, tr, using


@dataclass(frozen=True)
class Job:
    """One report: a study and a notebook with everything that decides its content.

    Attributes
    ----------
    inputs : dict
        Plain data whose SHA-256 is the key of the run.
    tables : mapping of str to Checked
        Checked tables by name.
    needs : tuple of str
        Names of jobs that must be made before.
    published : mapping of str to Path
        Folder of the version that it reads, by notebook, or by `<study>/<notebook>` for another study.
    """

    file: StudyFile
    notebook: Notebook
    inputs: dict[str, Any]
    tables: Mapping[str, Checked]
    needs: tuple[str, ...]
    published: Mapping[str, Path]

    @property
    def name(self) -> str:
        """`<study>/<notebook>`."""
        return f"{self.file.name}/{self.notebook.name}"

    @cached_property
    def key(self) -> str:
        """SHA-256 of everything that decides what the run computes."""
        return versions.key(self.inputs)

    @cached_property
    def version(self) -> str:
        """First 12 hex digits of the SHA-256 over the run's key and the page's templates."""
        return versions.name(self.key)

    @property
    def page(self) -> str:
        """SHA-256 of all that turns the run into a page and its metadata."""
        return versions.page()

    @property
    def warnings(self) -> tuple[tuple[str, str], ...]:
        """(table, line) for rows of its tables that look wrong without breaking the contract.

        Notes
        -----
        A page of counts with random errors tells none of them, nor what was left out.
        """
        return () if self.notebook.randomized else warned(self.tables)

    @property
    def left_out(self) -> tuple[tuple[str, str], ...]:
        """(table, sentence) for rows of its tables that stated rules have left out."""
        return () if self.notebook.randomized else left_out(self.tables)

    @property
    def departed(self) -> dict[str, Any]:
        """Sums about the people who stayed and those who left its tables, see `reachbook.privacy.sums`."""
        return {} if self.notebook.randomized else departed(self.tables)

    @property
    def home(self) -> Path:
        """`reports/<study>/<notebook>/`."""
        return report_paths.reports(self.file.root) / self.file.name / self.notebook.name

    @property
    def folder(self) -> Path:
        """Where the version is or will be."""
        return self.home / self.version

    @property
    def is_made(self) -> bool:
        """Whether the version has been published and is intact."""
        return self.folder.is_dir() and not integrity.flaw(self.folder)


def studies(root: Path, study: str | None) -> list[StudyFile]:
    """Load the given study, or all.

    Raises
    ------
    ParamsError
        Any study has a mistake, or there is none; it lists every mistake of every study.
    """
    return each(lambda name: files.load(root, name), _wanted(root, study))


def _wanted(root: Path, study: str | None) -> list[str]:
    wanted = [study] if study else files.names(root)
    if not wanted:
        raise ParamsError(tr("params: there is no study yet. Write params/<study>/study.yaml; params/demo shows how."))
    return wanted


@dataclass(frozen=True)
class Mistaken:
    """A study of which nothing can be planned.

    Attributes
    ----------
    file : StudyFile or None
        The study; None where its parameter files cannot be read.
    error : ReachbookError
        Its mistakes, one line each.
    """

    name: str
    file: StudyFile | None
    error: ReachbookError


def jobs(root: Path, study: str | None = None, notebook: str | None = None) -> list[Job]:
    """Plan the given study and notebook, or all, upstream first.

    Raises
    ------
    ParamsError, DataError
        The input has mistakes; it lists all of them, before anything runs.
    """
    planned, mistaken = plan(root, study, notebook)
    if mistaken:
        raise combined([each.error for each in mistaken])
    return planned


def plan(root: Path, study: str | None = None, notebook: str | None = None) -> tuple[list[Job], tuple[Mistaken, ...]]:
    """Plan as `jobs` does, but leave out studies with mistakes and return these beside the others' jobs.

    Raises
    ------
    ParamsError
        There is no study, or no study that can be read has the notebook.
    """
    planner, mistaken, known = Planner(root), list[Mistaken](), set[str]()
    studied: list[list[Job]] = []
    for name in _wanted(root, study):
        file = None
        try:
            file = files.load(root, name)
            known |= {book.name for book in file.notebooks}
            studied.append(planner.add(file))
        except ReachbookError as error:
            mistaken.append(Mistaken(name, file, error))
    if notebook and notebook not in known and all(each.file for each in mistaken):
        raise ParamsError(
            tr(
                "NOTEBOOK: no study here has a notebook {notebook!r}. Notebooks: {known}.",
                notebook=notebook,
                known=", ".join(sorted(known)),
            )
        )
    wanted = [job for each in studied for job in each if notebook in (None, job.notebook.name)]
    return _with_needs(list(planner.jobs.values()), wanted), tuple(mistaken)


class Planner:
    """Plans the reports of studies, each once, however many jobs read from it.

    Attributes
    ----------
    jobs : dict of str to Job
        Planned jobs by name, upstream first.
    """

    def __init__(self, root: Path) -> None:
        self.jobs: dict[str, Job] = {}
        self._root = root
        self._files: dict[str, StudyFile] = {}
        self._data: dict[str, Data] = {}

    def add(self, file: StudyFile, data: Data | None = None, refuse: bool = False) -> list[Job]:
        """Plan the reports of one study after those they read from, which may belong to other studies.

        Parameters
        ----------
        data : Data or None
            The study's tables, if the caller reads them too.
        refuse : bool
            Whether to run each notebook's preflight check as well.
        """
        with using(file.spec.language):
            return self._add(file, data, refuse)

    def _add(self, file: StudyFile, data: Data | None, refuse: bool) -> list[Job]:
        self._files[file.name] = file
        data = self._data.setdefault(file.name, Data(file) if data is None else data)
        read = dict.fromkeys(name for book in file.notebooks for name in file.tables_of(book) if name in set(data))
        each(lambda name: data[name], read)  # so that the mistakes of all tables are said at once
        each(lambda book: _fitting(file, book, data, refuse), file.notebooks)
        return each(lambda book: self._planned(file, book, ()), file.notebooks)

    def _planned(self, file: StudyFile, book: Notebook, waiting: tuple[str, ...]) -> Job:
        """Plan one job after those it needs.

        Parameters
        ----------
        waiting : tuple of str
            Names of the jobs that wait for this one.

        Raises
        ------
        ParamsError
            The job waits for itself.
        """
        name = f"{file.name}/{book.name}"
        if name in waiting:
            circle = ", ".join(sorted(waiting[waiting.index(name) :]))
            raise ParamsError(
                tr(
                    "notebooks: {circle} need each other in a circle. Take one name out of `needs`, or a "
                    "study out of `reads`.",
                    circle=circle,
                )
            )
        if name not in self.jobs:
            needs = tuple(self._planned(*each, (*waiting, name)) for each in self._upstream(file, book))
            self.jobs[name] = _job(file, book, self._data[file.name], needs)
        return self.jobs[name]

    def _upstream(self, file: StudyFile, book: Notebook) -> list[tuple[StudyFile, Notebook]]:
        """Notebooks that `book` reads: for each need the study's own, then that of each study under `reads:`."""
        if not book.needs:
            return []
        around = [file, *(self._file(name) for name in file.spec.reads)]
        return [(each, one) for need in book.needs for each in around for one in each.notebooks if one.name == need]

    def _file(self, name: str) -> StudyFile:
        if name not in self._files:
            self._files[name] = files.load(self._root, name)
            self._data[name] = Data(self._files[name])
        return self._files[name]


def _job(file: StudyFile, book: Notebook, data: Data, needs: tuple[Job, ...]) -> Job:
    tables = _read(file, book, data)
    named = {each.notebook.name if each.file.name == file.name else each.name: each for each in needs}
    upstream = {name: each.key for name, each in named.items()}
    published = {name: each.folder for name, each in named.items()}
    inputs = versions.inputs_of(file, book, tables, upstream)
    return Job(file, book, inputs, tables, tuple(each.name for each in needs), published)


def _with_needs(planned: list[Job], chosen: list[Job]) -> list[Job]:
    """The chosen jobs and all jobs that they read from, in the order of `planned`: upstream first."""
    by_name, wanted = {job.name: job for job in planned}, [job.name for job in chosen]
    for name in wanted:
        wanted += [need for need in by_name[name].needs if need not in wanted]
    return [job for job in planned if job.name in wanted]


def _read(file: StudyFile, book: Notebook, data: Data) -> dict[str, Checked]:
    """Select the tables that a notebook reads.

    Raises
    ------
    ParamsError
        The study has none of the tables in the notebook's `any_of`.
    """
    present = [name for name in file.tables_of(book) if name in set(data)]
    if book.any_of and not set(book.any_of) & set(present):
        place = file.document.place(("tables",)) or file.document.place(())
        raise ParamsError(
            f"{place}: "
            + tr(
                "{notebook} needs a table {needed}, which the study does not have. Describe one under `tables:`, or "
                "take {notebook} out of `notebooks:`.",
                notebook=book.name,
                needed=listing(book.any_of, "or"),
            )
        )
    return {name: data[name] for name in present}


def _fitting(file: StudyFile, book: Notebook, data: Data, refuse: bool) -> None:
    """Check a notebook's parameters against its tables and, with `refuse`, run its preflight check.

    Raises
    ------
    ParamsError
        Parameters contradict the tables; one line for each.
    """
    document = file.written.get(book.name, Document({}))
    tables = _read(file, book, data)
    paths = {name: table.path for name, table in tables.items()}
    lines = [
        f"{document.place(keys)}: {params.dotted(keys)} {why}"
        for keys, why in file.parameters[book.name].check_against(paths)
    ]
    if lines:
        raise ParamsError("\n".join(lines))
    if refuse:
        refusals.refuse(file, book, tables)


def each[A, B](do: Callable[[A], B], items: Iterable[A]) -> list[B]:
    """Apply `do` to each item and collect the mistakes of all before raising any.

    Raises
    ------
    ReachbookError
        Any item raised one; the first one's class, with the messages of all.
    """
    done: list[B] = []
    mistakes: list[ReachbookError] = []
    for item in items:
        try:
            done.append(do(item))
        except ReachbookError as error:
            mistakes.append(error)
    if mistakes:
        raise combined(mistakes)
    return done


def combined(mistakes: Sequence[ReachbookError]) -> ReachbookError:
    """One error of the first one's class, with the messages of all."""
    return type(mistakes[0])("\n".join(dict.fromkeys(str(each) for each in mistakes)))
