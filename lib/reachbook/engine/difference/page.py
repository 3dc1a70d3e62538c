"""The comparison of two versions as a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reachbook import atomic
from reachbook.engine.archive import review
from reachbook.engine.difference import figures, noise, place, published
from reachbook.engine.difference.noise import FindingChange
from reachbook.engine.difference.published import PublishedChange
from reachbook.engine.kept import KeptVersion
from reachbook.engine.page import compare
from reachbook.engine.page.document import document
from reachbook.engine.page.wording import VERDICTS, verdict_words
from reachbook.errors import RunError
from reachbook.presentation.numbers import number, unbroken
from reachbook.report import finding_text
from reachbook.translation import listing, mark, sentences, tr, trn, using

TEMPLATES = Path(__file__).parent / "templates"
MOST_NAMES = 20
"""Keys of rows that came or went that are named one by one."""
CALLS = {
    "more": mark("more than noise"),
    "noise": mark("within noise"),
    "method": mark("same data: the method moved it"),
    "same": mark("no change"),
    "unknown": mark("cannot be judged: no interval in both"),
    "new": mark("new finding"),
    "gone": mark("no longer a finding"),
}
"""What the page says of each finding's change."""
_TONES = {"act": "act", "do not act": "stop", "no decision": ""}


@dataclass(frozen=True)
class ComparedVersion:
    """One of the two versions, as the page heads it."""

    name: str
    study: str
    href: str
    made: str
    data: str
    tone: str
    verdict: str
    decision: Markup
    reviewed: str


@dataclass(frozen=True)
class ShownChange:
    """A finding's change as a row: label, before, after, difference and what it is called."""

    label: str
    before: Markup
    after: Markup
    difference: str
    call: str
    said: str


@dataclass(frozen=True)
class GateTurn:
    """A check that holds in one version and not in the other, or that only one has."""

    detail: Markup
    tone: str
    said: str


def write(before: KeptVersion, after: KeptVersion) -> Path:
    """Write the page that compares two versions, in the newer one's language, and return its path.

    Raises
    ------
    RunError
        A published table of either is damaged, or one is for a shared audience and the other is not.
    """
    if before.audience != after.audience:
        raise RunError(
            tr(
                "A, B: one of {before} and {after} is for a shared audience, the other internal, so that a comparison "
                "would show what the shared one hides. Compare two versions of one audience.",
                before=before.name,
                after=after.name,
            )
        )
    path = place.path(before.folder, after.folder)
    with using(after.language):
        atomic.write_text(path, _page(before, after))
    return path


def _page(before: KeptVersion, after: KeptVersion) -> str:
    known = noise.ground(before, after)
    changes = noise.calls(before.result.findings, after.result.findings, known)
    shown, same = figures.pairs(before, after)
    old, new = before.inputs, after.inputs
    question = str(new["notebook"]["title"])
    return document(
        TEMPLATES,
        "diff",
        title=tr(question),
        sides=(_side(before, after), _side(after, after)),
        turned=_turned(before, after),
        findings=[_finding(each, before.currency, after.currency) for each in changes],
        rule=_rule(changes, known, old, new),
        gates=list(_gates(before, after)),
        parameters=[*_lines(old, new, "study"), *_lines(old, new, "parameters")],
        inputs=[*(compare.table(*each) for each in compare.changes(old, new, "tables")), *_upstream(old, new)],
        tables=[_table(each) for each in published.changes(before.result, after.result)],
        code=_code(before, after),
        figures=shown,
        same_figures=trn("{n} figure is the same.", "{n} figures are the same.", same) if same else "",
    )


def _side(version: KeptVersion, seen_from: KeptVersion) -> ComparedVersion:
    reports = seen_from.home.parents[1]
    period = version.inputs["study"]["period"]
    return ComparedVersion(
        name=version.name,
        study=str(version.inputs["study"]["title"]),
        href=f"../../../{version.folder.relative_to(reports).as_posix()}/report.html",
        made=version.finished[:16].replace("T", " ") + " UTC",
        data=f"{period['start']} – {period['end']}",
        tone=_TONES[version.result.verdict],
        verdict=verdict_words(version.result),
        decision=Markup(unbroken(version.result.decision)),
        reviewed=_reviewed(version),
    )


def _reviewed(version: KeptVersion) -> str:
    try:
        said = review.latest(version.folder)
    except RunError:
        return tr("its reviews cannot be read")
    return review.line(said) if said else tr("not reviewed")


def _turned(before: KeptVersion, after: KeptVersion) -> str:
    old, new = before.result.verdict, after.result.verdict
    if old == new:
        return ""
    return tr("The verdict has turned: before “{old}”, now “{new}”.", old=tr(VERDICTS[old]), new=tr(VERDICTS[new]))


def _finding(each: FindingChange, was: str, now: str) -> ShownChange:
    old, new = each.before, each.after
    shown = new or old
    return ShownChange(
        label=shown.label if shown else "",
        before=Markup(unbroken(finding_text(old, was))) if old else Markup("–"),
        after=Markup(unbroken(finding_text(new, now))) if new else Markup("–"),
        difference=compare.difference(old, new, now) if old and new and was == now else "",
        call=each.call,
        said=tr(CALLS[each.call]),
    )


def _rule(changes: list[FindingChange], known: noise.Ground, old: dict[str, Any], new: dict[str, Any]) -> str:
    """How changes are judged, and how often wrongly."""
    if known.same_data:
        return tr("Both versions read the same data: what differs comes from parameters, code or packages, not chance.")
    count = sum(each.call in ("more", "noise") for each in changes)
    if not count:
        return tr("No finding has an interval in both versions, so that no change can be held against noise.")
    rule = trn(
        "A change is more than noise where it exceeds {limit:.1f} standard errors of a difference between unrelated "
        "samples. Where nothing has changed, this is said wrongly in at most {rate:.0%} of comparisons.",
        "A change is more than noise where it exceeds {limit:.1f} standard errors of a difference between unrelated "
        "samples. Where nothing has changed, this is said wrongly of any of the {n} findings in at most {rate:.0%} of "
        "comparisons.",
        count,
        limit=noise.critical(count),
        rate=noise.RATE,
    )
    shared = tr(
        "The periods overlap and may share rows: errors are rarer than that, and a small change may pass as noise."
    )
    method = tr("Parameters, code or packages changed as well, and a change may come from them.")
    changed = any(old.get(part) != new.get(part) for part in ("parameters", "modules", "notebook", "lock", "python"))
    return sentences(rule, shared if known.overlap else "", method if changed else "")


def _gates(before: KeptVersion, after: KeptVersion) -> Iterator[GateTurn]:
    old, new = ({gate.id: gate for gate in each.result.gates} for each in (before, after))
    for id in dict.fromkeys([*new, *old]):
        was, now = old.get(id), new.get(id)
        gate = now or was
        if gate is None or (was and now and was.passed == now.passed):
            continue
        if was and now:
            said = tr("now passes") if now.passed else tr("no longer passes")
        else:
            said = tr("new check") if now else tr("no longer checked")
        tone = "ok" if gate.passed else ("warn" if gate.level == "warn" else "fail")
        yield GateTurn(Markup(unbroken(gate.detail)), tone if now else "", said)


def _lines(old: dict[str, Any], new: dict[str, Any], part: str) -> list[str]:
    return [compare.line(*each) for each in compare.changes(old, new, part)]


def _upstream(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [compare.upstream(*each) for each in compare.changes(old, new, "upstream")]


def _code(before: KeptVersion, after: KeptVersion) -> list[str]:
    old, new = before.inputs, after.inputs
    lines = [tr("notebook {name} changed", name=name) for name, *_ in compare.changes(old, new, "notebook")]
    lines += [compare.module(*each) for each in compare.changes(old, new, "modules")]
    lines += compare.environment(old, new)
    if not lines and before.run["page"] != after.run["page"]:
        lines.append(tr("the page's template changed"))
    for name, label in (("commit", tr("commit of the code")), ("machine", tr("machine of the run"))):
        was, now = before.run["run"].get(name, ""), after.run["run"].get(name, "")
        lines += [compare.line(label, was, now)] if was != now else []
    return lines


def _table(each: PublishedChange) -> tuple[str, list[str]]:
    """(name, what differs) of one published table."""
    name = tr(each.id.replace("_", " "))
    if each.before is None:
        return name, [trn("new, with {n} row", "new, with {n} rows", each.after or 0)]
    if each.after is None:
        return name, [trn("no longer published; it had {n} row", "no longer published; it had {n} rows", each.before)]
    lines = [tr("{before:,} → {after:,} rows", before=each.before, after=each.after)] * (each.before != each.after)
    if not each.key:
        return name, [*lines, tr("other content; no column names its rows, so that they cannot be compared one by one")]
    keys = listing(tr(column.replace("_", " ")) for column in each.key)
    lines += [tr("rows are compared by {columns}", columns=keys)]
    lines += [tr("came: {names}", names=_names(each.came))] if each.came else []
    lines += [tr("went: {names}", names=_names(each.went))] if each.went else []
    lines += [trn("{n} row has other values", "{n} rows have other values", each.changed)] if each.changed else []
    for cell in each.moved:
        column = tr(cell.column.replace("_", " "))
        lines.append(f"{cell.row}, {column}: {number(cell.before)} → {number(cell.after)}")
    return name, lines


def _names(names: tuple[str, ...]) -> str:
    if len(names) <= MOST_NAMES:
        return listing(names)
    shown = listing(names[:MOST_NAMES])
    return trn("{shown} and {n} more", "{shown} and {n} more", len(names) - MOST_NAMES, shown=shown)
