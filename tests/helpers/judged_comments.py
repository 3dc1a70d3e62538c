"""Comments whose predictions are given, so that no model has to be trained."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

import numpy as np
import pandas as pd

from reachbook.sentiment.alerts.false_alarms import FalseAlarms
from reachbook.sentiment.alerts.incidents import Incidents
from reachbook.sentiment.alerts.streams import Streams
from reachbook.sentiment.alerts.watch import Alert, Watch
from reachbook.sentiment.classifier.model import Model
from reachbook.sentiment.classifier.predict import Predictions
from reachbook.sentiment.prevalence.pooling import Pooled, contrasts
from reachbook.sentiment.text.comments import Comments
from reachbook.sentiment.text.duplicates import groups
from reachbook.sentiment.text.labels import POLARITIES
from reachbook.stats.sampling import Convergence

CONVERGED = Convergence(1.0, 1000.0, 1000.0, 0, 1000, "slope")
_KNOWN = ("campaign_id", "content_id", "brand", "segment", "user_id")


def sure(polarities: Sequence[int], certainty: float = 0.9) -> np.ndarray:
    """Probabilities (comments, 3) of a model that gives each comment its polarity with `certainty`."""
    p = np.full((len(polarities), 3), (1 - certainty) / 2)
    p[np.arange(len(polarities)), list(polarities)] = certainty
    return p


def said(texts: Sequence[str], days: Sequence[date], **columns: Any) -> pd.DataFrame:
    """Comments of these texts and days, on weibo and unlabelled unless `columns` say otherwise."""
    at = pd.to_datetime(pd.Series(list(days), dtype=object)) + pd.Timedelta(hours=12)
    ids = [f"m{number}" for number in range(len(texts))]
    frame = pd.DataFrame({"comment_id": ids, "platform": "weibo", "at": at, "day": at.dt.normalize(), "text": texts})
    return frame.assign(**{"label": None, "label_2": None, "queue": None, "language": "han", **columns})


def judged(frame: pd.DataFrame, probabilities: np.ndarray, labels: dict[int, int] | None = None) -> Predictions:
    """Predictions of the comments; `labels` gives the polarity that people read at random, by position."""
    read = dict(sorted((labels or {}).items()))
    audit = np.array(list(read), dtype=np.int64)
    frame = frame.assign(label=pd.Series({row: POLARITIES[k] for row, k in read.items()}, dtype=object))
    frame["label"] = frame["label"].reindex(frame.index).astype(object)
    frame["queue"] = np.where(frame["label"].notna(), "audit", None)
    comments = Comments(frame, tuple(name for name in _KNOWN if name in frame and frame[name].notna().any()))
    own = probabilities[audit]
    nothing, model = np.array([], dtype=np.int64), cast(Model, None)
    grouped = groups(frame["text"])
    return Predictions(comments, probabilities, audit, nothing, grouped, None, 0, own, own, model)


def believing(probabilities: np.ndarray, level: float = 0.95, draws: int = 200) -> Pooled:
    """A pooled model that takes the probabilities for what they say, in one cell and without any doubt."""
    zero, texts = np.zeros((draws, 2)), len(probabilities)
    return Pooled(
        slope=np.ones((draws, 2)),
        start=zero,
        context=zero,
        effects=np.zeros((draws, 1, 2)),
        codes=np.zeros((texts, 1), dtype=np.int64),
        evidence=contrasts(probabilities),
        context_of=np.zeros((texts, 2)),
        convergence=CONVERGED,
        level=level,
        seed=1,
    )


def alert(day: date, *quotes: str, key: tuple[str | None, ...] = (None, None, None)) -> Alert:
    """An alert of one day: 30 negative comments of 40 where 5 were to be expected."""
    return Alert(key, "volume", day, day, day, 30, 40, 5.0, 1e-6, 0.01, quotes=quotes)


def watched(*leading: Alert) -> Incidents:
    """Incidents with these leading alerts, on the days around them; every other stream was quiet."""
    days = sorted({each.start for each in leading} or {date(2026, 7, 1)})
    keys = tuple(dict.fromkeys(each.key for each in leading)) or ((None, None, None),)
    negative = np.array([[30 if alert(day, key=key) in leading else 1 for day in days] for key in keys])
    streams = Streams(keys, tuple(days), negative, negative + 10)
    quiet = FalseAlarms(1.0, 0.8, 0.6, 1.1, 40, 50.0)
    return Incidents(streams, Watch(leading, 1.0, {}, len(keys), len(days)), leading, quiet)
