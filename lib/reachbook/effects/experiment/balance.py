"""Balance of the arms before the campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import kruskal

from reachbook.effects.experiment.units import BEFORE, Units
from reachbook.effects.wording import odds
from reachbook.errors import DataError
from reachbook.presentation.names import named
from reachbook.presentation.numbers import number
from reachbook.translation import joined, listing, sentences, tr
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec

BLOCK, WARN = 0.001, 0.01
"""Limits on p, as for the sample ratio: a check that runs on every test must rarely raise a false alarm."""


def balance(frame: pd.DataFrame, units: Units, spec: EffectSpec) -> list[Gate]:
    """Gate on column `before`, in which randomly assigned arms differ by chance only; empty without the column.

    Ranks are compared, so that a few large values neither create nor hide a difference; clusters by their means.

    Raises
    ------
    DataError
        If a value is missing: a difference between arms may hide in exactly those.

    References
    ----------
    Kruskal & Wallis (1952), the rank test.
    """
    if BEFORE not in frame or BEFORE in (spec.outcome, spec.denominator) or not _numeric(frame[BEFORE]):
        return []
    frame = frame[frame["arm"].astype(str).isin(units.arms)]
    missing = int(frame[BEFORE].isna().sum())
    if missing:
        raise DataError(
            tr(
                "experiment: {column} is missing for {missing:,} of {units:,} units. Write 0 for units that did "
                "nothing then, or leave the column out.",
                column=BEFORE,
                missing=missing,
                units=len(frame),
            )
        )
    table = pd.DataFrame({"arm": frame["arm"].astype(str), "value": frame[BEFORE].astype(float)})
    if units.cluster_name:
        table["cluster"] = frame[units.cluster_name].astype(str)
        table = table.groupby(["arm", "cluster"]).mean().reset_index()
    values = [table.loc[table["arm"] == name, "value"].to_numpy() for name in units.arms]
    p = 1.0 if np.ptp(np.concatenate(values)) == 0 else float(kruskal(*values).pvalue)
    means = [number(float(each.mean())) for each in values]
    seen = joined(f"{named(name)} {mean}" for name, mean in zip(units.arms, means, strict=True))
    told = {"seen": seen, "odds": odds(p)}
    if p >= WARN:
        alike = tr(
            "Before the campaign the arms differed no more than by chance: {seen} a unit (as much in {odds} of tests; "
            "below 0.1% blocks).",
            **told,
        )
        return [Gate("balance", True, alike)]
    detail = tr(
        "The arms differed before the campaign: {seen} a unit (by chance in {odds} of tests; below 0.1% blocks).",
        **told,
    )
    if p < BLOCK:
        each = listing(
            tr("{group} averaged {mean}", group=named(name), mean=mean)
            for name, mean in zip(units.arms, means, strict=True)
        )
        apart = tr(
            "Before the campaign, {each}: they were different to begin with, so what differs afterwards cannot be put "
            "down to the campaign.",
            each=each,
        )
        return [Gate("balance", False, apart)]
    remedy = tr("It may be chance; find out how units were assigned.")
    return [Gate("balance", False, sentences(detail, remedy), "warn")]


def _numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or pd.api.types.infer_dtype(column.dropna()) == "decimal"
