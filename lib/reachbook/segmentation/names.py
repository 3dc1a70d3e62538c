"""Names of segments, by rule: from what they do more than others, then from what they are."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import pandas as pd

from reachbook.segmentation.labels import UNNAMED
from reachbook.segmentation.profile import TRAIT
from reachbook.translation import Language, language, mark, tr

NOTABLE = 0.4
"""Smallest standardised difference for a feature to enter a name."""
ROLES = {
    "view": mark("viewers"), "like": mark("likers"), "comment": mark("commenters"), "share": mark("sharers"),
    "collect": mark("collectors"), "follow": mark("followers"), "click": mark("clickers"),
}  # fmt: skip
PLATFORMS = {
    "wechat": mark("WeChat"), "weibo": mark("Weibo"), "douyin": mark("Douyin"), "kuaishou": mark("Kuaishou"),
    "xiaohongshu": mark("Xiaohongshu"), "bilibili": mark("Bilibili"), "tiktok": mark("TikTok"),
}  # fmt: skip
"""Platforms whose spelling is known; others are capitalised."""
LEVELS = {
    "night": mark("night"), "morning": mark("morning"), "working day": mark("daytime"), "evening": mark("evening"),
    "short_video": mark("short-video"), "image_text": mark("image-text"), "live": mark("live"),
    "article": mark("article"), "deals": mark("deals"), "books": mark("books"), "travel": mark("travel"),
    "electronics": mark("electronics"), "lifestyle": mark("lifestyle"),
    "behind_the_scenes": mark("behind-the-scenes"),
}  # fmt: skip
"""Words for hours, formats and topics that are known; others stand as in the data."""
SINGLE = {
    "weekend": mark("weekend"), "basket": mark("big-basket"), "discount": mark("discount"),
    "activity": mark("very active"),
}  # fmt: skip
BUYERS, RARE, AVERAGE = mark("buyers"), mark("rare buyers"), mark("average")
PEOPLE = "people"
PLAIN = {BUYERS: mark("frequent buyers"), RARE: RARE, PEOPLE: mark("average people")}
"""Roles that are names of their own."""
ORDER: dict[Language, tuple[str, ...]] = {
    "en": ("hours", "weekend", "platform", "topic", "format", "basket", "discount", "activity"),
    "zh": ("activity", "platform", "hours", "weekend", "topic", "format", "basket", "discount"),
}
"""Order of words in a name: time before place in English, place before time in Chinese."""


def named(
    profile: pd.DataFrame, implied: pd.DataFrame | None = None, channels: Mapping[str, str] = UNNAMED
) -> dict[int, str]:
    """Give each segment a unique readable name from its strongest positive effects on behaviour.

    Parameters
    ----------
    profile : pandas.DataFrame
        Rows of segment and feature, see `profile.profile`.
    implied : pandas.DataFrame or None
        Profile of the same people with shares drawn by chance given their numbers of events. Effects that follow from
        the numbers alone are subtracted, so that "more than one order" is not also called "night".
    channels : mapping of str to str
        What the study calls its platforms.

    Notes
    -----
    Names have two words, more where two segments would share a name, and finally a number.
    """
    segments = sorted(profile["segment"].unique())
    profile = profile if implied is None else beyond(profile, implied)
    strong = {int(j): _strong(profile[profile["segment"] == j]) for j in segments}
    for words in (2, 3, 4):
        names = {j: name(effects, words, channels) for j, effects in strong.items()}
        if len(set(names.values())) == len(names):
            return names
    return {j: f"{each} {j + 1}" if list(names.values()).count(each) > 1 else each for j, each in names.items()}


def beyond(profile: pd.DataFrame, implied: pd.DataFrame) -> pd.DataFrame:
    """Reduce the effects on shares in `profile` by those that the numbers of events imply, at most to zero."""
    told = profile.merge(
        implied[["segment", "feature", "effect"]], "left", ["segment", "feature"], suffixes=("", "_by")
    )
    by = told["effect_by"].fillna(0.0).where(told["feature"].str.contains(": ") | (told["feature"] == "weekend"), 0.0)
    kept = told["effect"] - by.where(by * told["effect"] > 0, 0.0)
    return told.assign(effect=kept.where(kept * told["effect"] > 0, 0.0)).drop(columns="effect_by")


def name(effects: pd.Series, words: int, channels: Mapping[str, str] = UNNAMED) -> str:
    """Compose a name of at most `words` descriptions and a role, such as "night article commenters".

    Notes
    -----
    How much people do is said once: as buyers, or as very active. Larger orders, which also raise money, are said once
    as well, by the basket.
    """
    what = role(effects)
    said: dict[str, str] = {}
    for feature in effects[effects >= NOTABLE].index:
        group, word = described(str(feature), channels)
        twice = group == "activity" and what in (BUYERS, RARE)
        if word and not twice and group not in said and len(said) < words:
            said[group] = word
    if "basket" in said and what == BUYERS:
        what = role(effects.drop("money", errors="ignore"))
    first = [said[group] for group in ORDER[language()] if group in said]
    if not first:
        return plain(what)
    return tr("{kind} people", kind=together(first)) if what == PEOPLE else together([*first, what])


def together(words: Iterable[str]) -> str:
    """Translate words and write them in a row; Chinese has spaces only around words in Latin letters."""
    shown = [tr(word) for word in words]
    if language() == "en":
        return " ".join(shown)
    gaps = [" " if left[-1].isascii() or right[0].isascii() else "" for left, right in pairwise(shown)]
    return "".join(word + gap for word, gap in zip(shown, [*gaps, ""], strict=True))


def plain(what: str) -> str:
    """A role as a name of its own, such as "frequent buyers" or "average people"."""
    return together([PLAIN[what]] if what in PLAIN else [AVERAGE, what])


def described(feature: str, channels: Mapping[str, str] = UNNAMED) -> tuple[str, str]:
    """(group, word) of a feature; the word is "" where the feature makes no name."""
    group, _, level = feature.partition(": ")
    if group == "platform":
        return group, channels.get(level) or PLATFORMS.get(level.lower(), level.capitalize())
    if group in ("topic", "format", "hours"):
        return group, LEVELS.get(level, level.replace("_", "-").replace(" ", "-"))
    return group, SINGLE.get(group, "")


def role(effects: pd.Series) -> str:
    """Role of a segment: buyers or rare buyers where that stands out, else its most notable kind of engagement."""
    buying = effects.reindex(["order_frequency", "money"]).max()
    if buying >= NOTABLE:
        return BUYERS
    kinds = effects[[str(f).startswith("kind: ") for f in effects.index]]
    if len(kinds) and kinds.iloc[0] >= NOTABLE:
        kind = str(kinds.index[0]).removeprefix("kind: ")
        return ROLES[kind] if kind in ROLES else tr("{kind} people", kind=kind)
    return RARE if buying <= -NOTABLE else PEOPLE


def _strong(profile: pd.DataFrame) -> pd.Series:
    """Effects on behaviour by feature, in descending order, ties in alphabetical order."""
    doing = profile[profile["part"] != TRAIT].dropna(subset="effect")
    return doing.sort_values(["effect", "feature"], ascending=[False, True]).set_index("feature")["effect"]
