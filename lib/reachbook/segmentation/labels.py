"""Words that readers see: names of features and their levels, headings of tables, and the parts that make names."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from reachbook.presentation.names import named
from reachbook.translation import mark, tr

UNNAMED: Mapping[str, str] = MappingProxyType({})
"""Names of platforms where the study gives none."""
FEATURES = (
    mark("activity"), mark("days active share"), mark("recency"), mark("weekend"), mark("has ordered"),
    mark("order recency"), mark("order frequency"), mark("money"), mark("basket"), mark("items"), mark("discount"),
    mark("hours: night"), mark("hours: morning"), mark("hours: working day"), mark("hours: evening"),
    mark("kind: view"), mark("kind: like"), mark("kind: comment"), mark("kind: share"), mark("kind: collect"),
    mark("kind: follow"), mark("kind: click"), mark("platform: wechat"), mark("platform: weibo"),
    mark("platform: douyin"), mark("platform: kuaishou"), mark("platform: xiaohongshu"), mark("platform: bilibili"),
    mark("format: short video"), mark("format: image text"), mark("format: live"), mark("format: article"),
    mark("topic: deals"), mark("topic: books"), mark("topic: travel"), mark("topic: electronics"),
    mark("topic: lifestyle"), mark("topic: behind the scenes"), mark("lifecycle = new"), mark("lifecycle = active"),
    mark("lifecycle = lapsing"), mark("lifecycle = dormant"),
)  # fmt: skip
"""Features and traits whose levels are known."""
GROUPS = {
    "kind": mark("kind: {level}"),
    "platform": mark("platform: {level}"),
    "format": mark("format: {level}"),
    "topic": mark("topic: {level}"),
}
"""Groups of features with levels of the study's own."""
TRAITS = {
    "age_band": mark("age = {level}"),
    "gender": mark("gender = {level}"),
    "city_tier": mark("city tier = {level}"),
    "region": mark("region = {level}"),
    "platform": mark("home platform = {level}"),
}
"""Traits whose levels are the study's own."""
HEADINGS = (
    mark("name"), mark("people"), mark("people share"), mark("revenue"), mark("revenue share"), mark("interval"),
    mark("per person"), mark("feature"), mark("part"), mark("unit"), mark("value"), mark("rest"), mark("effect"),
    mark("k"), mark("p"), mark("stability"), mark("pass height"), mark("smallest share"), mark("passes"),
    mark("reason"), mark("partner"), mark("correlation"), mark("transform"), mark("atom share"),
    mark("skewness before"), mark("skewness after"), mark("meaning"), mark("clustered"), mark("planted"),
    mark("frequency"), mark("segment"), mark("lifecycle"), mark("profiles"), mark("scaling"), mark("features"),
    mark("dropped"), mark("evidence"), mark("rfm"),
)  # fmt: skip
WORDS = (
    mark("held out"), mark("trait"), mark("log"), mark("ratio"), mark("days"), mark("0 or 1"), mark("new"),
    mark("active"), mark("lapsing"), mark("dormant"), mark("none"),
)  # fmt: skip
"""Values of columns that hold words of ours."""


def feature(name: str, channels: Mapping[str, str] = UNNAMED) -> str:
    """A feature or trait as readers see it.

    Parameters
    ----------
    name : str
        Its column, as "hours: night" or "city_tier = 1".
    channels : mapping of str to str
        What the study calls its platforms.
    """
    plain = name.replace("_", " ")
    if plain in FEATURES and name.removeprefix("platform: ") not in channels:
        return tr(plain)
    for mapping, sign in ((GROUPS, ": "), (TRAITS, " = ")):
        group, _, level = name.partition(sign)
        if level and group in mapping:
            template = mapping[group]
            return tr(template, level=channels.get(level) or named(level))
    return name if " = " in name else plain


def level_of(name: str, channels: Mapping[str, str] = UNNAMED) -> str:
    """The level alone of a feature, as readers see it: "short video" of "format: short_video"; see `feature`."""
    return re.split(": |：", feature(name, channels), maxsplit=1)[1]
