"""Names that readers know for values of the tables: as the study calls them, else as everybody does."""

from collections.abc import Mapping

from reachbook.translation import mark, tr

COMMON = {
    "female": mark("female"), "male": mark("male"), "unknown": mark("unknown"), "other": mark("other"),
    "tier_1": mark("tier 1"), "new_tier_1": mark("new tier 1"), "tier_2": mark("tier 2"), "tier_3": mark("tier 3"),
    "tier_4": mark("tier 4"), "tier_5": mark("tier 5"), "tier_3_and_below": mark("tier 3 and below"),
    "north": mark("north"), "south": mark("south"), "east": mark("east"), "west": mark("west"),
    "central": mark("central"), "northeast": mark("northeast"), "northwest": mark("northwest"),
    "southwest": mark("southwest"),
    "revenue": mark("revenue"), "orders": mark("orders"), "sales": mark("sales"), "gmv": mark("GMV"),
    "conversions": mark("conversions"), "clicks": mark("clicks"), "visits": mark("visits"), "leads": mark("leads"),
}  # fmt: skip
"""Levels of traits and outcomes that are known everywhere."""
_of_study: list[Mapping[str, str]] = [{}]


def use(names: Mapping[str, str]) -> None:
    """Call values as `names` says from now on; a kernel does it once, when its report begins."""
    _of_study[-1] = dict(names)


def named(value: str) -> str:
    """A value of the tables as readers know it: by the study's name, else by a common one, else as it stands."""
    if value in _of_study[-1]:
        return _of_study[-1][value]
    return tr(COMMON[value]) if value in COMMON else value
