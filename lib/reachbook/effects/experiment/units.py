"""Units of an experiment, read from its table and checked, in an order that does not depend on the rows."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.errors import DataError, ParamsError
from reachbook.translation import clauses, joined, listing, sentences, tr

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec

KNOWN = ("unit_id", "arm", "assigned_at", "exposed_at", "segment", "cost")
CLUSTERS = ("cluster", "cluster_id")
BEFORE = "before"
"""Column with each unit's outcome before assignment, see `balance`."""
STRAY = 0.05
"""Share of an arm's designed size below which it counts as no arm of the test."""
_CONTROL = re.compile(
    r"control.*|ctrl.*|.*hold[ _-]?out.*|none|nothing|no[ _-].*|placebo.*|psa|baseline|untreated|not?[ _-]?treated"
    r"|.*对照.*|.*空白.*|不.*|未.*|无.*",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"before|^pre[_ -]|prior|前", re.IGNORECASE)


@dataclass(frozen=True)
class LeftOut:
    """An arm that was set aside: its name, number of units, and the reason in words."""

    name: str
    units: int
    why: str


@dataclass(frozen=True)
class Units:
    """Units of an experiment, sorted by content so that the order of the rows cannot change a result.

    Attributes
    ----------
    arms : tuple of str
        Names, the control first and the others by content (size, total), so that names do not matter.
    control_from : str
        How the control was identified: "params", "name" or "order".
    name : str
        Outcome column, or "orders/visits" for a ratio.
    kind : str
        "conversion", "count", "revenue" or "ratio".
    arm : int64 array (units,)
        Index of the arm.
    outcome : float array (units,)
        Outcome; for a ratio its numerator.
    under : float array (units,) or None
        Denominator of a ratio.
    cluster : int64 array (units,) or None
        Code of the cluster.
    cluster_name : str
        Column of the clusters, or "".
    segment : int64 array (units,) or None
        Code of the segment.
    segments : tuple of str
        Names of the segment codes.
    exposed : bool array (units,) or None
        Whether the unit was exposed; None if exposure is not recorded.
    spend : tuple of float or None
        Cost of each arm in money, in the order of `arms`; None without a column `cost`.
    row : int64 array (units,)
        Row of each unit in the table, 1 for the first below the header.
    left_out : tuple of LeftOut
        Arms set aside.
    numerator_name, denominator_name : str
        Columns of a ratio, else "".
    """

    arms: tuple[str, ...]
    control_from: str
    name: str
    kind: str
    arm: np.ndarray
    outcome: np.ndarray
    under: np.ndarray | None = None
    cluster: np.ndarray | None = None
    cluster_name: str = ""
    segment: np.ndarray | None = None
    segments: tuple[str, ...] = ()
    exposed: np.ndarray | None = None
    spend: tuple[float, ...] | None = None
    row: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    left_out: tuple[LeftOut, ...] = ()
    numerator_name: str = ""
    denominator_name: str = ""

    @property
    def sizes(self) -> np.ndarray:
        """Number of units in each arm, int array (arms,)."""
        return np.bincount(self.arm, minlength=len(self.arms))

    @property
    def weights(self) -> np.ndarray:
        """What each arm's mean averages over, (arms,): units, or the sum of a ratio's denominator."""
        return np.bincount(self.arm, self.under, len(self.arms))


def read(frame: pd.DataFrame, spec: EffectSpec) -> Units:
    """Units of `frame`, which has one row a unit.

    Raises
    ------
    DataError, ParamsError
        If the table or the parameters cannot be used; the message gives place, value and remedy in one line.
    """
    _refuse_shape(frame)
    left_out = _left_out(frame["arm"], spec, [str(each) for each in frame.columns])
    frame, row = _remaining(frame, left_out)
    arms, told = _arms(frame["arm"], spec, left_out)
    cluster_name = _cluster_name(frame, spec)
    name = outcome_name(frame, spec, cluster_name)
    values = _numbers(frame, name)
    under = _under(frame, spec)
    kind = spec.kind if spec.kind != "auto" else ("ratio" if under is not None else kind_of(values))
    _refuse_kind(values, kind, name, under)
    arm = pd.Categorical(frame["arm"].astype(str), categories=list(arms)).codes.astype(np.int64)
    cluster = None if cluster_name is None else _codes(frame, cluster_name)[0]
    if cluster is not None and cluster_name is not None:
        _refuse_split(frame, arm, cluster, cluster_name)
    segment, segments = _codes(frame, "segment") if "segment" in frame else (None, ())
    exposed = frame["exposed_at"].notna().to_numpy() if "exposed_at" in frame else None
    spend = _spend(frame, arm, len(arms)) if "cost" in frame and name != "cost" else None
    named = name if under is None else f"{name}/{spec.denominator}"
    units = Units(
        arms, told, named, kind, arm, values, under, cluster, cluster_name or "", segment, segments, exposed, spend,
        row, left_out, name if under is not None else "", spec.denominator if under is not None else "",
    )  # fmt: skip
    if (units.weights == 0).any():
        empty = arms[int(units.weights.argmin())]
        raise DataError(
            tr(
                "experiment: {column} is 0 throughout arm {arm!r}, so that it has no ratio.",
                column=spec.denominator,
                arm=empty,
            )
        )
    return _sorted(units)


def _refuse_shape(frame: pd.DataFrame) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise DataError(
            "experiment: " + tr("is a {kind}. Give a DataFrame with one row a unit.", kind=type(frame).__name__)
        )
    for column in ("unit_id", "arm"):
        if column not in frame:
            raise DataError(
                tr("experiment: there is no column {column!r}. Map one to it under `columns:`.", column=column)
            )
    if frame.empty:
        raise DataError(tr("experiment: the table has no row. Check the period and the filters."))
    for column in ("unit_id", "arm"):
        missing = int(frame[column].isna().sum())
        if missing:
            raise DataError(
                tr(
                    "experiment: {column} is missing in {missing:,} rows. Fill it in or leave the rows out.",
                    column=column,
                    missing=missing,
                )
            )
    repeated = frame["unit_id"].duplicated(keep=False).to_numpy()
    if repeated.any():
        same = np.flatnonzero((frame["unit_id"] == frame["unit_id"].iloc[int(repeated.argmax())]).to_numpy()) + 1
        raise DataError(
            tr(
                "experiment: unit_id is the same in rows {first:,} and {second:,} below the header ({rows:,} rows of "
                "that unit; {all:,} rows in all share an id). Add up each unit's rows to one.",
                first=same[0], second=same[1], rows=len(same), all=int(repeated.sum()),
            )
        )  # fmt: skip


def _left_out(column: pd.Series, spec: EffectSpec, columns: Sequence[str]) -> tuple[LeftOut, ...]:
    """Arms excluded by `leave_out` or `ratios`, or with almost no units."""
    counts = column.astype(str).value_counts().sort_index()
    counts = counts[counts > 0]
    _refuse_names(counts, spec, columns)
    why = dict.fromkeys((name for name in spec.leave_out if name in counts.index), tr("as leave_out says"))
    for name in counts.index.difference(list(why)):
        if spec.ratios and not spec.ratios.get(name):
            named = name in spec.ratios
            why[name] = tr("its share in ratios is 0") if named else tr("ratios does not name it")
    why |= _stray(counts.drop(list(why)), spec)
    return tuple(LeftOut(name, int(counts[name]), why[name]) for name in sorted(why))


def _stray(counts: pd.Series, spec: EffectSpec) -> dict[str, str]:
    """Reasons to exclude arms far below their designed size, if two or more remain; never the control."""
    share = pd.Series({name: spec.ratios.get(name, 1.0) for name in counts.index}, dtype=float)
    full = (counts / share).max() if len(counts) else 0.0
    few = {name for name in counts.index if counts[name] < STRAY * full * share[name]}
    kept = [name for name in counts.index if name not in few]
    if spec.control:
        few -= {spec.control}
    elif not any(_is_control(name) for name in kept):
        few = {name for name in few if not _is_control(name)}
    if len(counts) - len(few) < 2:
        return {}
    due = {name: f"{full * share[name]:,.0f}" for name in few}
    return {
        name: tr("its share in ratios would have given it about {due}", due=due[name])
        if name in spec.ratios
        else tr("equal shares would have given it about {due}; write ratios if it was planned so small", due=due[name])
        for name in few
    }


def _refuse_names(counts: pd.Series, spec: EffectSpec, columns: Sequence[str]) -> None:
    """Check names and shares in `leave_out`, `ratios` and `control` against the table's arms."""
    here = joined(counts.index)
    unknown = [name for name in spec.leave_out if name not in counts.index and name not in columns]
    if unknown:
        raise ParamsError(
            tr("leave_out: {name!r} is no arm and no column of the table. Arms are {arms}.", name=unknown[0], arms=here)
        )
    if spec.control and spec.control in spec.leave_out:
        raise ParamsError(
            tr("leave_out: {arm!r} is the control. Take it out of leave_out, or name another one.", arm=spec.control)
        )
    bad = [f"{name}: {share:g}" for name, share in spec.ratios.items() if share < 0 or not math.isfinite(share)]
    if bad:
        raise ParamsError(
            tr(
                "ratios: {share} is no share. Write the design's share of each arm, 0 for one to leave out.",
                share=bad[0],
            )
        )
    absent = sorted(name for name, share in spec.ratios.items() if share and name not in counts.index)
    if absent:
        raise DataError(
            tr(
                "experiment: arm {arm!r} of `ratios` has no unit. Arms are {arms}. Check the filters and the spelling, "
                "or take it out of `ratios`.",
                arm=absent[0],
                arms=here,
            )
        )
    if spec.control in counts.index and spec.ratios and not spec.ratios.get(spec.control):
        raise ParamsError(
            tr("ratios: the control {arm!r} has no share there. Write the design's share of it.", arm=spec.control)
        )


def _remaining(frame: pd.DataFrame, left_out: Sequence[LeftOut]) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows of the remaining arms, and their positions in the table."""
    row = np.arange(1, len(frame) + 1)
    if not left_out:
        return frame, row
    stays = ~frame["arm"].astype(str).isin([each.name for each in left_out]).to_numpy()
    return frame[stays], row[stays]


def _is_control(name: str) -> bool:
    return _CONTROL.fullmatch(name.strip()) is not None


def _arms(column: pd.Series, spec: EffectSpec, gone: Sequence[LeftOut]) -> tuple[tuple[str, ...], str]:
    """Names of the arms, control first, and how the control was identified: "params", "name" or "order"."""
    names = sorted(str(each) for each in column.unique())
    if isinstance(column.dtype, pd.CategoricalDtype):
        empty = sorted({str(each) for each in column.cat.categories} - set(names) - {each.name for each in gone})
        if empty:
            raise DataError(
                tr("experiment: arm {arm!r} has no unit left. Check the filters, or drop the category.", arm=empty[0])
            )
    if spec.control and spec.control not in names:
        raise DataError(
            tr(
                "experiment: control is {arm!r}, which no unit has. Arms are {arms}.",
                arm=spec.control,
                arms=joined(names),
            )
        )
    if len(names) < 2:
        raise DataError(_too_few(names, gone))
    if spec.control:
        control, told = spec.control, "params"
    else:
        like = [each for each in names if _is_control(each)]
        if len(like) > 1:
            raise ParamsError(
                tr("control: arms {arms} could each be the control. Name one in `control`.", arms=listing(like))
            )
        control, told = (like[0], "name") if like else (names[0], "order")
    return (control, *(each for each in names if each != control)), told


def _too_few(names: Sequence[str], gone: Sequence[LeftOut]) -> str:
    """Error on a single arm, or none."""
    every = tr("experiment: every unit is in arm {arm!r}.", arm=names[0]) if names else tr("experiment: no arm stays.")
    left = clauses(f"{each.name} ({each.why})" for each in gone)
    told = tr("Left out: {arms}.", arms=left) if gone else ""
    return sentences(every, tr("An effect needs a second arm to compare with."), told)


def _cluster_name(frame: pd.DataFrame, spec: EffectSpec) -> str | None:
    if spec.cluster and spec.cluster not in frame:
        raise ParamsError(_no_column("cluster", spec.cluster, frame))
    return spec.cluster or next((each for each in CLUSTERS if each in frame), None)


def outcome_name(frame: pd.DataFrame, spec: EffectSpec, cluster: str | None) -> str:
    """Outcome column: the one named, else `outcome`, else the only numeric column without another role.

    Raises
    ------
    ParamsError
        If the named column does not exist, or several columns qualify.
    DataError
        If no column qualifies.
    """
    if spec.outcome:
        if spec.outcome not in frame:
            raise ParamsError(_no_column("outcome", spec.outcome, frame))
        return spec.outcome
    if "outcome" in frame:
        return "outcome"
    taken = {*KNOWN, BEFORE, spec.denominator, cluster, *spec.leave_out}
    found = [str(each) for each in frame.columns if each not in taken and _numeric(frame[each])]
    if not found:
        raise DataError(
            tr(
                "experiment: there is no outcome, a column of numbers or yes/no. Columns: {columns}. Add one.",
                columns=_listed(frame),
            )
        )
    if len(found) > 1:
        raise ParamsError(_which(found))
    return found[0]


def _which(found: Sequence[str]) -> str:
    """Message for several candidate outcome columns."""
    names = joined(found[:8])
    if len(found) > 8:
        names = tr("{names} and {n} more", names=names, n=len(found) - 8)
    first = next((each for each in found if not _EARLIER.search(each)), found[0])
    return tr(
        "outcome: {names} could each be it. Name in campaign_effect.yaml the one that the campaign is to change, as in "
        "`outcome: {first}`. What units did before the test is none: that is the column `{before}`.",
        names=names,
        first=first,
        before=BEFORE,
    )


def _no_column(parameter: str, name: str, frame: pd.DataFrame) -> str:
    """Error on a parameter that names a column which is not there."""
    return tr(
        "{parameter} is {name!r}, which the table does not have. Columns: {columns}.",
        parameter=parameter,
        name=name,
        columns=_listed(frame),
    )


def _listed(frame: pd.DataFrame) -> str:
    return joined(str(each) for each in frame.columns[:12])


def _numeric(column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column):
        return True
    known = column.dropna()
    return column.dtype == object and len(known) > 0 and pd.api.types.infer_dtype(known) in ("decimal", "boolean")


def _numbers(frame: pd.DataFrame, name: str) -> np.ndarray:
    """Column as float64; every value must be present and finite."""
    column = frame[name]
    missing = int(column.isna().sum())
    if missing:
        raise DataError(
            tr(
                "experiment: {name} is missing for {missing:,} of {units:,} units. Missing is not zero: write 0 for "
                "units that did nothing, and leave out units that nobody observed in every arm alike.",
                name=name,
                missing=missing,
                units=len(frame),
            )
        )
    if not _numeric(column):
        first = str(column.iloc[0])
        raise DataError(
            tr(
                "experiment: {name} holds text such as {text!r}. Bring numbers, or yes/no as true/false.",
                name=name,
                text=first,
            )
        )
    values = column.to_numpy(dtype=np.float64)
    if not np.isfinite(values).all():
        raise DataError(
            tr(
                "experiment: {name} is infinite for {count:,} units. Correct it.",
                name=name,
                count=int((~np.isfinite(values)).sum()),
            )
        )
    return values


def _under(frame: pd.DataFrame, spec: EffectSpec) -> np.ndarray | None:
    if not spec.denominator:
        if spec.kind == "ratio":
            raise ParamsError(tr("kind is ratio, but denominator is empty. Name the column under the ratio."))
        return None
    if spec.denominator not in frame:
        raise ParamsError(_no_column("denominator", spec.denominator, frame))
    under = _numbers(frame, spec.denominator)
    if under.min() < 0 or under.sum() == 0:
        raise DataError(
            tr("experiment: {column} is negative or zero throughout. It must count something.", column=spec.denominator)
        )
    return under


def _spend(frame: pd.DataFrame, arm: np.ndarray, arms: int) -> tuple[float, ...]:
    """Cost of each arm, summed exactly so that the order of the rows does not matter."""
    values = _numbers(frame, "cost")
    if values.min() < 0:
        raise DataError(
            tr("experiment: cost is {cost:g} for a unit. Write what it cost, 0 or more.", cost=values.min())
        )
    return tuple(math.fsum(values[arm == each]) for each in range(arms))


def kind_of(values: np.ndarray) -> str:
    """Kind of outcome that the values imply: "conversion", "count" or "revenue"."""
    if np.isin(values, (0.0, 1.0)).all():
        return "conversion"
    return "count" if values.min() >= 0 and not np.mod(values, 1).any() else "revenue"


def _refuse_kind(values: np.ndarray, kind: str, name: str, under: np.ndarray | None) -> None:
    if kind == "conversion" and not np.isin(values, (0.0, 1.0)).all():
        raise DataError(
            tr(
                "experiment: {name} is a conversion but holds {value:g}, not 0/1. Set kind to auto, or bring 0/1 or "
                "yes/no.",
                name=name,
                value=values[~np.isin(values, (0, 1))][0],
            )
        )
    if kind == "count" and (values.min() < 0 or np.mod(values, 1).any()):
        raise DataError(
            tr(
                "experiment: {name} is a count but holds values that are no whole number of 0 or more. Set kind to "
                "auto.",
                name=name,
            )
        )
    if kind != "ratio" and under is not None:
        raise ParamsError(
            tr("kind is {kind}, but denominator is set. Set kind to ratio, or leave denominator out.", kind=kind)
        )


def _codes(frame: pd.DataFrame, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Codes of a label column, ordered by text, and their names; missing labels form a group "(none)"."""
    text = frame[name].astype(object).where(frame[name].notna(), "(none)").astype(str)
    codes, names = pd.factorize(text, sort=True)
    return codes.astype(np.int64), tuple(str(each) for each in names)


def _refuse_split(frame: pd.DataFrame, arm: np.ndarray, cluster: np.ndarray, name: str) -> None:
    if frame[name].isna().any():
        raise DataError(
            tr(
                "experiment: {name} is missing for {missing:,} units. Fill it in.",
                name=name,
                missing=int(frame[name].isna().sum()),
            )
        )
    pairs = np.unique(np.stack([cluster, arm]), axis=1)
    twice = np.flatnonzero(np.bincount(pairs[0]) > 1)
    if len(twice):
        which = frame[name].astype(str).to_numpy()[cluster == twice[0]][0]
        arms = int((pairs[0] == twice[0]).sum())
        raise DataError(
            tr(
                "experiment: {name} {which!r} has units in {arms} arms ({count:,} such). A cluster is assigned as one; "
                "name the column that was assigned, or leave `cluster` out.",
                name=name, which=which, arms=arms, count=len(twice),
            )
        )  # fmt: skip


def _sorted(units: Units) -> Units:
    """Rows ordered by content, so that sums do not depend on their original order."""
    content = [_content(units, i) for i in range(len(units.arms))]
    rank = [0, *sorted(range(1, len(units.arms)), key=lambda i: content[i])]
    arm = np.argsort(rank)[units.arm]
    parts = (units.exposed, units.segment, units.under, units.outcome, units.cluster)
    order = np.lexsort((*(each for each in parts if each is not None), arm))

    def by(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else values[order]

    return replace(
        units,
        arms=tuple(units.arms[i] for i in rank),
        arm=arm[order],
        outcome=units.outcome[order],
        under=by(units.under),
        cluster=by(units.cluster),
        segment=by(units.segment),
        exposed=by(units.exposed),
        spend=None if units.spend is None else tuple(units.spend[i] for i in rank),
        row=units.row[order],
    )


def _content(units: Units, arm: int) -> tuple[float, ...]:
    values = np.sort(units.outcome[units.arm == arm])
    return (float(len(values)), float(values.sum()), float(np.square(values).sum()))
