"""Topics and streams of comments as prose names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.sentiment.aspects.aspects import TERMS_APART
from reachbook.translation import joined, tr

if TYPE_CHECKING:
    from reachbook.sentiment.alerts.watch import Alert

_MOST = 3
"""Terms, or words of a name, that stand in prose."""


def topic_words(name: str) -> str:
    """An aspect in quotation marks: by its terms where it was found in the data, else by its name."""
    terms = name.split(TERMS_APART)
    if len(terms) > 1:
        return tr("“{words}”", words=joined(terms[:_MOST]))
    return tr("“{name}”", name=_brief(name))


def comments_of(alert: Alert, short: bool = False) -> str:
    """The comments of an alert's stream, such as: Weibo comments on “late, parcel”.

    Parameters
    ----------
    short : bool
        Whether to name the platform alone, or, where there is none, the aspect alone.
    """
    platform, aspect, segment = alert.key
    if short and platform:
        aspect = segment = None
    if short and aspect:
        segment = None
    said = tr("comments")
    if platform:
        said = tr("{platform} comments", platform=_brief(alert.channels.get(platform, platform)))
    if segment:
        said = tr("{comments} from {segment}", comments=said, segment=_brief(segment))
    return tr("{comments} on {topic}", comments=said, topic=topic_words(aspect)) if aspect else said


def stream_label(alert: Alert) -> str:
    """The same as a short label of a figure."""
    platform, aspect, segment = alert.key
    shown = alert.channels.get(platform, platform) if platform else None
    topic = topic_words(aspect) if aspect else None
    return joined(each for each in (shown, topic, segment) if each) or tr("all comments")


def _brief(text: str) -> str:
    """The first words of `text`."""
    words = text.split()
    return text if len(words) <= _MOST else f"{' '.join(words[:_MOST])}…"
