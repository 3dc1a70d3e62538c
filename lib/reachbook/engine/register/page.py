"""The register of processing as a page, `reports/<study>/privacy.html`."""

from collections.abc import Iterator
from pathlib import Path

from reachbook import atomic, report_paths
from reachbook.engine import kept
from reachbook.engine.page.document import document
from reachbook.engine.register.columns import ROLES
from reachbook.engine.register.register import PersonalTable, Register, register
from reachbook.errors import ReachbookError
from reachbook.study import files
from reachbook.translation import mark, sentences, tr, trn, using

TEMPLATES = Path(__file__).parent / "templates"
BASES = {
    "consent": mark("consent: everybody else is left out"),
    "contract": mark("a contract with the person"),
    "legal_duty": mark("a duty by law"),
    "published": mark("what the person has published"),
}
"""What the page calls each basis."""
AUDIENCES = {"internal": mark("people inside the house"), "shared": mark("people outside, too")}
"""What the page calls each audience."""


def write(root: Path, study: str) -> tuple[Path, tuple[str, ...]]:
    """Write the register of a study, in its language; the file is written only if it changes.

    Returns
    -------
    Path
        The page.
    tuple of str
        What the study does not state, with the remedy.

    Raises
    ------
    ReachbookError
        See `reachbook.engine.register.register.register`.

    Notes
    -----
    No clock enters: equal parameters, tables, versions and records give equal bytes.
    """
    with using(files.load(root, study).spec.language):
        found = register(root, study)
        text = _page(found)
    path = report_paths.register(root, study)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_text(path, text)
    return path, found.gaps


def refresh(root: Path) -> Iterator[str]:
    """Write each register that there is anew; one that cannot be written is removed, for it may no longer hold.

    Yields
    ------
    str
        One line for each that was removed, with the reason.
    """
    for path in report_paths.registers(root):
        try:
            write(root, path.parent.name)
        except ReachbookError as error:
            path.unlink()
            shown = path.relative_to(root).as_posix()
            yield tr("warning   {page} was removed, since it cannot be written anew: {error}", page=shown, error=error)


def _page(found: Register) -> str:
    spec, privacy = found.file.spec, found.privacy
    notice = spec.notice or (tr("Simulated data: nothing here is real.") if found.simulated else "")
    return document(
        TEMPLATES,
        "register",
        title=spec.title,
        notice=notice,
        gaps=found.gaps,
        stated=[
            (tr("Purpose"), privacy.purpose or tr("not stated")),
            (tr("Basis"), tr(BASES[privacy.basis]) if privacy.basis else tr("not stated")),
            (tr("Kept"), _kept(privacy.keep_days)),
            (tr("Who may see the pages"), tr(AUDIENCES[privacy.audience])),
            (tr("Small groups"), _small(privacy.audience, privacy.minimum)),
            (tr("Texts"), _texts()),
        ],
        tables=[(table, [(tr(ROLES[role]), names) for role, names in table.columns.items()]) for table in found.tables],
        counted=_counted,
        others=found.others,
        left=[(table.name, table.left) for table in found.tables if table.left],
        versions=found.versions,
        audiences=AUDIENCES,
        impersonal=found.impersonal,
        unreadable=found.unreadable,
        leftovers=found.leftovers,
        withdrawn={name: kept.withdrawn(day) for name, day in found.withdrawn.items()},
        forgotten=found.forgotten,
        erased=found.erased,
    )


def _counted(table: PersonalTable) -> str:
    rows = trn("{n} row", "{n} rows", table.rows)
    people = "" if table.people is None else trn("{n} person", "{n} people", table.people)
    return f"{rows} · {people}" if people else rows


def _kept(days: int | None) -> str:
    if days is None:
        return tr("no limit is stated")
    return trn(
        "{n} day after a version was made; `make prune` removes it then",
        "{n} days after a version was made; `make prune` removes it then",
        days,
    )


def _small(audience: str, minimum: int) -> str:
    alone = tr("Rows about single people are on no page; they lie under private/ in a version's folder.")
    if audience == "shared":
        return sentences(tr("A page that counts a group of fewer than {n} people is refused.", n=minimum), alone)
    return sentences(tr("Pages show groups of any size."), alone)


def _texts() -> str:
    return sentences(
        tr(
            "In what a page or a published table quotes, phone numbers, ids, cards, orders, e-mails, WeChat names, "
            "addresses and people's names are masked where the rules recognise them, as by [phone]."
        ),
        tr("Tables under .cache/ keep each text as it was written."),
    )
