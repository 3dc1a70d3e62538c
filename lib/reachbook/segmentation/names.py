"""Names of segments, by rule: from what they do more than others, then from what they are."""

import pandas as pd

NOTABLE = 0.4
"""Smallest standardised difference for a feature to enter a name."""
ROLES = {"view": "viewers", "like": "likers", "comment": "commenters", "share": "sharers", "collect": "collectors",
         "follow": "followers", "click": "clickers"}  # fmt: skip
PLATFORMS = {"wechat": "WeChat", "tiktok": "TikTok"}
"""Platforms whose spelling is not simply capitalised."""
BUYING = ("buyers", "rare buyers")
ORDER = ("hours", "weekend", "platform", "topic", "format", "basket", "discount", "activity")
"""Order of words in a name."""


def named(profile: pd.DataFrame, implied: pd.DataFrame | None = None) -> dict[int, str]:
    """Give each segment a unique readable name from its strongest positive effects on behaviour.

    Parameters
    ----------
    profile : pandas.DataFrame
        Rows of segment and feature, see `profile.profile`.
    implied : pandas.DataFrame or None
        Profile of the same people with shares drawn by chance given their numbers of events. Effects that follow from
        the numbers alone are subtracted, so that "more than one order" is not also called "night".

    Notes
    -----
    Names have two words, more where two segments would share a name, and finally a number.
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
    """Reduce the effects on shares in `profile` by those that the numbers of events imply, at most to zero."""
    told = profile.merge(
        implied[["segment", "feature", "effect"]], "left", ["segment", "feature"], suffixes=("", "_by")
    )
    by = told["effect_by"].fillna(0.0).where(told["feature"].str.contains(": ") | (told["feature"] == "weekend"), 0.0)
    kept = told["effect"] - by.where(by * told["effect"] > 0, 0.0)
    return told.assign(effect=kept.where(kept * told["effect"] > 0, 0.0)).drop(columns="effect_by")


def name(effects: pd.Series, words: int) -> str:
    """Compose a name of at most `words` descriptions and a role, such as "night article commenters".

    Notes
    -----
    How much people do is said once: as buyers, or as very active. Larger orders, which also raise money, are said once
    as well, by the basket.
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
    """A role as a name of its own, such as "frequent buyers" or "average people"."""
    return {"buyers": "frequent buyers", "rare buyers": "rare buyers"}.get(what, f"average {what}")


def described(feature: str) -> tuple[str, str]:
    """(group, word) of a feature; the word is "" where the feature makes no name."""
    group, _, level = feature.partition(": ")
    if group == "platform":
        return group, PLATFORMS.get(level.lower(), level.capitalize())
    if group in ("topic", "format", "hours"):
        return group, {"working day": "daytime"}.get(level, level.replace("_", "-").replace(" ", "-"))
    words = {"weekend": "weekend", "basket": "big-basket", "discount": "discount", "activity": "very active"}
    return group, words.get(group, "")


def role(effects: pd.Series) -> str:
    """Role of a segment: buyers or rare buyers where that stands out, else its most notable kind of engagement."""
    buying = effects.reindex(["order_frequency", "money"]).max()
    if buying >= NOTABLE:
        return "buyers"
    kinds = effects[[str(f).startswith("kind: ") for f in effects.index]]
    if len(kinds) and kinds.iloc[0] >= NOTABLE:
        kind = str(kinds.index[0]).removeprefix("kind: ")
        return ROLES.get(kind, f"{kind} people")
    return "rare buyers" if buying <= -NOTABLE else "people"


def _strong(profile: pd.DataFrame) -> pd.Series:
    """Effects on behaviour by feature, in descending order, ties in alphabetical order."""
    doing = profile[profile["part"] != "trait"].dropna(subset="effect")
    return doing.sort_values(["effect", "feature"], ascending=[False, True]).set_index("feature")["effect"]
