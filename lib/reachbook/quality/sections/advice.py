"""What to do about the tables: a short decision for all, and one line for each."""

from collections.abc import Sequence
from typing import NamedTuple

from reachbook.quality.checks import Check, Use, use
from reachbook.quality.labels import check, table
from reachbook.quality.periods import Span, few_days
from reachbook.translation import clauses, listing, mark, sentences, tr, using

_ACTIONS = {
    "rows": mark("bring rows of the period"),
    "late": mark("leave out {days}, or export again"),
    "gaps": mark("export {days} again"),
    "duplicates": mark("take repeated rows out"),
    "bots": mark("find out who the suspected accounts are"),
    "sudden": mark("find out what happened on {days}"),
    "shift": mark("compare no days across {days}"),
    "day_only": mark("read no hours"),
    "platforms": mark("count nobody across platforms"),
}
"""What to do about each check that fails; of those that block, and of the others, the most pressing first."""
_LINES = {
    "no": mark("{table}: do not use yet; {actions}"),
    "with care": mark("{table}: {actions}"),
    "yes": mark("{table}: nothing to do"),
}
"""What to do about a table, by its use."""
MOST_WORDS = 40
"""English words of a decision, in whichever language it is written."""
_MOST = 3
"""Things to do about one table, in the decision and beside its rows."""


class Action(NamedTuple):
    """One thing to do about a table, on some days or, with `days` empty, at all."""

    check: str
    days: tuple[Span, ...] = ()

    def describe(self) -> str:
        """It as a clause without its table."""
        return tr(_ACTIONS[self.check], days=few_days(self.days))


class Group(NamedTuple):
    """Tables about which the same is to be done."""

    use: Use
    actions: tuple[Action, ...]
    tables: tuple[str, ...]


def actions(name: str, made: Sequence[Check]) -> tuple[Action, ...]:
    """What to do about a table, the most pressing first; nothing for days that are to be left out anyway."""
    asked = {each.name: each for each in made if each.table == name and each.presses}
    order = sorted(asked.values(), key=lambda each: (not each.blocks, [*_ACTIONS].index(each.name)))
    late = asked["late"].inside if "late" in asked else ()
    return tuple(action for each in order for action in _actions(each, () if each.name == "late" else late))


def _actions(asked: Check, gone: Sequence[Span]) -> list[Action]:
    days = (*asked.inside, *(asked.outside if asked.blocks else ()))
    still = tuple(one for one in days if not any(first <= one[0] and one[1] <= last for first, last in gone))
    return [] if days and not still else [Action(asked.name, still)]


def groups(tables: Sequence[str], made: Sequence[Check]) -> list[Group]:
    """The tables by what is to be done about them: first those that cannot be used, last those without anything."""
    found: dict[tuple[Use, tuple[Action, ...]], list[str]] = {}
    uses: tuple[Use, ...] = ("no", "with care", "yes")
    for answer in uses:
        for name in dict.fromkeys(tables):
            if use(name, made) == answer:
                found.setdefault((answer, actions(name, made)), []).append(name)
    return [Group(answer, todo, tuple(names)) for (answer, todo), names in found.items()]


def decision(made: Sequence[Check], tables: Sequence[str]) -> str:
    """What to do about which tables in at most `MOST_WORDS` words; every table is named.

    Notes
    -----
    Where that is too much, fewer things are said of each table, then of fewer tables, the worst first. Words are
    counted in English whatever is written, so that each language says the same.
    """
    found = groups(tables, made)
    elsewhere = [name for name in dict.fromkeys(tables) if _only_outside(name, made)]
    for told in range(len(found), 0, -1):
        for most in range(_MOST, 0, -1):
            with using("en"):
                words = len(_said(found, made, told, most, elsewhere).split())
            if words <= MOST_WORDS:
                return _said(found, made, told, most, elsewhere)
    return _said(found, made, 1, 1, ())


def _only_outside(name: str, made: Sequence[Check]) -> bool:
    """Whether all that is wrong with a table lies outside the study's period."""
    failed = [each for each in made if each.table == name and not each.passed]
    return bool(failed) and not any(each.presses for each in failed)


def _faults(names: Sequence[str], made: Sequence[Check]) -> str:
    """Names of the checks that some tables do not pass, as a list."""
    failed = (each.name for each in made if each.table in names and not each.passed)
    return listing(map(check, dict.fromkeys(failed)))


def _said(found: Sequence[Group], made: Sequence[Check], told: int, most: int, elsewhere: Sequence[str]) -> str:
    """The decision, with at most `most` things to do about each of the first `told` groups."""
    bad = [group for group in found if group.use != "yes"]
    good = [name for group in found if group.use == "yes" for name in group.tables]
    rest = bad[told:]
    cut = bool(rest) or any(len(group.actions) > most for group in bad[:told])
    return sentences(
        *(_group(group, most) for group in bad[:told]),
        *(_others(answer, [name for group in rest if group.use == answer for name in group.tables])
          for answer in ("no", "with care")),
        tr("What else to mind is listed below.") if cut else "",
        _good(good, alone=not bad),
        tr("In {tables}, {faults} lie outside the study's period.", tables=listing(map(table, elsewhere)),
           faults=_faults(elsewhere, made)) if elsewhere else "",
    )  # fmt: skip


def _group(group: Group, most: int) -> str:
    names = listing(map(table, group.tables))
    what = clauses(action.describe() for action in group.actions[:most])
    if group.use == "no":
        return tr("Do not use {tables} yet: {actions}.", tables=names, actions=what)
    return tr("In {tables}, {actions}.", tables=names, actions=what)


def _others(answer: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    if answer == "no":
        return tr("Do not use {tables} either.", tables=listing(map(table, names)))
    return tr("Look at {tables}, too.", tables=listing(map(table, names)))


def _good(names: Sequence[str], alone: bool) -> str:
    if not names:
        return ""
    if len(names) == 1:
        return tr("Use {table} as it is.", table=table(names[0]))
    if alone:
        return tr("Use all {n} tables as they are.", n=len(names))
    return tr("Use {tables} as they are.", tables=listing(map(table, names)))


def label(name: str, made: Sequence[Check]) -> str:
    """A table and what to do about it, in one line."""
    todo = actions(name, made)
    shown = [action.describe() for action in todo[:_MOST]]
    what = clauses([*shown, tr("more below")] if len(todo) > _MOST else shown)
    if _only_outside(name, made):
        faults = _faults([name], made)
        return tr("{table}: nothing to do; {faults} lie outside the period", table=table(name), faults=faults)
    return tr(_LINES[use(name, made)], table=table(name), actions=what)
