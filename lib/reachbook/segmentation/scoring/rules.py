"""The rules of published segments as one SQL query, by which people who were not there are scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from reachbook import query
from reachbook.query import identifier, literal
from reachbook.segmentation import scaling
from reachbook.segmentation.behaviour import features
from reachbook.segmentation.counts import PARTS, SQL, question
from reachbook.segmentation.partition.k_means import centres
from reachbook.segmentation.partition.moments import Moments
from reachbook.segmentation.scaling import CLIP
from reachbook.segmentation.spec import SegmentationSpec

_TOTALS = {"kind": "acts", "platform": "acts", "format": "formats_known", "topic": "topics_known"}


@dataclass(frozen=True)
class SegmentRules:
    """Nearest centre in discriminant coordinates, learned from the segments that were published.

    Attributes
    ----------
    sql : str
        A query on the tables of the study in DuckDB's dialect: user_id, segment (from 1).
    segments : pandas.Series (people,)
        Segment (from 1) that the rules give each person of the tables, indexed by user_id.
    agreement : float
        Share of the published people whom the rules put into their published segment.
    """

    sql: str
    segments: pd.Series
    agreement: float


@dataclass(frozen=True)
class _Scale:
    """How one feature becomes a coordinate: centred, perhaps its log, drawn in, centred again, and clipped."""

    middle: float
    spread: float
    log: tuple[float, float, float, float] | None
    low: float
    high: float
    centre: float
    size: float

    def of(self, raw: np.ndarray) -> np.ndarray:
        """Coordinates of raw values, float64 array (people,)."""
        values = (raw - self.middle) / self.spread
        if self.log is not None:
            sign, least, unit, offset = self.log
            values = sign * np.log(np.maximum(sign * values - least, 0.0) / unit + offset)
        values = np.clip(values, self.low, self.high)
        return np.asarray(np.clip((values - self.centre) / self.size, -CLIP, CLIP))

    def sql(self, raw: str) -> str:
        """The same in SQL."""
        text = f"({raw} - {_n(self.middle)}) / {_n(self.spread)}"
        if self.log is not None:
            sign, least, unit, offset = self.log
            text = f"{_n(sign)} * LN(GREATEST({_n(sign)} * ({text}) - {_n(least)}, 0) / {_n(unit)} + {_n(offset)})"
        text = f"LEAST(GREATEST({text}, {_n(self.low)}), {_n(self.high)})"
        return f"LEAST(GREATEST(({text} - {_n(self.centre)}) / {_n(self.size)}, {_n(-CLIP)}), {_n(CLIP)})"


def rules(
    tables: Mapping[str, Path], spec: SegmentationSpec, start: date, end: date, published: pd.Series
) -> SegmentRules | None:
    """Learn the rules from published segments, and write them as SQL.

    Parameters
    ----------
    published : pandas.Series (people,)
        Segment (from 1) by user_id.

    Returns
    -------
    SegmentRules or None
        None where nobody published is in the tables any longer, or in one segment only, or all behave alike.

    Raises
    ------
    DataError
        There is no event in the period.
    """
    found = features(tables, spec, start, end)
    table = pd.DataFrame(found.clustered)
    varying = table[[str(name) for name in table if scaling.commonest(table[name]) < scaling.NEARLY_CONSTANT]]
    dropped = [each["feature"] for each in scaling.repeated(varying, spec.correlation_limit)]
    kept = varying.drop(columns=dropped)
    known = kept.index.isin(published.index)
    names = sorted(published.loc[kept.index[known]].unique())
    if len(names) < 2 or kept.empty:
        return None
    scales = [_scale(kept[name].to_numpy(float)) for name in kept]
    values = np.column_stack([scale.of(kept[name].to_numpy(float)) for scale, name in zip(scales, kept, strict=True)])
    labels = np.searchsorted(names, published.loc[kept.index[known]].to_numpy())
    axes = Moments(values[known]).discriminant(labels, len(names))
    middles = centres(values[known] @ axes, labels, len(names))
    away = (((values @ axes)[:, None, :] - middles) ** 2).sum(axis=2)
    given = pd.Series(np.asarray(names)[away.argmin(axis=1)], index=kept.index, name="segment")
    raw = _expressions(found.crowd.counts, found.crowd.levels, spec, start, end)
    _, _, _, asked = question(tables, spec, start, end)
    counted = query.render((SQL / "features.sql").read_text("utf-8"), asked)
    columns = [(raw[str(name)], scale) for name, scale in zip(kept, scales, strict=True)]
    agreement = float((given[known] == published.loc[kept.index[known]]).mean())
    return SegmentRules(_query(counted, columns, axes, middles, [int(each) for each in names]), given, agreement)


def _scale(raw: np.ndarray) -> _Scale:
    """Scale as in `scaling.column`, without its random parts."""
    middle, spread = float(np.median(raw)), scaling.spread(raw)
    values = (raw - middle) / spread
    atoms = scaling.atoms_of(values)
    found, log, new = scaling.tail(values, ~atoms), None, values
    if found is not None:
        sign, offset = found
        above = sign * values - (sign * values).min()
        log = (sign, float((sign * values).min()), float(np.median(above[~atoms]) or above.mean()), offset)
        new = sign * scaling.shifted_log(sign * values, offset, ~atoms)
    drawn = scaling.drawn_in(new, atoms)
    centre, size = float(np.median(drawn)), scaling.spread(drawn)
    return _Scale(middle, spread, log, float(drawn.min()), float(drawn.max()), centre, size)


def _expressions(
    f: pd.DataFrame, levels: Mapping[str, list[str]], spec: SegmentationSpec, start: date, end: date
) -> dict[str, str]:
    """Each feature of `behaviour` in SQL over the columns of features.sql, with the averages of these people."""
    last, strength = literal(end), spec.share_strength
    out = {
        "activity": "LN(1 + events)",
        "recency": f"DATE_DIFF('day', last_day, {last})",
        "weekend": _guarded(f, "weekend", "events", strength),
    }
    for group, values in levels.items():
        for i, level in enumerate(values):
            out[f"{group}: {level}"] = _guarded(f, f"{group}_{i}", _TOTALS[group], strength)
    for i, part in enumerate(PARTS):
        out[f"hours: {part}"] = _guarded(f, f"hours_{i}", "timed", strength)
    if "orders" in f:
        average = float(f["money"].fillna(0.0).sum()) / max(float(f["orders"].fillna(0).sum()), 1.0)
        out |= {
            "order_recency": f"COALESCE(DATE_DIFF('day', last_order, {last}), {(end - start).days + 1})",
            "order_frequency": "LN(1 + COALESCE(orders, 0))",
            "money": "LN(1 + COALESCE(money, 0))",
            "basket": f"LN(1 + (COALESCE(money, 0) + {_n(average)}) / (COALESCE(orders, 0) + 1))",
            "items": f"LN(1 + {_guarded(f, 'items', 'items_known', 1.0)})",
            "discount": _guarded(
                f.assign(listed=f["revenue"] + f["discount"]), "discount", "listed", average, "revenue + discount"
            ),
        }
    return out


def _guarded(f: pd.DataFrame, count: str, total: str, strength: float, written: str = "") -> str:
    """`behaviour.guarded` in SQL; `written` is the total where it is no column."""
    average = float(f[count].fillna(0.0).sum()) / max(float(f[total].fillna(0.0).sum()), 1.0)
    top = f"CAST(COALESCE({identifier(count)}, 0) AS DOUBLE)"
    below = f"CAST(COALESCE({written or identifier(total)}, 0) AS DOUBLE)"
    share = (
        f"({top} + {_n(strength * average)}) / ({below} + {_n(strength)})"
        if strength
        else f"CASE WHEN {below} = 0 THEN {_n(average)} ELSE {top} / {below} END"
    )
    return f"CASE WHEN {top} > 0 OR {below} = 0 THEN {share} ELSE 0 END"


def _query(
    counted: str, columns: list[tuple[str, _Scale]], axes: np.ndarray, middles: np.ndarray, names: list[int]
) -> str:
    raw = ",\n       ".join(f"{text} AS f{i}" for i, (text, _) in enumerate(columns))
    scaled = ",\n       ".join(f"{scale.sql(f'f{i}')} AS v{i}" for i, (_, scale) in enumerate(columns))
    seen = ",\n       ".join(
        " + ".join(f"{_n(weight)} * v{i}" for i, weight in enumerate(axis)) + f" AS a{d}"
        for d, axis in enumerate(axes.T)
    )
    away = ",\n       ".join(
        " + ".join(f"(a{d} - {_n(at)}) * (a{d} - {_n(at)})" for d, at in enumerate(middle)) + f" AS d{g}"
        for g, middle in enumerate(middles)
    )
    nearest = f"LEAST({', '.join(f'd{g}' for g in range(len(names)))})"
    cases = " ".join(f"WHEN d{g} = {nearest} THEN {name}" for g, name in enumerate(names))
    return (
        f"WITH counted AS (\n{counted.strip()}\n),\ndescribed AS (\nSELECT user_id, {raw}\nFROM counted\n),\n"
        f"scaled AS (\nSELECT user_id, {scaled}\nFROM described\n),\n"
        f"seen AS (\nSELECT user_id, {seen}\nFROM scaled\n),\n"
        f"away AS (\nSELECT user_id, {away}\nFROM seen\n)\n"
        f"SELECT user_id, CASE {cases} END AS segment\nFROM away\nORDER BY user_id\n"
    )


def _n(value: float) -> str:
    """A number in SQL with all its digits, as a double."""
    return f"CAST({float(value)!r} AS DOUBLE)"
