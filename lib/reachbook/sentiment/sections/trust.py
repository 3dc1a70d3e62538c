"""Evidence about the model and the audit: model card, domain, random sample, and what labels gained."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency, norm

from reachbook.errors import DataError
from reachbook.sentiment.classifier.calibration import reliability
from reachbook.sentiment.classifier.domain_gate import DomainGap, domain
from reachbook.sentiment.classifier.model_card import ModelCard, Score, mistakes, transfer
from reachbook.sentiment.prevalence.label_quality import bought, raters, suspects
from reachbook.sentiment.prevalence.shares import LabelPlan, plan
from reachbook.sentiment.prevalence.trend import week_of
from reachbook.sentiment.text.labels import codes
from reachbook.stats.agreement import Agreement
from reachbook.tables.masking import mask

if TYPE_CHECKING:
    from reachbook.sentiment.classifier.predict import Predictions
    from reachbook.sentiment.spec import SentimentSpec

_EXPECTED = 5.0
_EACH_DOMAIN = 60
"""Smallest number of labels for a platform to enter the comparison between platforms."""


@dataclass(frozen=True)
class Trust:
    """Evidence about the model and the audit.

    Attributes
    ----------
    card : ModelCard or None
        Score on the random sample; None without one.
    domain : DomainGap or None
        Similarity of comments and training texts; None where there are too few comments.
    drawn : float or None
        Probability that a random audit differs as much from all comments; None without an audit.
    transfer : pandas.DataFrame
        One row for each pair of platforms (trained on, tested on).
    bought : pandas.DataFrame
        Interval by number of labels.
    plans : tuple of LabelPlan
        Expected half-widths by number of labels.
    raters : Agreement or None
        Agreement of two people; None without second labels.
    suspects : pandas.DataFrame
        Labels that the model contradicts: comment_id, platform, text, label, model, confidence, own.
    """

    card: ModelCard | None
    domain: DomainGap | None
    drawn: float | None
    transfer: pd.DataFrame
    bought: pd.DataFrame
    plans: tuple[LabelPlan, ...]
    raters: Agreement | None
    suspects: pd.DataFrame

    def planned(self) -> pd.DataFrame:
        """Expected half-width of the negative share by number of labels."""
        rows = [(each.labels, float(each.likely[0]), float(each.worst[0])) for each in self.plans]
        return pd.DataFrame(rows, columns=["labels", "likely", "at worst"])


def trust(predictions: Predictions, spec: SentimentSpec, seed: int) -> Trust:
    """Compute all evidence; whatever the labels do not allow is None or empty."""
    audit, p = predictions.audit, predictions.probabilities
    read = len(audit) > 0
    return Trust(
        card=_card(predictions) if read else None,
        domain=_domain(predictions, seed),
        drawn=_drawn(predictions) if read else None,
        transfer=_transfer(predictions, seed),
        bought=bought(p, audit, predictions.audit_labels, level=spec.level) if read else pd.DataFrame(),
        plans=tuple(plan(p, level=spec.level)),
        raters=_raters(predictions),
        suspects=_suspects(predictions) if read else pd.DataFrame(),
    )


def _card(predictions: Predictions) -> ModelCard:
    """Model card on the random sample: each label compared with a cross-fitted prediction, one text of each group."""
    _, first = np.unique(predictions.groups.group[predictions.audit], return_index=True)
    first = np.sort(first)
    rows, coded = predictions.audit[first], codes(predictions.labels(predictions.audit[first]))
    full, plain = Score(predictions.own[first], coded), Score(predictions.bare[first], coded)
    return ModelCard(full, rows, len(predictions.audit) - len(first), predictions.base_copies, plain)


def _domain(predictions: Predictions, seed: int) -> DomainGap | None:
    audit = predictions.audit
    texts = predictions.comments.frame["text"].to_numpy(dtype=object)
    try:
        found = domain(predictions.trained_on, texts, model=predictions.model, seed=seed)
    except DataError:
        return None
    if not len(audit):
        return found
    met = reliability(predictions.probabilities[audit], codes(predictions.audit_labels))
    return replace(found, audit=met, labels=len(audit))


def _drawn(predictions: Predictions) -> float:
    """p-value (Bonferroni over four) of differences between sample and all comments: platform, week, length, polarity.

    Notes
    -----
    Polarity is that seen by the model of another fold, which knows neither the label of a read comment nor those of the
    others, so that both are alike to it. Labels that customer service picked seem more negative than the rest.
    """
    frame, picked = predictions.comments.frame, np.isin(np.arange(len(predictions.comments)), predictions.audit)
    length = pd.qcut(frame["text"].str.len(), 8, labels=False, duplicates="drop").fillna(0)
    each = [_differs(values, picked) for values in (frame["platform"], week_of(frame["at"]), length)]
    if predictions.leanings is not None:
        each.append(_leans(predictions.leanings, int((~picked).sum())))
    return float(min(1.0, 4 * min(each)))


def _leans(leanings: np.ndarray, others: int) -> float:
    """p-value, two-sided, of the mean leaning of a sample beside that of `others`, by the larger of both deviations."""
    spread = max(1.0, float(leanings.std())) * np.sqrt(1 / len(leanings) + 1 / others)
    return float(2 * norm.sf(abs(float(leanings.mean())) / spread))


def _differs(values: pd.Series, picked: np.ndarray) -> float:
    """p-value of a chi-square test of homogeneity; levels too rare to expect five picked ones are merged."""
    table = pd.crosstab(values, picked).reindex(columns=[False, True], fill_value=0)
    rare = table.sum(axis=1) * picked.mean() < _EXPECTED
    table = pd.concat([table[~rare], table[rare].sum().to_frame().T]) if rare.any() else table
    table = table[table.sum(axis=1) > 0]
    if len(table) < 2 or not table[True].sum() or not table[False].sum():
        return 1.0
    return float(chi2_contingency(table.to_numpy()).pvalue)


def _transfer(predictions: Predictions, seed: int) -> pd.DataFrame:
    """Performance of a model of one platform on another, where each has enough labels."""
    rows = np.sort(np.concatenate([predictions.audit, predictions.learning]))
    chosen = predictions.comments.frame.iloc[rows]
    often = chosen["platform"].value_counts()
    chosen = chosen[chosen["platform"].isin(often[often >= _EACH_DOMAIN].index)]
    if chosen["platform"].nunique() < 2:
        return pd.DataFrame()
    texts, labels, platforms = (chosen[name].tolist() for name in ("text", "label", "platform"))
    found: pd.DataFrame = transfer(texts, labels, platforms, seed=seed, base=None, number=3)
    return found


def _raters(predictions: Predictions) -> Agreement | None:
    twice = predictions.comments.frame.dropna(subset=["label", "label_2"])
    return raters(twice["label"].tolist(), twice["label_2"].tolist()) if len(twice) >= 2 else None


def _suspects(predictions: Predictions) -> pd.DataFrame:
    rows = predictions.audit
    found = suspects(predictions.probabilities[rows], codes(predictions.audit_labels))
    frame = predictions.comments.frame.iloc[rows[found["row"].to_numpy(dtype=int)]][["comment_id", "platform", "text"]]
    frame = frame.assign(text=frame["text"].map(mask))
    joined: pd.DataFrame = pd.concat([frame.reset_index(drop=True), found.drop(columns="row")], axis=1)
    return joined


def mistakes_of(trusted: Trust, predictions: Predictions) -> pd.DataFrame:
    """The confusion table with masked examples; empty without an audit."""
    if trusted.card is None:
        return pd.DataFrame(columns=["label", "answer", "count", "share", "examples"])
    table: pd.DataFrame = mistakes(trusted.card, predictions.comments.texts)
    return table.assign(examples=["; ".join(mask(each) for each in texts) for texts in table["examples"]])
