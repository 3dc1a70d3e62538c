"""The study, from which every notebook starts."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import to_jsonable_python

from reachbook.errors import ParamsError
from reachbook.result import Result
from reachbook.spec import Spec
from reachbook.study.randomized import no_epsilon
from reachbook.study.spec import StudySpec
from reachbook.translation import tr, use

if TYPE_CHECKING:
    import pandas as pd

RUN = "REACHBOOK_RUN"
"""Environment variable of a kernel under the engine: the file that says what its run reads and where it writes."""


@dataclass(frozen=True)
class Study:
    """One brand over one period.

    Attributes
    ----------
    tables : mapping of str to Path
        Parquet file that satisfies the table's contract, by table name; only tables that the study has.
    published : mapping of str to Path
        Folder of the version whose results may be read, by notebook, or by `"<study>/<notebook>"` for another study
        listed under `reads:`.
    drafts : Path
        Folder under which notebooks write when no engine runs them.
    output : Path or None
        Folder that the engine set for this run, or None.
    root : Path
        Folder of the project.
    warnings : mapping of str to tuple of tuple of (str, str)
        (table, what about its rows looks wrong without breaking the contract), by notebook.
    left_out : mapping of str to tuple of tuple of (str, str)
        (table, which of its rows stated rules have left out), by notebook.
    departed : mapping of str to mapping
        Sums about the people who stayed and those who left, by table that people have left, by notebook; see
        `reachbook.privacy.sums`.
    """

    name: str
    spec: StudySpec
    tables: Mapping[str, Path]
    published: Mapping[str, Path]
    drafts: Path
    output: Path | None = None
    root: Path = Path()
    _parameters: Mapping[str, Spec] | None = None
    warnings: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    left_out: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    departed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    _read: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, name: str) -> "Study":
        """Load `params/<name>/`, searching upward from the working folder; under the engine, exactly what it resolved.

        From then on this process writes the study's language.

        Raises
        ------
        ParamsError, DataError
            The study has mistakes; each with place and remedy.
        """
        run = os.environ.get(RUN)
        study = _from_run(Path(run)) if run else _from_params(find_root(Path.cwd()), name)
        use(study.spec.language)
        return study

    @property
    def start(self) -> date:
        """First day of the period."""
        return self.spec.period.start

    @property
    def end(self) -> date:
        """Last day of the period."""
        return self.spec.period.end

    @property
    def currency(self) -> str:
        """Three-letter code of the currency of all money."""
        return self.spec.currency

    @property
    def seed(self) -> int:
        """Seed of all random numbers."""
        return self.spec.seed

    def params(self, notebook: str, cell: Mapping[str, Any]) -> Any:
        """Return the typed parameters of `notebook`.

        Parameters
        ----------
        cell : mapping
            The notebook's globals(). A value there that differs from the schema's default overrides the study's YAML,
            so that an analyst can try a value in JupyterLab.

        Raises
        ------
        ParamsError
            The notebook is not listed in study.yaml, or a value has the wrong type or is out of range.
        """
        base = (self._parameters or {}).get(notebook)
        if base is None:
            raise ParamsError(
                f"params/{self.name}/study.yaml: "
                + tr("notebook {notebook!r} is not listed under `notebooks:`. Add it there.", notebook=notebook)
            )
        return overruled(base, cell)

    def table(self, name: str) -> "pd.DataFrame":
        """Read a table as a frame, as its contract describes it, with money as float64.

        Raises
        ------
        ParamsError
            The study has no such table.
        """
        import pandas as pd

        if name not in self.tables:
            listed = ", ".join(self.tables) or tr("none")
            raise ParamsError(
                f"params/{self.name}/study.yaml: "
                + tr("table {name!r} is not there. Tables here: {listed}.", name=name, listed=listed)
            )
        frame = pd.read_parquet(self.tables[name])
        money = [column for column in frame if str(frame[column].dtype) == "object" and _is_decimal(frame[column])]
        return frame.astype(dict.fromkeys(money, float))

    def tables_of(self, notebook: str) -> dict[str, Path]:
        """Files of the tables that `notebook` reads, by its metadata and its parameters."""
        from reachbook.notebook import read

        named = self._read[notebook] if notebook in self._read else read(self.root, notebook).tables
        spec = (self._parameters or {}).get(notebook)
        return {name: self.tables[name] for name in named if name in self.tables and (not spec or spec.uses(name))}

    def noted(self, notebook: str) -> tuple[Any, Any, Any]:
        """What reading the tables of a notebook noted: its `warnings`, `left_out` and `departed`."""
        return self.warnings.get(notebook, ()), self.left_out.get(notebook, ()), self.departed.get(notebook, {})

    def truth(self, name: str) -> "pd.DataFrame | None":
        """The simulated truth (table `truth_<name>`), or None for real data."""
        return self.table(f"truth_{name}") if f"truth_{name}" in self.tables else None

    @property
    def minimum(self) -> int:
        """Fewest people of a group that a page tells."""
        return self.spec.privacy.minimum

    @property
    def fewest(self) -> int:
        """Fewest people of any group that is told: `minimum` on shared pages, one on internal ones."""
        return self.minimum if self.shared else 1

    @property
    def shared(self) -> bool:
        """Whether pages are for a shared audience."""
        return self.spec.privacy.audience == "shared"

    @property
    def epsilon(self) -> float:
        """What a version may give away about one person.

        Raises
        ------
        ParamsError
            study.yaml does not state it.
        """
        if self.spec.privacy.epsilon is None:
            raise ParamsError(f"params/{self.name}/study.yaml: " + no_epsilon())
        return self.spec.privacy.epsilon

    @property
    def names(self) -> dict[str, str]:
        """Name to show for each value of the tables that has one, channels among them."""
        return {**self.spec.names, **self.spec.channels}

    @property
    def cache(self) -> Path:
        """Folder for files that can be generated again, such as trained models."""
        return self.root / ".cache"

    def version(self, notebook: str, name: str) -> Result | None:
        """Read an earlier version's result.

        Parameters
        ----------
        name : str
            `"<study>/<version>"`; "" for none. A version never changes, so its name alone is an input.

        Returns
        -------
        Result or None
            None for an empty `name`.

        Raises
        ------
        ParamsError
            There is no such version.
        """
        if not name:
            return None
        try:
            return Result.read(version_folder(self.root, notebook, name))
        except ParamsError as error:
            raise ParamsError(f"params/{self.name}/{notebook}.yaml: {error}") from error

    def result(self, notebook: str) -> Result | None:
        """Read the result that another notebook published for this study, or None."""
        return Result.read(self.published[notebook]) if notebook in self.published else None

    def results(self, notebook: str) -> tuple[Result, ...]:
        """Read the results of `notebook` for this study, then for those under `reads:` in alphabetical order."""
        others = sorted(name for name in self.published if name.endswith(f"/{notebook}"))
        return tuple(Result.read(self.published[name]) for name in (notebook, *others) if name in self.published)


def version_folder(root: Path, notebook: str, name: str) -> Path:
    """Folder of a published version of `notebook`, `name` being `"<study>/<version>"`.

    Raises
    ------
    ParamsError
        There is no such version.
    """
    study, _, version = name.partition("/")
    folder = root / "reports" / study / notebook / version
    if not (folder / "result.json").is_file():
        raise ParamsError(
            tr(
                "there is no version {name!r} of {notebook}. reports/index.html lists the versions; write "
                "<study>/<version>.",
                name=name,
                notebook=notebook,
            )
        )
    return folder


def overruled(base: Spec, cell: Mapping[str, Any]) -> Any:
    """Override `base` with every value of `cell` that differs from its schema's default.

    Raises
    ------
    ParamsError
        A value has the wrong type or is out of range.
    """
    from reachbook.params import Document, validated

    schema, values = type(base), base.model_dump(mode="json")
    defaults = schema().model_dump(mode="json")
    given = {name: to_jsonable_python(cell[name]) for name in defaults if name in cell}
    changed = {name: value for name, value in given.items() if value != defaults[name]}
    return validated(Document({**values, **changed}, {(): "parameters cell"}), schema)


def find_root(folder: Path) -> Path:
    """Find the project around `folder`: the nearest folder upward that has params/ and notebooks/.

    Raises
    ------
    ParamsError
        There is none.
    """
    for each in (folder, *folder.parents):
        if (each / "params").is_dir() and (each / "notebooks").is_dir():
            return each
    raise ParamsError(
        f"{folder}: " + tr("not inside a Reachbook project. Change to the folder that holds params/ and notebooks/.")
    )


def _is_decimal(column: "pd.Series[Any]") -> bool:
    first = column.first_valid_index()
    return first is not None and type(column[first]).__name__ == "Decimal"


def _from_run(path: Path) -> Study:
    from reachbook.notebook import read

    run = json.loads(path.read_text(encoding="utf-8"))
    schema = read(Path(run["root"]), run["notebook"]).schema()
    parameters = {run["notebook"]: schema.model_validate_json(json.dumps(run["parameters"]))}
    return Study(
        name=run["study"],
        spec=StudySpec.model_validate_json(json.dumps(run["spec"])),
        tables={name: Path(table) for name, table in run["tables"].items()},
        published={name: Path(folder) for name, folder in run["published"].items()},
        drafts=Path(run["output"]),
        output=Path(run["output"]),
        root=Path(run["root"]),
        _parameters=parameters,
        warnings={run["notebook"]: tuple((table, line) for table, line in run["warnings"])},
        left_out={run["notebook"]: tuple((table, line) for table, line in run["left_out"])},
        departed={run["notebook"]: run["departed"]},
    )


def _from_params(root: Path, name: str) -> Study:
    from reachbook.report_paths import published
    from reachbook.study.data import Data, departed, left_out, warned
    from reachbook.study.files import load

    file = load(root, name)
    wanted = {table for book in file.notebooks for table in file.tables_of(book)}
    data = Data(file)
    told = [book for book in file.notebooks if not book.randomized]
    read = {book.name: {name: data[name] for name in file.tables_of(book) if name in data} for book in told}
    return Study(
        name=name,
        spec=file.spec,
        tables={table: data[table].path for table in data if table in wanted},
        published=published(root, name, file.spec.reads),
        drafts=root / "reports" / name,
        root=root,
        _parameters=file.parameters,
        warnings={book: warned(tables) for book, tables in read.items()},
        left_out={book: left_out(tables) for book, tables in read.items()},
        departed={book: departed(tables) for book, tables in read.items()},
        _read={book.name: file.tables_of(book) for book in file.notebooks},
    )
