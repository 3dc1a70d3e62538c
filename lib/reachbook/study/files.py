"""Load `params/<study>/`: a study and its notebooks' parameters, before anything is run."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from reachbook import notebook, params, yaml_typos
from reachbook.errors import ParamsError
from reachbook.notebook import Notebook
from reachbook.params import Document
from reachbook.spec import Spec
from reachbook.study import randomized
from reachbook.study.spec import StudySpec
from reachbook.translation import LANGUAGES, language, sentences, tr, using

_NAME = re.compile(r"\w[\w-]*")
_LONGEST_CHAIN = 20


@dataclass(frozen=True)
class StudyFile:
    """A study as its files describe it.

    Attributes
    ----------
    spec : StudySpec
        `params/<study>/study.yaml`, merged with what it extends.
    notebooks : tuple of Notebook
        Notebooks that it lists, in its order.
    parameters : dict of str to Spec
        Typed parameters by notebook name.
    document : Document
        study.yaml with its line numbers, for messages.
    written : dict of str to Document
        Each notebook's parameter file with its line numbers, by notebook name.
    lineage : tuple of str
        The study and those that it extends, the most distant first.
    """

    name: str
    root: Path
    spec: StudySpec
    notebooks: tuple[Notebook, ...]
    parameters: dict[str, Spec]
    document: Document
    written: dict[str, Document] = field(default_factory=dict)
    lineage: tuple[str, ...] = ()

    def tables_of(self, book: Notebook) -> tuple[str, ...]:
        """Tables that a notebook may read here: those of its metadata, or of these the ones that others here use.

        Notes
        -----
        Where no other notebook uses any, all count, so that a page on the data alone is about all data.
        """
        if not book.of_others:
            return book.tables
        used = {name for each in self.notebooks if not each.of_others for name in self._used(each)}
        return tuple(name for name in book.tables if name in used) or book.tables

    def _used(self, book: Notebook) -> list[str]:
        return [name for name in book.tables if self.parameters[book.name].uses(name)]


def names(root: Path) -> list[str]:
    """Studies of a project, in alphabetical order."""
    return sorted(path.parent.name for path in (root / "params").glob("*/study.yaml"))


def lineage(root: Path, name: str) -> tuple[str, ...]:
    """A study and those that it extends, the most distant first; the study alone where its files are no longer there.

    Raises
    ------
    ParamsError
        A study in between cannot be read.
    """
    if not (root / "params" / name / "study.yaml").is_file():
        return (name,)
    return tuple(_chain(root, name))


def is_study_name(name: str) -> bool:
    """Whether a study may have this name."""
    return bool(_NAME.fullmatch(name))


def load(root: Path, name: str) -> StudyFile:
    """Read and validate `params/<name>/`.

    Raises
    ------
    ParamsError
        The files have mistakes; one `file:line: what. Remedy.` for each.
    """
    chain = _chain(root, name)
    document = _merged(root, chain, "study.yaml")
    stated = document.values.get("language")
    with using(stated if stated in LANGUAGES else language()):
        return _validated(root, name, chain, document)


def _validated(root: Path, name: str, chain: list[str], document: Document) -> StudyFile:
    spec = params.validated(document, StudySpec)
    notebooks = tuple(_notebook(root, document, i, each) for i, each in enumerate(spec.notebooks))
    randomized.refuse(spec, notebooks, document)
    _refuse_strays(root, chain)
    _refuse_unreadable(root, name, spec, document)
    written = {book.name: _merged(root, chain, f"{book.name}.yaml") for book in notebooks}
    parameters = {book.name: params.validated(written[book.name], book.schema()) for book in notebooks}
    return StudyFile(name, root, spec, notebooks, parameters, document, written, tuple(chain))


def _notebook(root: Path, document: Document, index: int, name: str) -> Notebook:
    try:
        return notebook.read(root, name)
    except ParamsError as error:
        raise ParamsError(
            f"{document.place(('notebooks', index))}: " + sentences(str(error), yaml_typos.hint(name))
        ) from error


def _merged(root: Path, chain: list[str], file: str) -> Document:
    document = Document({}, {(): f"params/{chain[-1]}/{file}:1"})
    for study in chain:
        path = root / "params" / study / file
        if path.exists():
            document = params.merge(document, params.read_yaml(path, f"params/{study}/{file}"))
    return document


def _chain(root: Path, name: str) -> list[str]:
    """The study and those it extends, from the most distant ancestor to `name`."""
    chain, place = [name], "STUDY"
    while True:
        file = _study_file(root, chain[0], place)
        document = params.read_yaml(file, f"params/{chain[0]}/study.yaml")
        parent, place = document.values.get("extends"), document.place(("extends",))
        if parent is None:
            return chain
        if parent in chain or len(chain) > _LONGEST_CHAIN:
            raise ParamsError(
                f"{place}: "
                + tr("extends {parent!r} leads back to itself. Remove one of the `extends` lines.", parent=parent)
            )
        chain.insert(0, parent)


def _study_file(root: Path, name: object, place: str) -> Path:
    if not isinstance(name, str) or not is_study_name(name):
        raise ParamsError(
            f"{place}: "
            + tr("{name!r} is not a study name. Use letters, digits, _ and -, as in acme_2026-10.", name=name)
        )
    file = root / "params" / name / "study.yaml"
    if not file.is_file():
        known = ", ".join(names(root)) or tr("none")
        raise ParamsError(
            f"{place}: "
            + tr(
                "there is no study {name!r} (params/{name}/study.yaml). Studies here: {known}.", name=name, known=known
            )
        )
    return file


def _refuse_unreadable(root: Path, name: str, spec: StudySpec, document: Document) -> None:
    """Check that `reads` names other studies only; a study reads its own results anyway."""
    for index, other in enumerate(spec.reads):
        place = document.place(("reads", index))
        _study_file(root, other, place)
        if other == name:
            raise ParamsError(
                f"{place}: "
                + tr(
                    "reads names {other}, and study {other} would read itself. Take it out here, or, where "
                    "`extends` took it over, write `reads: []` in params/{other}/study.yaml.",
                    other=other,
                )
            )


def _refuse_strays(root: Path, chain: list[str]) -> None:
    """Raise for a parameter file that no notebook reads: its name is probably misspelt."""
    known = {"study", *notebook.find(root)}
    for path in sorted((root / "params" / chain[-1]).glob("*.y*ml")):
        if path.stem not in known or path.suffix != ".yaml":
            listed = ", ".join(f"{each}.yaml" for each in sorted(known))
            raise ParamsError(
                f"params/{chain[-1]}/{path.name}:1: "
                + tr("no notebook has this name. Rename it to one of {names}.", names=listed)
            )
