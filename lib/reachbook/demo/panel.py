"""Campaigns that differ by time and place: daily sales of cities, and one brand's series with controls."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from reachbook.arrays import Flags, Floats, Ints
from reachbook.demo import columns, draws
from reachbook.demo.calendar import Campaign, festivals
from reachbook.demo.effects import PlantedEffect, day
from reachbook.demo.media import steady_return
from reachbook.demo.spec import DemoSpec

LIFTS = (0.07, 0.10, 0.05)
"""Relative lifts of the treated cities, used in turn."""
SERIES_LIFT = 0.12
_WEEKDAY = np.log(np.array([0.94, 0.92, 0.93, 0.95, 1.02, 1.14, 1.10]))
_SHOPPING = np.array([0.30, 0.12, -0.25])


@dataclass(frozen=True)
class Panel:
    """Sales of each unit on each day, with and without the campaign.

    Attributes
    ----------
    names : list of str
        Name of each unit.
    outcome, without, spend : float64 array (units, days)
        Sales, sales without the campaign, and its cost, in yuan.
    treated : bool array (units, days)
        Whether the campaign is running.
    parameter : float64 array (units,)
        Planted relative lift, 0 for controls.
    first : int
        First day, days since 1970-01-01.
    """

    names: list[str]
    outcome: Floats
    without: Floats
    treated: Flags
    spend: Floats
    parameter: Floats
    first: int

    @property
    def dates(self) -> Ints:
        """Days since 1970-01-01, int64 array (days,)."""
        return self.first + np.arange(self.outcome.shape[1])


def panel(spec: DemoSpec, plan: Campaign, end: int, seed: int) -> Panel:
    """Draw the cities up to the day `end`.

    Notes
    -----
    Sales are a product: level, trend, weekday, festivals, shocks common to all (each city with its own sensitivity),
    the city's own autoregression, and the campaign. The first treated city is larger than any other. Spend is set so
    that the campaign returns what the channel's response curve in `media` says a further yuan returns.
    """
    rng = draws.stream(seed, "panel")
    units, days, treated = spec.cities, spec.panel_days, spec.treated_cities
    who = rng.permutation(units)[:treated]
    parameter = np.zeros(units)
    parameter[who] = np.resize(LIFTS, treated)
    level = 30_000 * rng.lognormal(0, 0.5, units)
    level[who[0]] = 2.5 * level.max()
    first = end - days + 1
    begins = np.full(units, days)
    begins[who] = plan.start - first + spec.stagger_days * np.arange(treated)
    since = np.arange(days) - begins[:, None]
    logs = np.log(level)[:, None] + _calendar(first, days) + _unrest(rng, units, days)
    without = np.exp(logs)
    effect = np.log1p(parameter)[:, None] * np.clip((since + 1) / 3, 0, 1)
    cost = parameter * level / steady_return(plan.channel)
    return Panel(
        names=[f"city_{number:0{max(2, len(str(units)))}d}" for number in range(1, units + 1)],
        outcome=np.round(without * np.exp(effect), 2),
        without=np.round(without, 2),
        treated=since >= 0,
        spend=np.where(since >= 0, np.round(cost[:, None] * rng.uniform(0.9, 1.1, (units, days)), 2), 0.0),
        parameter=parameter,
        first=first,
    )


def _calendar(first: int, days: int) -> Floats:
    """Log effect of weekday and festivals on each day, shape (days,)."""
    return np.asarray(_WEEKDAY[(first + 3 + np.arange(days)) % 7] + festivals(first, days) @ _SHOPPING)


def _unrest(rng: np.random.Generator, units: int, days: int) -> Floats:
    """Log of trend, common shocks and each unit's own autoregression, shape (units, days)."""
    trend = rng.normal(0.0004, 0.0004, (units, 1)) * np.arange(days)
    common = draws.autoregression(rng, 0.8, 0.06, (1, days))
    return trend + rng.normal(1.0, 0.15, (units, 1)) * common + draws.autoregression(rng, 0.5, 0.035, (units, days))


def table(drawn: Panel) -> pa.Table:
    """One row for each city and day; `spend` is the campaign's cost there that day, zero where it did not run."""
    units, days = drawn.outcome.shape
    return columns.table(
        {
            "unit": columns.pick(drawn.names, np.repeat(np.arange(units), days)),
            "date": columns.days(np.tile(drawn.dates, units)),
            "outcome": columns.number(drawn.outcome.ravel()),
            "treated": pa.array(drawn.treated.ravel()),
            "spend": columns.money(drawn.spend.ravel()),
        }
    )


def counterfactual(design: str, drawn: Panel) -> pa.Table:
    """truth_counterfactual: sales of each treated unit on each day without the campaign."""
    who = np.flatnonzero(drawn.treated.any(axis=1))
    days = drawn.outcome.shape[1]
    return columns.table(
        {
            "design": columns.pick([design], np.zeros(len(who) * days, dtype=np.int64)),
            "unit": columns.pick(drawn.names, np.repeat(who, days)),
            "date": columns.days(np.tile(drawn.dates, len(who))),
            "outcome": columns.number(drawn.outcome[who].ravel()),
            "counterfactual": columns.number(drawn.without[who].ravel()),
        }
    )


def truth(design: str, campaign: str, drawn: Panel, plan: Campaign) -> Iterator[PlantedEffect]:
    """Yield the effect on each treated unit while treated and, for the panel, on all of them together."""
    who = np.flatnonzero(drawn.treated.any(axis=1))
    if design == "panel":
        yield _effect(design, campaign, drawn, plan, "all", drawn.treated, None)
    for unit in who:
        cells = drawn.treated & (np.arange(len(drawn.names)) == unit)[:, None]
        yield _effect(design, campaign, drawn, plan, drawn.names[unit], cells, float(drawn.parameter[unit]))


def _effect(
    design: str, campaign: str, drawn: Panel, plan: Campaign, unit: str, cells: Flags, parameter: float | None
) -> PlantedEffect:
    gain = float((drawn.outcome - drawn.without)[cells].sum())
    here = drawn.dates[cells.any(axis=0)]
    return PlantedEffect(
        design=design,
        campaign_id=campaign,
        channel=plan.channel,
        unit=unit,
        segment=None,
        metric="outcome",
        estimand="treated",
        start=day(here[0]),
        end=day(here[-1]),
        parameter=parameter,
        effect=gain / int(cells.sum()),
        relative=gain / float(drawn.without[cells].sum()),
        total=gain,
        units=int(cells.sum()),
        spend=float(drawn.spend[cells].sum()),
    )


def series(days: int, plan: Campaign, end: int, seed: int) -> tuple[Panel, Floats]:
    """Draw one brand's daily sales up to `end`, and control series that the campaign does not affect.

    Returns
    -------
    sales : Panel
        The brand as a single unit.
    controls : float64 array (3, days)
        The first two move with the sales, the third with nothing.

    Notes
    -----
    After the campaign the effect fades by a fifth each day.
    """
    rng = draws.stream(seed, "series")
    first = end - days + 1
    search, category, weather = (
        draws.autoregression(rng, rho, sd, (1, days))[0] for rho, sd in ((0.9, 0.1), (0.85, 0.08), (0.7, 0.2))
    )
    rhythm = _calendar(first, days)
    level = np.cumsum(rng.normal(0, 0.002, days))
    own = draws.autoregression(rng, 0.5, 0.03, (1, days))[0]
    without = 60_000 * np.exp(level + rhythm + 0.5 * search + 0.4 * category + own)
    controls = np.stack([100 * np.exp(0.6 * rhythm + search), 400_000 * np.exp(rhythm + category), 20 + 10 * weather])
    controls *= np.exp(np.array([[0.02], [0.015], [0.0]]) * rng.standard_normal((3, days)))
    since, after = first + np.arange(days) - plan.start, first + np.arange(days) - plan.end
    strength = np.clip((since + 1) / 5, 0, 1) * 0.8 ** np.clip(after, 0, None)
    treated = (since >= 0) & (after <= 0)
    cost = SERIES_LIFT * 60_000 / steady_return(plan.channel)
    drawn = Panel(
        names=["brand"],
        outcome=np.round(without * np.exp(np.log1p(SERIES_LIFT) * strength), 2)[None],
        without=np.round(without, 2)[None],
        treated=treated[None],
        spend=np.where(treated, np.round(cost * rng.uniform(0.9, 1.1, days), 2), 0.0)[None],
        parameter=np.array([SERIES_LIFT]),
        first=first,
    )
    return drawn, np.round(controls, 2)


def series_table(drawn: Panel, controls: Floats, seed: int) -> pa.Table:
    """The series as a panel of one unit, without a few days before the campaign that were not recorded.

    Parameters
    ----------
    controls : float64 array (3, days)
        See `series`.
    """
    rng = draws.stream(seed, "series.missing")
    before = int(np.flatnonzero(drawn.treated[0])[0])
    gone = np.append(rng.integers(10, before - 10) + np.arange(3), rng.integers(10, before - 10, 2))
    names = ("search_index", "category_sales", "temperature")
    whole = table(drawn)
    for name, control in zip(names, controls, strict=True):
        whole = whole.append_column(name, columns.number(control))
    return whole.take(np.setdiff1d(np.arange(whole.num_rows), gone))
