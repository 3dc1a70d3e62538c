"""Match the file's columns to the contract's: mapped in study.yaml, missing, or unknown."""

import difflib
from collections.abc import Sequence

from reachbook.errors import DataError
from reachbook.tables.contract import KIND_WORDS, Column, Contract, Kind
from reachbook.tables.formats.raw import Raw
from reachbook.tables.preset import alternatives
from reachbook.tables.problems import show
from reachbook.tables.source import Source
from reachbook.translation import sentences, tr


def find_columns(raw: Raw, contract: Contract, source: Source) -> dict[str, str]:
    """Return the name in the file of every column, by our name: the contract's in order, then the user's own.

    Raises
    ------
    DataError
        A needed column is missing, a mapped one does not exist, or a mapping is unknown or ambiguous.
    """
    there = raw.frame.column_names
    mapped = _mapped(raw, contract, source)
    _known_targets(contract, source, there, raw.place)
    taken = set(mapped.values())
    found = mapped | {n: n for n in there if n not in taken}
    folded = {n.casefold(): n for n in mapped}
    for name in there:
        twin = folded.get(name.casefold())
        if twin is not None and name not in taken:
            raise DataError(
                f"{raw.place}: "
                + tr(
                    "{twin} is mapped to {theirs}, but the file has a column {other} as well. Rename it in the "
                    "file, or drop the mapping.",
                    twin=twin,
                    theirs=show(mapped[twin]),
                    other=show(name),
                )
            )
    absent = [c for c in contract.columns if c.needed and c.name not in found]
    if absent:
        free = [n for n in there if n not in found or contract.column(n) is None]
        raise DataError("\n".join(_absent(c, raw.place, there, free) for c in absent))
    order = [n for n in contract.names if n in found] + [n for n in found if n not in contract.names]
    return {name: found[name] for name in order}


def _mapped(raw: Raw, contract: Contract, source: Source) -> dict[str, str]:
    """Name in the file of each column that `columns:` maps; of several alternatives the first that the file has.

    Raises
    ------
    DataError
        The file has none of them.
    """
    there = {name.strip(): name for name in raw.frame.column_names} | {name: name for name in raw.frame.column_names}
    found: dict[str, str] = {}
    lost: list[str] = []
    for ours, names in source.columns.items():
        theirs = next((there[name] for name in alternatives(names) if name in there), None)
        column = contract.column(ours)
        if theirs is not None:
            found[ours] = theirs
        elif isinstance(names, str) or (column is not None and column.needed):
            lost.append(f"{ours}: " + tr(" or ").join(alternatives(names)))
    if lost:
        ours = lost[0].partition(":")[0]
        said = tr("columns: names {lost}, which the file does not have.", lost=", ".join(lost))
        raise DataError(f"{raw.place}: " + sentences(said, _renamed(source, ours), _list(raw.frame.column_names)))
    return found


def _renamed(source: Source, ours: str) -> str:
    """What to do where the platform may have renamed a column that a preset names; "" without a preset."""
    if not source.preset:
        return ""
    return tr(
        "The preset {preset} knows no other name; if the platform has renamed it, write the new one: `columns: "
        "{{{ours}: <new name>}}`.",
        preset=source.preset,
        ours=ours,
    )


def _known_targets(contract: Contract, source: Source, there: Sequence[str], place: str) -> None:
    for option in ("columns", "scale", "formats", "values", "numbers", "subtract", "constants", "from_name"):
        for target in getattr(source, option):
            if contract.column(target) is None and not (
                option == "formats" and _orders_versions(target, source, there)
            ):
                _own_target(option, target, contract, source, there, place)
    for option in ("scale", "numbers", "subtract"):
        for target in getattr(source, option):
            _of_kind(contract, option, target, ("money", "number"), place)
    for target in source.formats:
        _of_kind(contract, "formats", target, ("time", "date"), place)


def _orders_versions(target: str, source: Source, there: Sequence[str]) -> bool:
    """Whether `keep:` goes by this column of the file, whatever else it is."""
    return target in there and (source.keep or "").partition(" by ")[2] == target


def _own_target(option: str, target: str, contract: Contract, source: Source, there: Sequence[str], place: str) -> None:
    """Raise for an option on an unknown column, unless it is the user's own in an open table and no likely
    misspelling.
    """
    near = difflib.get_close_matches(target, contract.names, n=1, cutoff=0.8)
    mapped = {name for names in source.columns.values() for name in alternatives(names)}
    own = option in ("columns", "constants", "from_name") or (
        option not in ("formats", "subtract")
        and ((target in there and target not in mapped) or target in source.columns)
    )
    if not contract.open or near or not own:
        raise DataError(
            f"{place}: "
            + sentences(
                tr("{option}: {target} is not a column of {name}.", option=option, target=target, name=contract.name),
                tr("Did you mean {near}?", near=near[0]) if near else "",
                tr("They are {names}.", names=", ".join(contract.names)),
            )
        )


def _of_kind(contract: Contract, option: str, target: str, kinds: tuple[Kind, ...], place: str) -> None:
    column = contract.column(target)
    if column is not None and column.kind not in kinds:
        raise DataError(
            f"{place}: "
            + tr(
                "{option}: {target} is {kind}, but {option} is for {kinds} columns. Remove the line.",
                option=option,
                target=target,
                kind=tr(KIND_WORDS[column.kind]),
                kinds=tr(" and ").join(tr(KIND_WORDS[each]) for each in kinds),
            )
        )


def _absent(column: Column, place: str, there: Sequence[str], free: Sequence[str]) -> str:
    folded = {n.strip().casefold(): n for n in free}
    near = difflib.get_close_matches(column.name, list(folded), n=1, cutoff=0.6)
    guess = show(folded[near[0]]) if near else tr("<its name in the file>")
    return f"{place}: " + sentences(
        tr("{name} is missing.", name=column.name),
        _list(there),
        tr("Map it: columns: {{{name}: {guess}}}.", name=column.name, guess=guess),
    )


def _list(there: Sequence[str]) -> str:
    names = ", ".join([*(show(n) for n in there[:30]), *(["..."] if len(there) > 30 else [])])
    return tr("The columns are: {names}.", names=names)
