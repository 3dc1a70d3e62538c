"""True effects of the simulated campaigns, one row each, whatever the design."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date

import numpy as np
import pyarrow as pa

from reachbook.demo.calendar import Campaign


@dataclass(frozen=True)
class PlantedEffect:
    """One true effect, from both potential outcomes of every unit, simulated with the same noise.

    Attributes
    ----------
    design : str
        "experiment", "panel" or "series".
    unit : str
        Arm, city or brand; "all" for all treated units of the design together.
    segment : str or None
        Segment; None for everybody.
    metric : str
        Outcome column.
    estimand : str
        "assigned" (intention to treat, for each unit), "exposed" (for each exposed unit) or "treated" (for each treated
        unit and day).
    parameter : float or None
        Planted relative change of the treated or exposed, a ratio; None where it differs between segments.
    effect : float
        Realised mean difference, in outcome units.
    relative : float
        Effect over the mean outcome without the campaign, a ratio.
    total : float
        Effect times `units`.
    units : int
        Number of affected units, or units and days.
    spend : float or None
        Cost in yuan; None where nothing was spent.
    """

    design: str
    campaign_id: str
    channel: str
    unit: str
    segment: str | None
    metric: str
    estimand: str
    start: date
    end: date
    parameter: float | None
    effect: float
    relative: float
    total: float
    units: int
    spend: float | None


def table(effects: Iterable[PlantedEffect]) -> pa.Table:
    """truth_campaigns: one row for each effect."""
    types = {"str": pa.string(), "date": pa.date32(), "float": pa.float64(), "int": pa.int64()}
    schema = pa.schema([(f.name, types[_base(f.type)]) for f in fields(PlantedEffect)])
    return pa.Table.from_pylist([asdict(effect) for effect in effects], schema)


def _base(annotation: object) -> str:
    name = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return name.split(" |")[0]


def day(number: int) -> date:
    """Date of a day given as days since 1970-01-01."""
    return date.fromisoformat(str(np.datetime64(int(number), "D")))


def window(plan: Campaign) -> tuple[date, date]:
    """First and last date of a campaign."""
    return day(plan.start), day(plan.end)
