"""Topics and streams of comments as prose names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.sentiment.aspects.aspects import TERMS_APART
from reachbook.sentiment.text.folding import fold
from reachbook.sentiment.text.language import LANGUAGES
from reachbook.sentiment.text.language import language as script
from reachbook.translation import joined, language, mark, tr

if TYPE_CHECKING:
    from reachbook.sentiment.alerts.watch import Alert

_NAMES = {"zh": mark("Chinese"), "en": mark("English"), "ja": mark("Japanese"), "ko": mark("Korean")}
_MOST = 3
"""Terms, or words of a name, that stand in prose."""


def topic_words(name: str) -> str:
    """An aspect in quotation marks: by its terms where it was found in the data, else by its name."""
    terms = name.split(TERMS_APART)
    if len(terms) > 1:
        return tr("“{words}”", words=joined(terms[:_MOST]))
    return tr("“{name}”", name=_brief(name))


def topic_noted(name: str) -> str:
    """An aspect in quotation marks and, where its keywords are not in the page's language, which language they are."""
    topic, foreign = topic_words(name), foreign_language(name)
    return tr("{topic} ({language} keywords)", topic=topic, language=foreign) if foreign else topic


def foreign_language(name: str) -> str:
    """Language of an aspect's keywords in words, if they were found in comments in another than the page's, else ""."""
    if TERMS_APART not in name:
        return ""
    spoken = LANGUAGES[int(script(fold([name]))[0])]
    return "" if spoken == language() or spoken not in _NAMES else tr(_NAMES[spoken])


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
    return (
        tr("{comments} on {topic}", comments=said, topic=(topic_words if short else topic_noted)(aspect))
        if aspect
        else said
    )


def stream_label(alert: Alert) -> str:
    """Platform of a stream, or its aspect or segment where it has none, as a short label of a figure."""
    platform, aspect, segment = alert.key
    if platform:
        return alert.channels.get(platform, platform)
    return topic_words(aspect) if aspect else segment or tr("all comments")


def _brief(text: str) -> str:
    """The first words of `text`."""
    words = text.split()
    return text if len(words) <= _MOST else f"{' '.join(words[:_MOST])}…"
