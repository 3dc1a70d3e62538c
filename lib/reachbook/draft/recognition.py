"""Which preset a file fits, by the names of its columns."""

from collections.abc import Iterable
from dataclasses import dataclass

from reachbook.tables import preset
from reachbook.tables.preset import Preset, alternatives


@dataclass(frozen=True)
class Match:
    """The preset by which a file was recognised.

    Attributes
    ----------
    others : tuple of str
        Presets that fit as well.
    """

    preset: str
    others: tuple[str, ...] = ()


def match(names: Iterable[str]) -> Match | None:
    """The preset of which most names are there, or None."""
    there = frozenset(names)
    fitting = {name: len(known.recognise) for name in preset.paths() if _fits(known := preset.load(name), there)}
    if not fitting:
        return None
    most = max(fitting.values())
    best, *others = [name for name, count in fitting.items() if count == most]
    return Match(best, tuple(others))


def _fits(known: Preset, there: frozenset[str]) -> bool:
    return not there & {*known.unless} and all(there & {*alternatives(names)} for names in known.recognise)
