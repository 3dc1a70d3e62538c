"""Reference crowds without segments that are as sparse as the observed audience."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from reachbook.segmentation.counts import PARTS
from reachbook.segmentation.scaling import spread_out
from reachbook.segmentation.structure.null_reference import QUANTILES, copula, marginal

FEWEST = 60
"""Smallest number of people from which a reference margin is estimated."""
TOTALS = {"kind": "acts", "platform": "acts", "format": "formats_known", "topic": "topics_known"}
"""Column that the counts of each group sum to."""
DRAWN = ("weekend", "kind_", "platform_", "format_", "topic_")
STEADY = 1e-4
"""Overdispersion below which everybody is taken to have the same shares."""


@dataclass(frozen=True)
class Crowd:
    """The counts of an audience, and how to compute features from such counts.

    Attributes
    ----------
    counts : pandas.DataFrame
        One row for each person, index user_id; columns as in features.sql.
    levels : dict of str to list of str
        Kinds, platforms, formats and topics, as in `Counts`.
    start, end : date
        First and last day of the period.
    described : callable
        Computes the features of a frame like `counts`.

    Notes
    -----
    Where most people have one or two events, features lie on a few islands: one order is 100 % of something, and the
    mean of two orders varies less than one order. A valley between such islands separates "one order" from "more", not
    two kinds of people. Reference crowds are therefore drawn in which nobody belongs to a group. Numbers of events come
    from a Gaussian copula over their own margins, each smoothed to one mode apart from widely shared values. Given the
    numbers, hours, platforms and the like come from a Dirichlet-multinomial without two corner modes, and money and
    recency from people with as many events, smoothed to one mode. Whatever such crowds show as often as the audience
    does is no structure.
    """

    counts: pd.DataFrame
    levels: dict[str, list[str]]
    start: date
    end: date
    described: Callable[[pd.DataFrame], pd.DataFrame]

    def named(self) -> dict[str, pd.Series]:
        """The counts that could explain a split, by the name of one thing counted."""
        names = {"orders_all": "order", "acts": "interaction", "events": "event"}
        return {word: self.counts[c].fillna(0.0) for c, word in names.items() if c in self.counts}

    def draw(self, size: int, rng: np.random.Generator) -> pd.DataFrame:
        """Draw features of `size` people of a crowd without segments."""
        return self.described(self._people(size, rng))

    def by_chance(self, rng: np.random.Generator) -> pd.DataFrame:
        """Features of the same people with the same numbers of events but random shares: what the numbers alone
        imply.
        """
        out = self.counts.drop(columns=[c for c in self.counts if str(c).startswith(("hours_", *DRAWN))])
        out = out.join(self._times(out, rng))
        if "acts" in out:
            out = out.join(self._shares(out.fillna(dict.fromkeys(TOTALS.values(), 0.0)), rng))
        return self.described(out)

    def _people(self, size: int, rng: np.random.Generator) -> pd.DataFrame:
        out = _numbers(self.counts, size, rng)
        if "orders_all" in out:
            out = out.join(_orders(self.counts, out["orders_all"], rng))
        if "acts" in out:
            for known in ("formats_known", "topics_known"):
                out = out.join(_part(self.counts, known, "acts", out["acts"], rng))
            out = out.join(self._shares(out, rng))
        out = out.join(_days(self.counts, out, self.start, self.end, rng))
        return out.join(self._times(out, rng))

    def _shares(self, people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        """Draw kinds, platforms, formats and topics of people with given numbers of interactions."""
        columns = {group: [f"{group}_{i}" for i in range(len(levels))] for group, levels in self.levels.items()}
        parts = [_split(self.counts, own, TOTALS[g], people[TOTALS[g]], rng) for g, own in columns.items()]
        return pd.concat(parts, axis=1)

    def _times(self, people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        """Draw hours and weekends of people with given numbers of events."""
        parts = [f"hours_{i}" for i in range(len(PARTS))]
        hours = _split(self.counts, parts, "timed", people["timed"], rng)
        return hours.join(_split(self.counts, ["weekend"], "events", people["events"], rng))


def _numbers(counts: pd.DataFrame, size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw numbers of interactions and orders of `size` people, at least one event each, and of events with an hour."""
    names = [c for c in ("acts", "orders_all") if c in counts]
    values = np.log1p(counts[names].fillna(0.0).to_numpy(float))
    smooth = np.column_stack([spread_out(v, np.zeros(len(v), bool), rng) for v in values.T])
    source = copula(values, smooth, rng)
    drawn = np.empty((0, len(names)))
    while len(drawn) < size:
        more = np.round(np.expm1(source.draw(2 * size, rng)))
        drawn = np.vstack([drawn, more[more.sum(axis=1) >= 1]])
    out = pd.DataFrame(drawn[:size], columns=names)
    out["events"] = out.sum(axis=1)
    return out.join(_part(counts, "timed", "events", out["events"], rng))


def _part(counts: pd.DataFrame, part: str, whole: str, total: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Draw how many of each person's `total` belong to a part, with the same probability for everybody."""
    chance = counts[part].sum() / max(counts[whole].sum(), 1.0)
    return pd.Series(rng.binomial(total.to_numpy(int), min(chance, 1.0)), total.index, float, name=part)


def _split(
    counts: pd.DataFrame, columns: list[str], whole: str, total: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    """Split each person's `total` among `columns` and others, with the overdispersion between people that was
    observed.
    """
    seen = counts[columns].fillna(0.0).to_numpy(float)
    n = counts[whole].fillna(0.0).to_numpy(float)
    table = np.column_stack([seen, n - seen.sum(axis=1)])
    used = table.sum(axis=0) > 0
    drawn = np.zeros((len(total), len(used)))
    if used.any():
        drawn[:, used] = dirichlet_multinomial(table[:, used], total.to_numpy(int), rng)
    return pd.DataFrame(drawn[:, : len(columns)], total.index, columns)


def dirichlet_multinomial(table: np.ndarray, total: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw counts in each class, given each person's `total`.

    Parameters
    ----------
    table : float64 array (observed people, classes)
        Observed counts, which determine shares and overdispersion.
    total : int array (people,)
        Number to draw for each person.

    Returns
    -------
    float64 array (people, classes)

    Notes
    -----
    Overdispersion is estimated by moments of Pearson's chi-square. The concentration is at least 1 over the largest
    share, so that only the commonest class can be a mode and there are never two corners.

    References
    ----------
    Mosimann (1962), "On the compound multinomial distribution".
    """
    n, share = table.sum(axis=1), table.sum(axis=0) / table.sum()
    expected = np.outer(n, share)
    square = np.divide((table - expected) ** 2, expected, out=np.zeros_like(table), where=expected > 0).sum()
    excess = square / max(len(share) - 1, 1) - float((n > 0).sum())
    over = excess / max(float((n - 1).clip(min=0).sum()), 1.0)
    over = float(np.clip(over, 0.0, 1 / (1 + 1 / share.max())))
    if over < STEADY:
        return rng.multinomial(total, share).astype(float)
    own = rng.standard_gamma((1 / over - 1) * share, (len(total), len(share))) + 1e-12
    return rng.multinomial(total, own / own.sum(axis=1, keepdims=True)).astype(float)


def _orders(counts: pd.DataFrame, number: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Draw money, items and discounts of people with given numbers of orders."""
    buyers = counts[counts["orders_all"] > 0]
    every = buyers["orders_all"]
    mean = draw_given(every, buyers["revenue"] / every, number, rng)
    orders = _part(buyers, "orders", "orders_all", number, rng)
    known = {c: _part(buyers, c, "orders_all", number, rng) for c in ("items_known", "discount_known")}
    items = draw_given(every, buyers["items"] / buyers["items_known"], number, rng)
    list_price = buyers["revenue"] + buyers["discount"].fillna(0.0)
    off = draw_given(every, buyers["discount"].fillna(0.0) / list_price, number, rng).clip(upper=0.999)
    revenue = mean * number
    given = {"items": items * known["items_known"], "discount": revenue * off / (1 - off), **known}
    return pd.DataFrame({"revenue": revenue, "money": mean * orders, "orders": orders, **given}).fillna(0.0)


def _days(counts: pd.DataFrame, drawn: pd.DataFrame, start: date, end: date, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the last day with an event and with an order."""
    last, window = pd.Timestamp(end), float((end - start).days + 1)
    since = {}
    for number, day in (("acts", "last_act"), ("orders_all", "last_order")):
        if number in drawn:
            before = (last - pd.to_datetime(counts[day])).dt.days.astype(float)
            since[day] = draw_given(counts[number], before, drawn[number], rng).where(drawn[number] > 0)
    out = {"last_day": _day(last, pd.DataFrame(since).min(axis=1), window)}
    if "last_order" in since:
        out["last_order"] = _day(last, since["last_order"], window).where(drawn["orders_all"] > 0)
    return pd.DataFrame(out)


def _day(last: pd.Timestamp, since: pd.Series, window: float) -> pd.Series:
    return last - pd.to_timedelta(since.round().clip(0, window - 1).fillna(0.0), unit="D")


def draw_given(number: pd.Series, values: pd.Series, given: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Draw a value for each of `given` from people with as many events, smoothed to one mode.

    Parameters
    ----------
    number : float64 array (observed people,)
        Number of events.
    values : float64 array (observed people,)
        Value to draw, nan where unknown.
    given : float64 array (people,)
        Numbers of events to draw for.

    Returns
    -------
    pandas.Series (people,)
        nan where nobody has a value. Numbers that too few people have are pooled with their neighbours.
    """
    known = values.notna()
    number, values = number[known], values[known]
    out = np.full(len(given), np.nan)
    if number.empty:
        return pd.Series(out, given.index)
    limits = strata(number.to_numpy(float))
    own, wanted = (np.searchsorted(limits, each, side="right") for each in (number, given))
    for stratum in np.unique(wanted):
        inside = values[own == stratum].to_numpy(float)
        who = np.flatnonzero(wanted == stratum)
        source = as_wide(marginal(inside, spread_out(inside, np.zeros(len(inside), bool), rng)), inside)
        out[who] = source[rng.integers(0, QUANTILES, len(who))]
    return pd.Series(out, given.index)


def as_wide(drawn: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Rescale `drawn`, shape (draws,), to the spread of `values`, if these are a measurement.

    Notes
    -----
    Smoothing must not fill a valley.
    """
    if len(np.unique(values)) <= 0.5 * len(values) or drawn.std() == 0:
        return drawn
    return np.asarray(((drawn - drawn.mean()) / drawn.std() * values.std() + values.mean()).clip(0))


def strata(number: np.ndarray) -> np.ndarray:
    """Lower limits of strata of `number`, shape (people,), except the first; ascending, shape (strata - 1,).

    Notes
    -----
    Each stratum holds at least `FEWEST` people, or 2 % of them if that is more.
    """
    found, count = np.unique(number, return_counts=True)
    least, held = max(FEWEST, 0.02 * len(number)), 0
    begins = []
    for value, people in zip(found[::-1], count[::-1], strict=True):
        held += int(people)
        if held >= least:
            begins.append(float(value))
            held = 0
    begins = begins[:-1] if begins else []
    return np.array(sorted(begins))
