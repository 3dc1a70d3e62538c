"""The recorder that a notebook reports to: findings, gates, a decision, tables and figures."""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from reachbook import hashing
from reachbook.notebook import find, read
from reachbook.presentation import names, spreadsheets, svg
from reachbook.presentation.html_table import heading, html_table, label
from reachbook.presentation.numbers import number, spread, unbroken
from reachbook.presentation.section import Private, Section, Story
from reachbook.privacy import groups
from reachbook.result import PRIVATE, TONES, FigureEntry, Finding, Result, TableEntry, Tone, known
from reachbook.study import Study
from reachbook.translation import joined, prefer, tr, trn
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from reachbook.presentation.cards import Cards
    from reachbook.presentation.what_if import WhatIf

_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Shown:
    """Something that a notebook displays: HTML, with a plain-text alternative."""

    html: str
    text: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}


class Report:
    """Recorder of one run: under the engine it writes into the version being made, in JupyterLab into draft/.

    Notes
    -----
    In JupyterLab, where a person may run a cell again, the second use of an id replaces the first. Under the engine
    each cell runs once, so that an id used twice names two things and is an error: a check that passes must not
    overwrite one that fails.
    """

    def __init__(self, study: Study, notebook: str) -> None:
        self._currency = study.currency
        names.use(study.names)
        self._place, self._privacy = f"params/{study.name}/study.yaml", study.spec.privacy
        prefer(_package(study, notebook))
        self._once = study.output is not None
        folder = study.output or study.drafts / notebook / "draft"
        for kept in ("tables", PRIVATE):
            shutil.rmtree(folder / kept, ignore_errors=True)
        (folder / "tables").mkdir(parents=True)
        self._keep(Result(study.name, notebook, folder))
        for place, (table, line) in enumerate(study.warnings.get(notebook, ()), start=1):
            self.gate(f"rows_{place}_{table}", False, tr("Table {table}: {line}", table=table, line=line), level="warn")
        for place, (table, line) in enumerate(study.left_out.get(notebook, ()), start=1):
            self.gate(
                f"left_out_{place}_{table}", True, tr("Table {table}: {line}", table=table, line=line), level="warn"
            )
        if _consented(study, notebook):
            said = tr(
                "Results are for those who have consented. Who consents is no random sample of all people; the report "
                "on data quality says how they differ."
            )
            self.gate("consent", True, said, level="warn")

    @property
    def result(self) -> Result:
        """Everything recorded so far."""
        return self._result

    def finding(
        self,
        id: str,
        label: str,
        value: float | None,
        low: float | None = None,
        high: float | None = None,
        unit: str = "",
        reference: float | None = None,
        against: str = "",
        meaning: str = "",
    ) -> Shown:
        """Record a headline number.

        Parameters
        ----------
        value, low, high, reference : float or None
            In `unit` (see `reachbook.presentation.numbers.number`); None or NaN where it cannot be estimated.
        against : str
            What the reference is, such as "break-even".
        meaning : str
            What the number and its interval say, in about ten words.

        Raises
        ------
        ValueError
            The id is malformed or, under the engine, used twice; or `low` lies above `high`.
        """
        self._fresh(id, [each.id for each in self._result.findings])
        entry = Finding(id, label, known(value), known(low), known(high), unit, known(reference), against, meaning)
        if entry.low is not None and entry.high is not None and entry.low > entry.high:
            raise ValueError(f"finding {id!r}: low {low} lies above high {high}. Swap them.")
        self._keep(replace(self._result, findings=_with(self._result.findings, entry)))
        text = f"{label}: {finding_text(entry, self._currency)}"
        lines = [each for each in (text, meaning) if each]
        return Shown(f'<p class="finding">{"<br>".join(map(unbroken, lines))}</p>', "\n".join(lines))

    def gate(self, id: str, passed: bool, detail: str, level: Literal["block", "warn"] = "block") -> Shown:
        """Record a check that must pass before anyone acts ("block") or that is worth a warning ("warn").

        Raises
        ------
        ValueError
            The id is malformed or, under the engine, used twice; or the level is unknown.
        """
        self._fresh(id, [each.id for each in self._result.gates])
        if level not in ("block", "warn"):
            raise ValueError(f"gate {id!r}: level {level!r} is not known. Write 'block' or 'warn'.")
        entry = Gate(id, bool(passed), detail, level)
        self._keep(replace(self._result, gates=_with(self._result.gates, entry)))
        mark = "✓" if passed else ("✗" if level == "block" else "!")
        return Shown(
            f'<p class="gate-line {gate_class(entry)}"><b>{mark}</b> {unbroken(detail)}</p>', f"{mark} {detail}"
        )

    def summary(self, story: Story, gates: Iterable[Gate] = ()) -> Shown:
        """Record what stands at the top of the page: the decision with its figure, findings, gates and grounds.

        Parameters
        ----------
        gates : iterable of Gate
            Further gates, after the story's own.
        """
        kept = replace(self._result, level=story.level, level_reason=story.level_reason)
        self._keep(replace(kept, instructions=story.instructions))
        lead = [self.figure(*story.lead, lead=True)] if story.lead else []
        decision = [self.decision(story.decision, story.tone, story.grounds)]
        shown = [*decision, *lead, self.findings(story.findings), self.gates((*story.gates, *gates))]
        return _joined([*shown, *(self.note(ground) for ground in story.grounds)])

    def decision(self, text: str, tone: Tone | None = None, grounds: Iterable[str] = ()) -> Shown:
        """Record what to do; the last call counts.

        Parameters
        ----------
        text : str
            At most 40 words.
        grounds : iterable of str
            Sentences on what it rests on and assumes.
        tone : Tone or None
            "go" for going on or moving money, "care" for doing so with care, "stop" for stopping or taking money back,
            "longer" for running the test longer, "wait" for learning more first. It sets the colour of the decision;
            None leaves it without one.

        Raises
        ------
        ValueError
            The tone is unknown.
        """
        if tone not in (*TONES, None):
            raise ValueError(f"decision: tone {tone!r} is not known. Write 'go', 'care', 'stop', 'longer' or 'wait'.")
        self._keep(replace(self._result, decision=text.strip(), tone=tone, grounds=tuple(grounds)))
        return Shown(f'<p class="decided">{unbroken(text)}</p>', text)

    def table(
        self,
        id: str,
        frame: "pd.DataFrame",
        caption: str = "",
        units: dict[str, str] | None = None,
        download: bool = False,
        shown: "list[str] | None" = None,
        worded: tuple[str, ...] = (),
        verbatim: bool = False,
        named: tuple[str, ...] = (),
        private: Private = None,
        quoted: tuple[str, ...] = (),
        people: tuple[str, ...] = (),
        fold: bool = True,
        whole: bool = False,
    ) -> Shown:
        """Store a frame as `tables/<id>.parquet` and show its first rows; a private one is stored and not shown.

        Parameters
        ----------
        units : dict of str to str or None
            Unit in which each column's numbers are shown (see `reachbook.presentation.numbers.number`).
        download : bool
            Whether to store it as `tables/<id>.xlsx` and .csv too, and link to them.
        shown : list of str or None
            Columns on the page; the files hold all.
        worded : tuple of str
            Columns whose values are words of ours: stored in English, shown in the page's language.
        verbatim : bool
            Whether .xlsx and .csv keep names and words as stored, because something reads them; else they are in the
            page's language.
        named : tuple of str
            Columns that hold values of the study, such as platforms or brands: stored as in the data, shown by the
            names that readers know.
        private : "always", "shared" or None
            Whether its rows are single people or what they wrote, see `reachbook.presentation.section.Table`.
        quoted : tuple of str
            Columns with what people wrote, which a shared page and its files leave out.
        people : tuple of str
            Columns that count people, each row a group: a shared page leaves out the small ones, see
            `reachbook.privacy.groups.without_small_rows`, and says how many.
        fold : bool
            Whether to fold a long table.
        whole : bool
            Whether figures or sentences tell of every row, so that a small group cannot be left out here alone.

        Raises
        ------
        ParamsError
            The page is shared, and a group in the table has too few people, and it is `whole` or nothing is left.
        ValueError
            The id is malformed or, under the engine, used twice.
        """
        self._fresh(id, [each.id for each in self._result.tables])
        shared = self._privacy.audience == "shared"
        hidden = self._hides(private)
        if shared and not hidden:
            frame = frame.drop(columns=[each for each in quoted if each in frame])
        every = len(frame)
        if not hidden:
            frame = self._told(id, frame, people, whole)
        path = self._result.folder / (PRIVATE if hidden else "tables") / f"{id}.parquet"
        path.parent.mkdir(exist_ok=True)
        for old in path.parent.glob(f"{id}.*"):  # the first showing may have left a workbook, too
            old.unlink()
        frame = frame.rename(columns=str)  # Parquet knows no other names
        frame.to_parquet(path)
        entry = TableEntry(id, len(frame), tuple(map(str, frame.columns)), hashing.of_file(path), hidden, people)
        self._keep(replace(self._result, tables=_with(self._result.tables, entry)))
        told = _called(_told(frame, worded), named)
        file = frame if verbatim else told.rename(columns=heading)
        files = spreadsheets.write(file, path.parent, id) if download else ()
        if hidden:
            return self.note(_private(id, len(frame), files))
        seen = told if shown is None else told[[each for each in shown if each in told]]
        html = html_table(seen, id, caption, units or {}, self._currency, fold)
        lacking = groups.said_of_hidden(every - len(frame), self._privacy.minimum)
        said = [self.note(lacking)] if lacking else []
        return _joined([*said, Shown(html + _links(files), seen.to_string(max_rows=20))])

    def told(self, frame: "pd.DataFrame", people: tuple[str, ...]) -> "pd.DataFrame":
        """The groups of a frame that this page may tell, for figures and sentences; `table` leaves out the same.

        Parameters
        ----------
        people : tuple of str
            Columns that count people, each row a group.

        Raises
        ------
        ParamsError
            The page is shared, and no group may be told.
        """
        return self._told("groups", frame, people)

    def figure(self, id: str, figure: "Figure", alt: str, private: Private = None, lead: bool = False) -> Shown:
        """Show a Matplotlib figure as inline SVG.

        Parameters
        ----------
        alt : str
            What the figure shows, for readers who cannot see it; its first sentence is the caption.
        private : "always", "shared" or None
            Whether what it draws is of single people: such a figure is not shown, and a sentence says so.
        lead : bool
            Whether it stands beside the decision.

        Raises
        ------
        ValueError
            The id is malformed or, under the engine, used twice; or `alt` is empty.
        """
        self._fresh(id, [each.id for each in self._result.figures])
        if not alt.strip():
            raise ValueError(f"figure {id!r}: alt is empty. Say in one sentence what the figure shows.")
        if self._hides(private):
            return self.note(tr("Figure {name} is about single people. It is on no shared page.", name=label(id)))
        self._keep(replace(self._result, figures=_with(self._result.figures, FigureEntry(id, alt, lead))))
        drawing, caption = svg.inline(figure, id, alt), svg.escape(first_sentence(alt))
        inner = f'<div class="drawing">{drawing}</div><figcaption>{caption}</figcaption>'
        return Shown(f'<figure id="figure-{id}">{inner}</figure>', alt)

    def findings(self, findings: Iterable[Finding]) -> Shown:
        """Record several findings, see `finding`."""
        return _joined([self.finding(**vars(each)) for each in findings])

    def gates(self, gates: Iterable[Gate]) -> Shown:
        """Record several gates, see `gate`."""
        return _joined([self.gate(**vars(each)) for each in gates])

    def section(self, section: Section) -> Shown:
        """Show a section: its note, cards, figures, tables; below a figure a table folds, one to take along stays.

        Raises
        ------
        ParamsError
            The page is shared, and a table has a small group: figures and sentences of a section would tell it, too.
        """
        notes = [self.note(section.note)] if section.note else []
        decks = [self.cards(each) for each in section.cards]
        figures = [self.figure(*each) for each in section.figures]
        below = [each for each in section.tables if section.figures and not each.download]
        data = [self.table(*each, fold=False, whole=True) for each in below]
        folded = [_folded(_joined(data), [each.id for each in below])] if data else []
        others = [self.table(*each, whole=True) for each in section.tables if not section.figures or each.download]
        boxes = [self.what_if(each) for each in section.what_ifs]
        return _joined([*notes, *decks, *figures, *boxes, *folded, *others])

    def cards(self, deck: "Cards") -> Shown:
        """Show cards of which a reader may choose one; nothing is recorded."""
        from reachbook.presentation import cards

        return Shown(cards.html(deck, self._currency), cards.text(deck))

    def what_if(self, box: "WhatIf") -> Shown:
        """Show sliders over stored draws; nothing is recorded."""
        from reachbook.presentation import what_if

        said = what_if.shown(box, box.answer({each.name: each.value for each in box.sliders}), self._currency)
        return Shown(what_if.html(box, self._currency), ", ".join(said.values()))

    def note(self, text: str) -> Shown:
        """Show a sentence made from the results; nothing is recorded."""
        return Shown(f'<p class="note">{unbroken(text)}</p>', text)

    def _keep(self, result: Result) -> None:
        self._result = result
        result.write()

    def _told(self, id: str, frame: "pd.DataFrame", people: tuple[str, ...], whole: bool = False) -> "pd.DataFrame":
        if self._privacy.audience != "shared":
            return frame
        told = None if whole else groups.without_small_rows(frame, people, self._privacy.minimum)
        if told is None:
            groups.refuse_small(id, frame, people, self._privacy.minimum, self._place)
        return frame if told is None else told

    def _hides(self, private: Private) -> bool:
        """Whether what is so private is left out of this page."""
        return private == "always" or (private == "shared" and self._privacy.audience == "shared")

    def _fresh(self, id: str, used: list[str]) -> None:
        if not _ID.fullmatch(id):
            raise ValueError(f"id {id!r} is malformed. Use small letters, digits and _, beginning with a letter.")
        if id in used and self._once:
            raise ValueError(f"id {id!r} is used twice in this report. Give each its own.")


def _consented(study: Study, notebook: str) -> bool:
    """Whether to say that results are for those who have consented: where anybody left for want of it, and on a page
    with random errors wherever consent is asked, for whether one person withheld it is nobody's business.
    """
    if study.spec.privacy.epsilon is not None:
        return study.spec.privacy.basis == "consent"
    return any("no_consent" in groups for groups in study.departed.get(notebook, {}).values())


def _package(study: Study, notebook: str) -> str:
    """The package whose words a notebook uses, by its metadata; "" where it names none."""
    spec = read(study.root, notebook).spec if notebook in find(study.root) else ""
    return spec.split(".")[1] if spec.startswith("reachbook.") else ""


def _joined(shown: list[Shown]) -> Shown:
    return Shown("\n".join(each.html for each in shown), "\n".join(each.text for each in shown))


def _folded(tables: Shown, ids: list[str]) -> Shown:
    """The tables behind a figure, to be opened."""
    summary = tr("Data: {tables}", tables=joined(map(label, ids)))
    return Shown(f'<details class="data"><summary>{svg.escape(summary)}</summary>{tables.html}</details>', tables.text)


def _told(frame: "pd.DataFrame", worded: tuple[str, ...]) -> "pd.DataFrame":
    """The frame with our own words in the page's language."""
    there = [column for column in worded if column in frame]
    return frame.assign(**{each: frame[each].map(lambda word: tr(str(word)), na_action="ignore") for each in there})


def _called(frame: "pd.DataFrame", named: tuple[str, ...]) -> "pd.DataFrame":
    """The frame with values by the names that readers know; a cell may hold several, with commas between."""

    def called(cell: object) -> str:
        return joined(map(names.named, str(cell).split(", ")))

    there = [column for column in named if column in frame]
    return frame.assign(**{each: frame[each].map(called, na_action="ignore") for each in there})


def _with[E: Finding | Gate | TableEntry | FigureEntry](entries: tuple[E, ...], entry: E) -> tuple[E, ...]:
    """Return `entries` with `entry` appended, or in place of the entry with the same id."""
    if entry.id not in [each.id for each in entries]:
        return (*entries, entry)
    return tuple(entry if each.id == entry.id else each for each in entries)


def finding_text(finding: Finding, currency: str) -> str:
    """Format value and interval as shown to the reader."""
    if finding.value is None:
        return tr("we cannot tell")
    if finding.unit == "count" and finding.value == 0 and finding.low is None:
        return tr("none")
    if finding.low is None or finding.high is None:
        return number(finding.value, finding.unit, currency)
    low, middle, high = spread(finding.low, finding.value, finding.high, finding.unit, currency)
    return f"{middle} [{low}, {high}]"


def _links(files: "tuple[Path, ...]") -> str:
    """HTML links from the report to the downloadable files of a table."""
    shown = [f'<a href="tables/{each.name}" download>{each.name}</a>' for each in reversed(files)]
    return f'<p class="caption">{tr("To work on: {files}", files=joined(shown))}</p>' if shown else ""


def _private(id: str, rows: int, files: "tuple[Path, ...]") -> str:
    """What a page says of a table that is not on it."""
    named = [f"{PRIVATE}/{each.name}" for each in reversed(files)] or [f"{PRIVATE}/{id}.parquet"]
    return trn(
        "Table {name} has {n} row about single people or what they wrote. It is on no page and in no bundle; in the "
        "folder of this version: {files}.",
        "Table {name} has {n} rows about single people or what they wrote. It is on no page and in no bundle; in the "
        "folder of this version: {files}.",
        rows,
        name=label(id),
        files=joined(named),
    )


def first_sentence(text: str) -> str:
    """The first sentence of a text in either language."""
    return re.split(r"(?<=[。！？])|(?<=[.!?])\s", text.strip(), maxsplit=1)[0]


def gate_class(gate: Gate) -> str:
    """CSS class of a gate: ok, warn or fail."""
    return "ok" if gate.passed else ("warn" if gate.level == "warn" else "fail")
