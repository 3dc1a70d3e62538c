"""A segmentation of 1,192 invented people, of whom one segment has 83 and the next larger one 149."""

from typing import cast

import numpy as np
import pandas as pd

from reachbook.segmentation.behaviour import Features, Hours
from reachbook.segmentation.page import compose
from reachbook.segmentation.scaling import Scaled
from reachbook.segmentation.segments import Segmentation
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.choose_k import verdict
from reachbook.segmentation.structure.sparse_reference import Crowd

SIZES = (613, 347, 149, 83)
MINIMUM = 100
HIDDEN = (2, 3)
"""The small segment, and the one that protects it."""
PLATFORMS = ("weibo", "douyin", "bilibili", "xiaohongshu")
OTHERS = ("activity", "recency", "order_frequency", "order_recency", "money", "has_ordered", "hours: night")
CITIES = ((400, 213), (200, 147), (90, 59), (61, 22))
"""People of each segment in the cities north and south."""
SPENT = (11.0, 13.0, 17.0, 710.0)
"""What each person of a segment spent: the small segment brings the most by far."""


class _Alike:
    """A crowd in which numbers of events imply nothing."""

    def by_chance(self, rng: np.random.Generator) -> pd.DataFrame:
        count = sum(SIZES)
        return pd.DataFrame(rng.standard_normal((count, 1)), index=_ids(), columns=["hours: night"])


def _ids() -> pd.Index:
    return pd.Index([f"u{n:04d}" for n in range(sum(SIZES))], name="user_id")


def labels() -> pd.Series:
    """Segment of each person."""
    return pd.Series(np.repeat(range(len(SIZES)), SIZES), index=_ids())


def features() -> Features:
    """Each segment is on a platform of its own."""
    rng = np.random.default_rng(4)
    names = [*(f"platform: {each}" for each in PLATFORMS), *OTHERS]
    frame = pd.DataFrame(rng.standard_normal((sum(SIZES), len(names))), index=_ids(), columns=names)
    for segment, platform in enumerate(PLATFORMS):
        frame.loc[labels() == segment, f"platform: {platform}"] += 4.0
    frame["has_ordered"] = 1
    cities = [city for counts in CITIES for city, n in zip(("north", "south"), counts, strict=True) for _ in range(n)]
    return Features(
        frame=frame,
        meaning=pd.DataFrame({"feature": names, "unit": "", "meaning": "", "clustered": True}),
        traits=pd.DataFrame({"lifecycle": "regular", "city": cities}, index=_ids()),
        revenue=labels().map(dict(enumerate(SPENT))),
        silent=0,
        numbers=pd.DataFrame(index=_ids()),
        unread={},
        crowd=cast(Crowd, _Alike()),
        hours=Hours(1000, 1000, {}),
    )


def segmentation(stands: bool = True) -> Segmentation:
    """Four segments, or none with these four as the best rejected."""
    people, smallest = sum(SIZES), min(SIZES)
    row = {"k": 4, "gain": 1.0, "null_mean": 0.5, "null_low": 0.4, "null_high": 0.6, "p": 0.01, "stability": 0.9}
    row |= {"smallest": smallest, "smallest_share": smallest / people, "pass_height": 0.3, "bridge": 0.3}
    row |= dict.fromkeys(["size", "stable", "null", "distinct", "counts", "passes", "valley_holds"], stands)
    evidence, spec, empty = pd.DataFrame([row]), SegmentationSpec(), np.empty((people, 0))
    return Segmentation(
        labels=labels() if stands else labels() * 0,
        k=4 if stands else 0,
        verdict=verdict(evidence, 4 if stands else 0, spec, None),
        stability=0.9,
        evidence=evidence,
        candidate=4,
        candidate_labels=labels(),
        passes=pd.DataFrame(np.full((4, 4), 0.3)),
        jaccard=pd.Series([0.9, 0.95, 0.9, 0.9]),
        gains=pd.DataFrame({4: np.linspace(0.4, 0.6, 99)}),
        scaled=Scaled(
            empty,
            empty,
            empty > 0,
            np.empty(0),
            (),
            pd.DataFrame({"feature": features().frame.columns, "transform": "none"}),
            pd.DataFrame(columns=["feature", "reason", "partner", "correlation"]),
        ),
        spec=spec,
    )


def truth() -> pd.DataFrame:
    """What was planted: the segments themselves."""
    return pd.DataFrame({"user_id": _ids(), "segment": labels().map(dict(enumerate(PLATFORMS))).to_numpy()})


def story(shared: bool, stands: bool = True):
    """The page of these segments."""
    return compose(features(), segmentation(stands), None, "CNY", 1, minimum=MINIMUM, shared=shared)
