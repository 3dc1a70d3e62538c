"""Names for segments, by rule: what they do more than others, then what they are."""

import pandas as pd

NOTABLE = 0.4
"""Standardised difference from which on something is worth a name."""
ROLES = {"view": "viewers", "like": "likers", "comment": "commenters", "share": "sharers", "collect": "collectors",
         "follow": "followers", "click": "clickers"}  # fmt: skip
PLATFORMS = {"wechat": "WeChat", "tiktok": "TikTok"}
"""Platforms that are not written with one capital."""
ORDER = ("hours", "weekend", "platform", "topic", "format", "basket", "discount", "activity")
"""Order of words in a name."""


def named(profile: pd.DataFrame) -> dict[int, str]:
    """Unique readable name of each segment, from its strongest positive effects among what people do.

    Two words at first, more where two segments would share a name; at last a number.
    """
    segments = sorted(profile["segment"].unique())
    strong = {int(j): _strong(profile[profile["segment"] == j]) for j in segments}
    for words in (2, 3, 4):
        names = {j: name(effects, words) for j, effects in strong.items()}
        if len(set(names.values())) == len(names):
            return names
    return {j: f"{each} {j + 1}" if list(names.values()).count(each) > 1 else each for j, each in names.items()}


def name(effects: pd.Series, words: int) -> str:
    """`words` descriptions at most, and a role: "night article commenters"."""
    said: dict[str, str] = {}
    for feature in effects[effects >= NOTABLE].index:
        group, word = described(str(feature))
        if word and group not in said and len(said) < words:
            said[group] = word
    first = [said[group] for group in ORDER if group in said]
    text = " ".join([*first, role(effects)])
    return text if first else f"average {role(effects)}"


def described(feature: str) -> tuple[str, str]:
    """(group, word) of a feature; no word where it makes no name."""
    group, _, level = feature.partition(": ")
    if group == "platform":
        return group, PLATFORMS.get(level.lower(), level.capitalize())
    if group in ("topic", "format", "hours"):
        return group, level.replace("_", "-").replace(" ", "-")
    words = {"weekend": "weekend", "basket": "big-basket", "discount": "discount", "activity": "very active"}
    return group, words.get(group, "")


def role(effects: pd.Series) -> str:
    """What they are: buyers or their opposite where that stands out, else the kind of engagement that does."""
    buying = effects.reindex(["order_frequency", "money"]).max()
    if buying >= NOTABLE:
        return "buyers"
    kinds = effects[[str(f).startswith("kind: ") for f in effects.index]]
    if len(kinds) and kinds.iloc[0] >= NOTABLE:
        kind = str(kinds.index[0]).removeprefix("kind: ")
        return ROLES.get(kind, f"{kind} people")
    return "rare buyers" if buying <= -NOTABLE else "people"


def _strong(profile: pd.DataFrame) -> pd.Series:
    """Effects on behaviour, strongest first; ties by name."""
    doing = profile[profile["part"] != "trait"].dropna(subset="effect")
    return doing.sort_values(["effect", "feature"], ascending=[False, True]).set_index("feature")["effect"]
