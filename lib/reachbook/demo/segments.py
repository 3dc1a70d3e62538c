"""Behaviour of the five planted segments, in the order of `NAMES`: assumed rates and relative weights."""

import numpy as np

from reachbook.arrays import Floats

PLATFORMS = ("wechat", "weibo", "douyin", "kuaishou", "xiaohongshu", "bilibili")
KINDS = ("view", "like", "comment", "share", "collect", "follow", "click")
FORMATS = ("short_video", "image_text", "live", "article")
TOPICS = ("deals", "books", "travel", "electronics", "lifestyle", "behind_the_scenes")

NAMES = (
    "deal hunters 囤货党",
    "casual scrollers 随手刷",
    "inspiration seekers 种草党",
    "deep researchers 做功课党",
    "loyal members 铁杆会员",
)
SHARES = np.array([0.34, 0.25, 0.18, 0.14, 0.09])


def _shares(weights: list[list[float]]) -> Floats:
    table = np.array(weights, dtype=float)
    return np.asarray(table / table.sum(axis=1, keepdims=True))


PLATFORM = _shares(
    [
        [22, 4, 20, 42, 8, 4],
        [6, 16, 54, 12, 6, 6],
        [10, 8, 14, 2, 60, 6],
        [10, 26, 6, 2, 10, 46],
        [56, 12, 10, 6, 10, 6],
    ]
)
KIND = _shares(
    [
        [54, 8, 4, 5, 6, 2, 21],
        [84, 10, 1, 1, 1, 1, 2],
        [52, 16, 4, 6, 17, 2, 3],
        [61, 8, 16, 5, 5, 3, 2],
        [45, 17, 8, 13, 4, 4, 9],
    ]
)
FORMAT = _shares([[30, 10, 52, 8], [78, 12, 8, 2], [24, 64, 8, 4], [28, 12, 4, 56], [24, 24, 22, 30]])
TOPIC = _shares(
    [
        [56, 4, 8, 14, 14, 4],
        [18, 6, 18, 8, 38, 12],
        [10, 10, 34, 4, 38, 4],
        [6, 30, 6, 48, 4, 6],
        [16, 18, 12, 12, 14, 28],
    ]
)

ACTIVITY = np.array([1.0, 0.75, 1.2, 0.9, 2.0])
"""Relative number of events of a person."""
ORDERS = np.array([4.6, 0.6, 2.0, 1.2, 8.0])
"""Relative number of orders of a person."""
BASKET = np.array([58.0, 62.0, 150.0, 330.0, 185.0])
"""Median order in yuan."""
DISCOUNT = np.array([0.22, 0.10, 0.08, 0.06, 0.12])
"""Mean discount as a share of the list price."""
ITEMS = np.array([3.6, 0.6, 1.2, 0.5, 2.2])
"""Mean number of items in an order beyond the first."""
SILENCE = np.array([6.0, 26.0, 9.0, 14.0, 3.0])
"""Mean days since the last active day."""

_PEAKS = (
    ((12.5, 1.2, 0.35), (21.0, 1.4, 0.65)),
    ((18.0, 3.5, 0.6), (22.5, 1.5, 0.4)),
    ((15.0, 1.8, 0.6), (20.5, 2.0, 0.4)),
    ((23.5, 1.6, 0.75), (10.5, 2.0, 0.25)),
    ((7.8, 1.0, 0.65), (19.0, 2.0, 0.35)),
)


def _hours() -> Floats:
    """Share of a segment's events in each hour, shape (segments, 24): two peaks (hour, width, weight) above a floor."""
    hour = np.arange(24) + 0.5
    result = np.full((len(_PEAKS), 24), 0.004)
    for row, peaks in enumerate(_PEAKS):
        for centre, width, weight in peaks:
            away = (hour - centre + 12) % 24 - 12
            result[row] += weight * np.exp(-0.5 * (away / width) ** 2) / width
    return np.asarray(result / result.sum(axis=1, keepdims=True))


HOUR = _hours()
