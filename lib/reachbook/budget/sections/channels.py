"""Sections on the channels and on the fit of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.budget.advice.gain_unit import GainUnit
from reachbook.budget.model.gates import settled
from reachbook.budget.model.spec import REGIONS
from reachbook.budget.sections import channel_figures as figures
from reachbook.budget.wording import chance, interval, likely, name
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Table
from reachbook.stats.intervals import equal_tailed, equal_tails
from reachbook.translation import listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reachbook.arrays import Floats
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.optimize.curves import Curves
    from reachbook.budget.spec import BudgetSpec

_RATIOS = ("share", "share_low", "share_high", "retention", "saturated", "saturated_low", "saturated_high", "pays")


def fit(mix: Mix, names: Mapping[str, str]) -> Section:
    """Section on the model's fit, and on how far the data inform each channel."""
    known = pd.DataFrame(
        {
            "name": [name(c, names) for c in mix.channels],
            "share_by_prior": mix.dominance,
            "variance_inflation": mix.inflation,
        }
    )
    note = (
        f"The model explains {number(mix.fit, 'ratio')} of how the outcome varies from week to week; "
        f"{number(mix.predictive, 'ratio')} of weeks lie inside their {number(mix.level, 'ratio')} interval. "
        f"{settled(mix.convergence)}"
    )
    caption = (
        "share_by_prior: deviation of the channel's share after the data, by that before; near one the data say "
        "nothing. variance_inflation: how far the other channels move along with it."
    )
    return Section(note, (Figure("forecast", *figures.forecast(mix)),), (Table("known", known, caption),))


def contribution(mix: Mix, names: Mapping[str, str]) -> Section:
    """Section on the contributions over time."""
    low, middle, high = equal_tailed(mix.media_share, mix.level)
    note = (
        f"Of the outcome, media brought {number(middle, 'ratio')} [{number(low, 'ratio')}, {number(high, 'ratio')}]; "
        "the rest would have come without."
    )
    weekly = pd.DataFrame(mix.contribution.mean(axis=0).T, columns=list(mix.channels))
    weekly.insert(0, "week", [f"{week:%Y-%m-%d}" for week in mix.weeks])
    weekly["without_media"] = mix.baseline.mean(axis=0)
    drawn = figures.contributions(mix, names)
    return Section(
        note, (Figure("contribution", *drawn),), (Table("contribution", weekly, "Expected, in the outcome's unit."),)
    )


def channels(
    mix: Mix,
    spec: BudgetSpec,
    planted: pd.DataFrame,
    currency: str,
    names: Mapping[str, str],
    believed: tuple[str, ...],
) -> Section:
    """Section on average and marginal returns.

    Parameters
    ----------
    mix : Mix
        Fitted model.
    spec : BudgetSpec
        Parameters.
    planted : DataFrame
        Columns channel, roi, mroi: true outcome per unit of money; without rows for real data.
    currency : str
        Currency code.
    names : mapping of str to str
        Display name of each channel.
    believed : tuple of str
        Channels whose return rests on the prior.
    """
    scale = GainUnit.of(spec, currency)
    drawn = figures.returns(_rows(mix, spec, planted, names), scale, mix.level)
    said = [_pays(mix, scale, names)]
    said += (
        [f"For {listing(name(c, names) for c in believed)} what is told is what was believed before the data."]
        if believed
        else []
    )
    note = " ".join(each for each in (*said, _no_regions(mix)) if each)
    tables = (_table(mix, spec, currency, names, believed), *_regions(mix, spec, names))
    return Section(note.strip(), (Figure("returns", *drawn),), tables)


def _pays(mix: Mix, scale: GainUnit, names: Mapping[str, str]) -> str:
    """Sentences on where marginal spend pays for itself, or why that is unknown."""
    if scale.even is None or scale.margin is None:
        return f"Returns are {scale.returned} for each {number(1, 'money', scale.currency)} of spend. {scale.remedy}"
    known = [
        (name(c, names), chance(row, scale.even))
        for c, row in zip(mix.channels, _money(mix.mroi, scale).T, strict=True)
    ]
    sure, lost = ([f"{c} ({likely(p)})" for c, p in known if low < p < high] for low, high in ((0.9, 2), (-1, 0.1)))
    told = (
        f"A unit of money pays for itself where it brings {number(scale.even)} of outcome in money, of which a margin "
        f"of {number(scale.margin, 'ratio')} stays."
    )
    told += f" More money pays for itself at {listing(sure)}, with the probability in brackets." if sure else ""
    return told + (
        f" The next unit of money is not likely to come back at {listing(lost)}: with the probability in brackets."
        if lost else ""
    )  # fmt: skip


def curves(
    mix: Mix, on: Curves, spec: BudgetSpec, currency: str, names: Mapping[str, str],
    planned: Floats | None, true: Curves | None,
) -> Section:  # fmt: skip
    """Section on the response curves, with the plan's spend `planned` (channels,) and true curves if simulated."""
    drawn = figures.curves(on, GainUnit.of(spec, currency), mix.level, names, planned, true)
    steep = [
        name(c, names) for c, row in zip(mix.channels, mix.saturated.T, strict=True) if float(np.median(row)) < 1 / 3
    ]
    note = "Each curve is a constant spend, week after week, so that all that carries over has arrived."
    if steep:
        note += f" Least saturated: {listing(steep)}, with less than a third of the most they could bring."
    return Section(note, (Figure("curves", *drawn),))


def _regions(mix: Mix, spec: BudgetSpec, names: Mapping[str, str]) -> tuple[Table, ...]:
    """Table of returns by region; none without regions."""
    if mix.regions is None:
        return ()
    frame = mix.regions.copy()
    returns = ["roi_low", "roi", "roi_high"]
    frame[returns] = frame[returns] * GainUnit.of(spec).price
    frame.insert(1, "name", [name(each, names) for each in frame["channel"]])
    units = dict.fromkeys(["share", "share_low", "share_high"], "ratio") | {"spend": "money"}
    shown = ["region", "name", "spend", "share", "roi_low", "roi", "roi_high"]
    kind = "ROI (roi)" if spec.value_per_unit is not None else "return (roi)"
    caption = (
        f"Share of the region's outcome, and {kind}: outcome for each unit of spend. Intervals of {mix.level:.0%}."
    )
    return (Table("regions", frame, caption, units, True, shown),)


def _no_regions(mix: Mix) -> str:
    """Sentences on the missing table by region where regions were summed, or ""."""
    if not mix.added:
        return ""
    return (
        f"There is no table by region: the {len(mix.added)} regions were added up before the fit, so that what a "
        "channel brings in one of them is not known, spend that moved in a few of them alone says less, and all curves "
        "hold for money parted between the regions as it was. To tell regions apart, bring them as "
        f"{REGIONS} or fewer, or try `regions: each`."
    )


def _money(draws: Floats, scale: GainUnit) -> Floats:
    return draws * scale.price


def _rows(mix: Mix, spec: BudgetSpec, planted: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Returns per unit of money: columns name, kind, low, middle, high, pays, planted.

    Outcome is in money where its value is stated. `pays` is the probability that the return exceeds break-even, NaN if
    unknown.
    """
    scale = GainUnit.of(spec)
    known, made = {kind: dict(zip(planted["channel"], planted[kind], strict=True)) for kind in ("roi", "mroi")}, []
    for kind, draws in (("roi", mix.roi), ("mroi", mix.mroi)):
        for c, row in zip(mix.channels, _money(draws, scale).T, strict=True):
            low, middle, high = equal_tailed(row, mix.level)
            true = float(known[kind].get(c, np.nan)) * scale.price
            pays = np.nan if scale.even is None else chance(row, scale.even)
            made.append((name(c, names), kind, low, middle, high, pays, true))
    return pd.DataFrame(made, columns=["name", "kind", "low", "middle", "high", "pays", "planted"])


def _table(mix: Mix, spec: BudgetSpec, currency: str, names: Mapping[str, str], believed: tuple[str, ...]) -> Table:
    """Table with one row a channel; intervals as text, numbers in the file."""
    frame, level, scale = mix.table(), mix.level, GainUnit.of(spec, currency)
    roi, mroi, even = _money(mix.roi, scale), _money(mix.mroi, scale), scale.even
    for kind, draws in (("roi", roi), ("mroi", mroi)):
        frame[[f"{kind}_low", kind, f"{kind}_high"]] = np.transpose(equal_tails(draws, level))
    count = len(mix.channels)
    cost, each = (mix.cac, "a customer (CAC)") if mix.cac is not None else (1 / mix.roi, f"one of {scale.outcome}")
    spent = f"spend for {each}"
    frame.insert(1, "name", [name(c, names) for c in mix.channels])
    so_far, more = scale.returns
    frame[so_far] = [interval(roi[:, c], level) for c in range(count)]
    frame[more] = [interval(mroi[:, c], level) for c in range(count)]
    if even is not None:
        frame["pays for itself"] = [likely(chance(mroi[:, c], even)) for c in range(count)]
    frame[spent] = [interval(cost[:, c], level, "money", currency) for c in range(count)]
    frame["saturation"] = [interval(mix.saturated[:, c], level, "ratio") for c in range(count)]
    frame["rests on"] = ["belief" if c in believed else "data" for c in mix.channels]
    frame = frame.drop(columns="mroi_above_1")
    if even is not None:
        frame["pays"] = [chance(mroi[:, c], even) for c in range(count)]
    told = ["name", "spend", "current", "share", so_far, more, "pays for itself", spent, "saturation", "rests on"]
    shown = [each for each in told if each in frame]
    if mix.cac is None and scale.value == 1:
        shown.remove(spent)
    units = dict.fromkeys(_RATIOS, "ratio") | {"spend": "money", "current": "money"}
    one = number(1, "money", currency)
    caption = (
        f"Spend of all weeks; current: a week, now. {so_far}: {scale.returned} for each {one} so far; {more}: for one "
        "more. "
        f"Intervals of {number(level, 'ratio')}."
    )
    return Table("channels", frame, caption, units, True, shown)
