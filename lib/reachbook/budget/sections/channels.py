"""Sections on the channels and on the fit of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.budget.advice.gain_unit import GainUnit
from reachbook.budget.model.spec import REGIONS
from reachbook.budget.sections import channel_figures as figures
from reachbook.budget.wording import beside, chance, interval, likely, name
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Table
from reachbook.stats.intervals import equal_tailed, equal_tails
from reachbook.translation import listing, sentences, tr

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
    note = tr("The model explains {share} of how the outcome varies from week to week.", share=number(mix.fit, "ratio"))
    caption = tr(
        "share_by_prior: doubt about the channel's share after the data, by that before; near one the data say "
        "nothing. variance_inflation: how far the other channels move along with it."
    )
    return Section(note, (Figure("forecast", *figures.forecast(mix)),), (Table("known", known, caption),))


def contribution(mix: Mix, names: Mapping[str, str]) -> Section:
    """Section on the contributions over time."""
    low, middle, high = equal_tailed(mix.media_share, mix.level)
    note = tr(
        "Of the outcome, media brought {middle} [{low}, {high}]; the rest would have come without.",
        middle=number(middle, "ratio"), low=number(low, "ratio"), high=number(high, "ratio"),
    )  # fmt: skip
    weekly = pd.DataFrame(mix.contribution.mean(axis=0).T, columns=list(mix.channels))
    weekly.insert(0, "week", [f"{week:%Y-%m-%d}" for week in mix.weeks])
    weekly["without_media"] = mix.baseline.mean(axis=0)
    drawn = figures.contributions(mix, names)
    return Section(
        note,
        (Figure("contribution", *drawn),),
        (Table("contribution", weekly, tr("Expected, in the outcome's unit.")),),
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
    assumed = tr(
        "For {channels} what is told is what was believed before the data.",
        channels=listing([name(c, names) for c in believed]),
    )
    note = sentences(_pays(mix, scale, names), assumed if believed else "", _no_regions(mix))
    tables = (_table(mix, spec, currency, names, believed), *_regions(mix, spec, names))
    return Section(note, (Figure("returns", *drawn),), tables)


def _pays(mix: Mix, scale: GainUnit, names: Mapping[str, str]) -> str:
    """Sentences on where marginal spend pays for itself, or why that is unknown."""
    if scale.even is None or scale.margin is None:
        one = number(1, "money", scale.currency)
        return tr("Returns are {outcome} for each {one} of spend.", outcome=scale.returned, one=one)
    known = [
        (name(c, names), chance(row, scale.even))
        for c, row in zip(mix.channels, _money(mix.mroi, scale).T, strict=True)
    ]
    sure, lost = (
        listing([beside(c, likely(p)) for c, p in known if low < p < high]) for low, high in ((0.9, 2), (-1, 0.1))
    )
    told = tr(
        "A unit of money pays for itself where it brings {even} of outcome in money, of which a margin of {margin} "
        "stays.",
        even=number(scale.even), margin=number(scale.margin, "ratio"),
    )  # fmt: skip
    more = tr("More money pays for itself at {channels}, with the probability in brackets.", channels=sure)
    less = tr("The next unit of money is not likely to come back at {channels}: with the probability in brackets.",
              channels=lost)  # fmt: skip
    return sentences(told, more if sure else "", less if lost else "")


def curves(
    mix: Mix, on: Curves, spec: BudgetSpec, currency: str, names: Mapping[str, str],
    planned: Floats | None, true: Curves | None,
) -> Section:  # fmt: skip
    """Section on the response curves, with the plan's spend `planned` (channels,) and true curves if simulated."""
    drawn = figures.curves(on, GainUnit.of(spec, currency), mix.level, names, planned, true)
    steep = [
        name(c, names) for c, row in zip(mix.channels, mix.saturated.T, strict=True) if float(np.median(row)) < 1 / 3
    ]
    note = tr("Each curve is a constant spend, week after week, so that all that carries over has arrived.")
    least = tr(
        "Least saturated: {channels}, with less than a third of the most they could bring.", channels=listing(steep)
    )
    note = sentences(note, least if steep else "")
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
    caption = tr(
        "Share of the region's outcome, and return (roi): outcome for each unit of spend. Intervals of {level:.0%}.",
        level=mix.level,
    )
    return (Table("regions", frame, caption, units, True, shown),)


def _no_regions(mix: Mix) -> str:
    """Sentences on the missing table by region where regions were summed, or ""."""
    if not mix.added:
        return ""
    return sentences(
        tr(
            "There is no table by region: the {n} regions were added up before the fit, so that what a channel "
            "brings in one of them is not known, spend that moved in a few of them alone says less, and all curves "
            "hold for money parted between the regions as it was.",
            n=len(mix.added),
        ),
        tr("To tell regions apart, bring them as {n} or fewer, or try `regions: each`.", n=REGIONS),
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
    cost, spent = (mix.cac, "spend for a customer (CAC)") if mix.cac is not None else (1 / mix.roi, "spend for one")
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
    caption = sentences(
        tr(
            "Spend of all weeks; current: a week, now. {so_far}: {outcome} for each {one} so far; {more}: for one "
            "more. Intervals of {level}.",
            so_far=tr(so_far), more=tr(more), outcome=scale.returned, one=number(1, "money", currency),
            level=number(level, "ratio"),
        ),
        tr("spend for one: money for each of {outcome}.", outcome=scale.outcome) if "spend for one" in shown else "",
    )  # fmt: skip
    return Table("channels", frame, caption, units, True, shown, ("rests on",))
