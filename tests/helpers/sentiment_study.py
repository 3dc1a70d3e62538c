"""Results of a small sentiment study of which everything is given, so that nothing is trained or sampled."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from helpers.judged_comments import alert, believing, judged, said, sure, watched
from reachbook.sentiment import SentimentSpec
from reachbook.sentiment.alerts.coordinated import find_coordinated
from reachbook.sentiment.aspects.aspects import Aspects
from reachbook.sentiment.classifier.calibration import reliability
from reachbook.sentiment.classifier.domain_gate import DomainGap
from reachbook.sentiment.classifier.model_card import ModelCard, Score
from reachbook.sentiment.prevalence import breakdowns
from reachbook.sentiment.prevalence.label_quality import bought, raters, suspects
from reachbook.sentiment.prevalence.shares import plan
from reachbook.sentiment.sections.reasons import Reasons
from reachbook.sentiment.sections.story import SentimentResults
from reachbook.sentiment.sections.trust import Trust
from reachbook.sentiment.text.labels import POLARITIES

COUNT = 160
TRUTH = np.where(np.arange(COUNT) % 4 == 0, 0, 2)
OPINIONS = pd.DataFrame({"aspect": ["fit"], "polarity": ["negative"], "term": ["太小"], "these": [9], "those": [1]})
ASPECT = {"name": "fit", "texts": 40, "negative_low": 0.2, "negative": 0.3, "negative_high": 0.4, "rest": 0.1}
ASPECT |= {"more_low": 0.05, "more": 0.2, "more_high": 0.35}
WORD = {"term": "尺码", "log_odds": 1.0, "low": 0.5, "high": 1.5, "z": 4.0, "significant": True}


def reasons(**parts: object) -> Reasons:
    whole = Reasons(
        aspects=Aspects({"fit": ("尺码",)}, {"fit": np.ones(COUNT, dtype=bool)}, {"fit": 1.0}),
        shares=pd.DataFrame([ASPECT]),
        opinions=OPINIONS,
        quotes=pd.DataFrame({"aspect": ["fit"], "polarity": ["negative"], "quote": ["尺码太小了"]}),
        words=pd.DataFrame([WORD]),
        compared_with="brand_b",
    )
    return replace(whole, **parts)  # type: ignore[arg-type]


def evidence(p: np.ndarray, rows: np.ndarray, **parts: object) -> Trust:
    """What labels of the comments at `rows` say of the model."""
    labels = TRUTH[rows]
    names = [POLARITIES[k] for k in labels]
    score = Score(p[rows], labels)
    gap = DomainGap(0.5, 0.5, 0.9, reliability(p[rows], labels), len(rows))
    whole = Trust(
        card=ModelCard(score, rows, 0, 0, score),
        domain=gap,
        drawn=0.5,
        transfer=pd.DataFrame({"trained_on": ["weibo"], "tested_on": ["douyin"], "accuracy": [0.8]}),
        bought=bought(p, rows, labels, steps=3),
        plans=tuple(plan(p, (50, 200))),
        raters=raters(names, names),
        suspects=suspects(p[rows], labels),
    )
    return replace(whole, **parts)  # type: ignore[arg-type]


def study(audited: bool) -> SentimentResults:
    """Results of a study of which everything is known but the truth, with half of its comments read, or none."""
    days = [date(2026, 7, 6) + timedelta(days=n // 4) for n in range(COUNT)]
    platform = np.where(np.arange(COUNT) % 3 == 0, "weibo", "douyin")
    frame = said([f"第{n}条" for n in range(COUNT)], days, platform=platform, brand="brand_a", segment="regulars")
    p, rows = sure(TRUTH), np.arange(0, COUNT, 2)
    of = judged(frame, p, {int(n): int(TRUTH[n]) for n in rows} if audited else {})
    spec = SentimentSpec(brand="brand_a", audit_size=20, learning_size=10)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(breakdowns, "pool", lambda p, *_, level, seed: believing(p, level))
        seen = breakdowns.views(of, {}, spec, 1)
    happened = watched(alert(date(2026, 7, 20), "太差了这次", key=("weibo", None, None)))
    organised = find_coordinated(of.comments.frame)
    return SentimentResults(of, seen, happened, reasons(), evidence(p, rows), spec, organised, None)
