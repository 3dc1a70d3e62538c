"""Names for segments, by rule: what they do more than others, then what they are."""

import pandas as pd

NOTABLE = 0.4
"""Standardised difference from which on something is worth a name."""
ROLES = {"view": "viewers", "like": "likers", "comment": "commenters", "share": "sharers", "collect": "collectors",
         "follow": "followers", "click": "clickers"}  # fmt: skip
PLATFORMS = {"wechat": "WeChat", "tiktok": "TikTok"}
"""Platforms that are not written with one capital."""
BUYING = ("buyers", "rare buyers")
ORDER = ("hours", "weekend", "platform", "topic", "format", "basket", "discount", "activity")
"""Order of words in a name."""


def named(profile: pd.DataFrame, implied: pd.DataFrame | None = None) -> dict[int, str]:
    """Unique readable name of each segment, from its strongest positive effects among what people do.

    Two words at first, more where two segments would share a name; at last a number.

    implied : profile of the same people with shares drawn by chance, given how much each did: what follows from the
        numbers alone is taken off, so that "more than one order" is not called "night" as well.
    """
    segments = sorted(profile["segment"].unique())
    profile = profile if implied is None else beyond(profile, implied)
    strong = {int(j): _strong(profile[profile["segment"] == j]) for j in segments}
    for words in (2, 3, 4):
        names = {j: name(effects, words) for j, effects in strong.items()}
        if len(set(names.values())) == len(names):
            return names
    return {j: f"{each} {j + 1}" if list(names.values()).count(each) > 1 else each for j, each in names.items()}


def beyond(profile: pd.DataFrame, implied: pd.DataFrame) -> pd.DataFrame:
    """`profile` with the effects on shares lessened by what numbers imply, at most to nothing."""
    told = profile.merge(
        implied[["segment", "feature", "effect"]], "left", ["segment", "feature"], suffixes=("", "_by")
    )
    by = told["effect_by"].fillna(0.0).where(told["feature"].str.contains(": ") | (told["feature"] == "weekend"), 0.0)
    kept = told["effect"] - by.where(by * told["effect"] > 0, 0.0)
    return told.assign(effect=kept.where(kept * told["effect"] > 0, 0.0)).drop(columns="effect_by")


def name(effects: pd.Series, words: int) -> str:
    """`words` descriptions at most, and a role: "night article commenters".

    How much people do is said once: as buyers, or as very active. That they spend more because their orders are larger
    is said by their baskets.
    """
    what = role(effects)
    said: dict[str, str] = {}
    for feature in effects[effects >= NOTABLE].index:
        group, word = described(str(feature))
        twice = group == "activity" and what in BUYING
        if word and not twice and group not in said and len(said) < words:
            said[group] = word
    if "basket" in said and what == "buyers":
        what = role(effects.drop("money", errors="ignore"))
    first = [said[group] for group in ORDER if group in said]
    text = " ".join([*first, what])
    return text if first else plain(what)


def plain(what: str) -> str:
    """A role on its own: "frequent buyers", "average people"."""
    return {"buyers": "frequent buyers", "rare buyers": "rare buyers"}.get(what, f"average {what}")


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
