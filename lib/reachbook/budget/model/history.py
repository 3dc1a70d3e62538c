"""Spend and outcome by week or day, checked: no value is imputed and no row is dropped without a note."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.arrays import Floats
from reachbook.budget.model.sentiment import COLUMN
from reachbook.budget.model.spec import MixSpec
from reachbook.budget.wording import periods
from reachbook.errors import DataError, ParamsError
from reachbook.translation import day, joined, listing, mark, tr

MOST_CHANNELS = 50
"""Channels that a model tells apart; the fit of so many takes minutes already with two years of weeks."""
LEAST = 40
"""Fewest weeks from which media, season and trend can be separated."""
REGION = "region"
_KEYS = ("week", "value", REGION)


@dataclass(frozen=True)
class History:
    """Consecutive complete periods of one region; a period is a week or a day.

    Attributes
    ----------
    weeks : DatetimeIndex (weeks,)
        First day of each period.
    value : float array (weeks,)
        Outcome, in units of the table.
    channels : tuple of str
        Channel names.
    spend : float array (channels, weeks)
        Spend, in money.
    before : float array (channels, earlier periods)
        Known spend before the first period, in money, the most recent last.
    others : DataFrame (weeks, columns)
        Further columns of the outcome table.
    notes : tuple of str
        What a reader must know.
    step : int
        Days in a period, 7 or 1.
    region : str
        Name of the region, or "".
    customers : float or None
        Orders or customers over all periods; None where no column counts them.
    """

    weeks: pd.DatetimeIndex
    value: Floats
    channels: tuple[str, ...]
    spend: Floats
    before: Floats
    others: pd.DataFrame
    notes: tuple[str, ...]
    step: int = 7
    region: str = ""
    customers: float | None = None

    def periods(self, weeks: int) -> int:
        """Number of periods in `weeks` weeks."""
        return weeks * 7 // self.step

    @property
    def means(self) -> Floats:
        """Mean spend of each channel a period, in money; 1 for a channel that never spends. Float array (channels,)."""
        means = self.spend.mean(axis=1)
        return np.where(means > 0, means, 1.0)

    def lagged(self, lags: int) -> Floats:
        """Spend at lags 0 to `lags`, in money, float array (channels, lags + 1, weeks).

        Spend before the first known period is taken as the mean of the first eight known weeks.
        """
        known, early = np.concatenate([self.before, self.spend], axis=1), self.periods(8)
        start = np.repeat(known[:, :early].mean(axis=1, keepdims=True), lags, axis=1)
        padded, size = np.concatenate([start, known], axis=1), len(self.weeks)
        last = padded.shape[1]
        return np.stack([padded[:, last - size - lag : last - lag] for lag in range(lags + 1)], axis=1)


def history(media: pd.DataFrame, outcome: pd.DataFrame, spec: MixSpec) -> History:
    """Checked, ordered history of a single market; a column `region` is ignored.

    Parameters
    ----------
    media : DataFrame
        Columns week, channel, spend; periods before the first one of `outcome` supply carry-over.
    outcome : DataFrame
        Columns week, value and any further ones.
    spec : MixSpec
        Parameters of the model.

    Returns
    -------
    History
        The checked history.

    Raises
    ------
    DataError
        If a period or value is missing, spend is negative, a channel never spends, or there are too few weeks.
    ParamsError
        If `leave_out` or `channel_shares` names something that is not in the tables.
    """
    one, other = (frame.drop(columns=REGION, errors="ignore") for frame in (media, outcome))
    return histories(one, other, spec)[0]


def histories(media: pd.DataFrame, outcome: pd.DataFrame, spec: MixSpec) -> tuple[History, ...]:
    """One history per region, all over the same periods; a single one if neither table has a column `region`.

    Regions that are to be summed may lack outcome or counts; their sum may not.

    Raises
    ------
    DataError
        As for `history`, and if regions, channels or periods differ between tables or regions.
    ParamsError
        If `leave_out` or `channel_shares` names something that is not in the tables.
    """
    _has_columns(media, outcome)
    same_weeks(media, outcome)
    if (REGION in media) != (REGION in outcome):
        with_, without = ("media", "outcome") if REGION in media else ("outcome", "media")
        raise DataError(
            tr(
                "{having}: has a column region, {without} has none; give it to both, or add the regions up.",
                having=with_,
                without=without,
            )
        )
    _left_out(media, outcome, spec)
    _few(set(media["channel"].astype(str)) - set(spec.leave_out))
    others, notes = _varying(outcome, spec)
    kept = outcome[[*(name for name in _KEYS if name in outcome), *others]]
    if REGION not in media:
        return (_checked(positive(_one(media, kept, spec, "", notes, _counted(outcome, spec)))),)
    names = sorted(set(outcome[REGION].astype(str)))
    if set(names) != set(media[REGION].astype(str)):
        raise DataError(
            tr(
                "media: regions {regions}; outcome: {names}; name them alike.",
                regions=joined(sorted(set(media[REGION].astype(str)))),
                names=joined(names),
            )
        )
    made, apart = [], not spec.adds_up(len(names))
    _counted(outcome, spec)
    for name in names:
        tables = [frame[frame[REGION].astype(str) == name] for frame in (media, kept, outcome)]
        parts = tables[0].drop(columns=REGION), tables[1].drop(columns=REGION)
        one = _one(*parts, spec, name, notes, _counted(tables[2], spec, some=apart))
        made.append(positive(one) if apart else one)
    _alike(made)
    for k, channel in enumerate(made[0].channels):
        if not any(past.spend[k].any() for past in made):
            raise DataError(tr("media: {channel} spent nothing in any region; add it to leave_out.", channel=channel))
    return tuple(made)


def total(pasts: tuple[History, ...]) -> History:
    """Sum of all regions; further columns and notes are those of the first region."""
    first = pasts[0]
    counts = [past.customers for past in pasts if past.customers is not None]
    early = min(past.before.shape[1] for past in pasts)
    before = [past.before[:, past.before.shape[1] - early :] for past in pasts]
    return History(
        first.weeks, np.sum([past.value for past in pasts], axis=0), first.channels,
        np.sum([past.spend for past in pasts], axis=0), np.sum(before, axis=0), first.others, first.notes, first.step,
        "", sum(counts) if len(counts) == len(pasts) else None,
    )  # fmt: skip


def _one(
    media: pd.DataFrame, outcome: pd.DataFrame, spec: MixSpec, region: str, notes: tuple[str, ...], count: float | None
) -> History:
    rows = outcome.assign(week=_weeks(outcome, "outcome")).sort_values("week")
    weeks = pd.DatetimeIndex(rows["week"])
    step = _step(weeks)
    _regular(weeks, step, region)
    others = {name: _numbers(rows[name], "outcome", name, weeks) for name in rows.columns if name not in _KEYS}
    for name in others:
        if name == "price" and (others[name] <= 0).any():
            raise DataError(
                tr("outcome: price is {price:g} in some week; a price is above 0.", price=others[name].min())
            )
    spend = _wide(media, weeks, spec, step, region)
    value = _numbers(rows["value"], "outcome", "value", weeks)
    early = spend.loc[spend.index < weeks[0]]
    names, frame = tuple(str(name) for name in spend.columns), pd.DataFrame(others, index=rows.index)
    arrays = spend.loc[weeks].to_numpy().T, early.to_numpy().T
    return History(weeks, value, names, *arrays, frame, notes, step, region, count)


def positive(past: History) -> History:
    """The same history after checking its outcome.

    Raises
    ------
    DataError
        If the mean outcome is not positive or the outcome never varies.
    """
    value, table = past.value, tr("outcome of {region}", region=past.region) if past.region else "outcome"
    if value.mean() <= 0:
        raise DataError(
            tr(
                "{table}: mean of value is {value:g}; a media mix needs an outcome above 0.",
                table=table,
                value=value.mean(),
            )
        )
    if np.ptp(value) == 0:
        raise DataError(
            tr("{table}: value is {value:g} in every week; there is nothing to explain.", table=table, value=value[0])
        )
    return past


def _checked(past: History) -> History:
    for name, spent in zip(past.channels, past.spend, strict=True):
        if not spent.any():
            raise DataError(
                tr(
                    "media: {name} spent nothing in any of {periods}; add it to leave_out.",
                    name=name,
                    periods=periods(len(past.weeks), past.step),
                )
            )
    return past


def _alike(made: list[History]) -> None:
    """Require the same channels and periods in every region."""
    first = made[0]
    for past in made[1:]:
        missing = set(first.channels) ^ set(past.channels)
        if missing:
            raise DataError(
                tr(
                    "media: no row for {missing} in some region; write 0 where nothing was spent.",
                    missing=sorted(missing)[0],
                )
            )
        if not past.weeks.equals(first.weeks):
            raise DataError(
                tr(
                    "outcome: {region} has {n} periods from {start}, {other} {count} from {first}; give "
                    "all regions the same.",
                    region=past.region,
                    n=len(past.weeks),
                    start=day(past.weeks[0]),
                    other=first.region,
                    count=len(first.weeks),
                    first=day(first.weeks[0]),
                )
            )


def same_weeks(media: pd.DataFrame, outcome: pd.DataFrame) -> None:
    """Check that both tables use periods of the same length and weeks that begin on the same weekday.

    Raises
    ------
    DataError
        If they do not.
    """
    days = {"media": _weeks(media, "media"), "outcome": _weeks(outcome, "outcome")}
    dense = {table: each.nunique() > (each.max() - each.min()).days / 2 for table, each in days.items()}
    if dense["media"] and not dense["outcome"]:
        raise DataError(
            tr(
                "media: one row a day, where outcome has one a week; add media up by week, each with its "
                "first day, or bring outcome by day."
            )
        )
    if dense["outcome"]:
        return
    named = {table: _weekdays(each) for table, each in days.items()}
    for table, each in named.items():
        if len(each) > 1:
            odd = days[table][days[table].dt.day_name() == each[-1]].iloc[0]
            raise DataError(
                tr(
                    "{table}: weeks begin on {weekdays} (the first {other} is {odd}); write each week by its first "
                    "day, the same day of the week throughout.",
                    table=table,
                    weekdays=listing(map(_plural, each)),
                    other=_weekday(each[-1]),
                    odd=day(odd),
                )
            )
    if named["media"] != named["outcome"]:
        raise DataError(
            tr(
                "media's weeks begin on {media}, outcome's on {outcome}; write both by the same day. "
                "Where one of them names the last day of its weeks, change that to the first; where the "
                "weeks do differ, add both up anew from their days.",
                media=_plural(named["media"][0]),
                outcome=_plural(named["outcome"][0]),
            )
        )


_WEEKDAYS = {
    "Monday": (mark("Monday"), mark("Mondays")), "Tuesday": (mark("Tuesday"), mark("Tuesdays")),
    "Wednesday": (mark("Wednesday"), mark("Wednesdays")), "Thursday": (mark("Thursday"), mark("Thursdays")),
    "Friday": (mark("Friday"), mark("Fridays")), "Saturday": (mark("Saturday"), mark("Saturdays")),
    "Sunday": (mark("Sunday"), mark("Sundays")),
}  # fmt: skip


def _weekday(name: str) -> str:
    told = _WEEKDAYS[name][0]
    return tr(told)


def _plural(name: str) -> str:
    told = _WEEKDAYS[name][1]
    return tr(told)


def _weekdays(weeks: pd.Series) -> list[str]:
    """Weekdays on which weeks begin, the most frequent first."""
    return [str(name) for name in weeks.dt.day_name().value_counts().index]


def _has_columns(media: pd.DataFrame, outcome: pd.DataFrame) -> None:
    for table, frame, names in (
        ("outcome", outcome, ("week", "value")),
        ("media", media, ("week", "channel", "spend")),
    ):
        for name in names:
            if name not in frame:
                raise DataError(
                    tr("{table}: no column {name}; map it in study.yaml under columns.", table=table, name=name)
                )


def _weeks(frame: pd.DataFrame, table: str) -> pd.Series:
    weeks = pd.to_datetime(frame["week"], errors="coerce")
    if weeks.isna().any():
        row = int(np.flatnonzero(weeks.isna())[0])
        raise DataError(
            tr(
                "{table}, row {row}: week is {value!r}; write its first day.",
                table=table,
                row=row + 1,
                value=frame["week"].iloc[row],
            )
        )
    return weeks


def _step(weeks: pd.DatetimeIndex) -> int:
    """Days in a period: 1 if the median gap between rows is a day, else 7."""
    return 1 if len(weeks) > 1 and np.median(np.diff(weeks)) == np.timedelta64(1, "D") else 7


def _regular(weeks: pd.DatetimeIndex, step: int, where: str) -> None:
    """Require one row a period without gaps, over at least `LEAST` weeks."""
    steps = np.asarray(weeks[1:] - weeks[:-1])
    for k in np.flatnonzero(steps != pd.Timedelta(days=step)).tolist():
        raise DataError(_irregular(weeks[k], weeks[k + 1], step, where))
    if len(weeks) * step < LEAST * 7:
        raise DataError(
            tr(
                "outcome: {periods} are too few to tell media from season and trend; bring at least {least}, better "
                "{better} or more.",
                periods=periods(len(weeks), step), least=LEAST * 7 // step, better=104 * 7 // step,
            )
        )  # fmt: skip


def _irregular(week: pd.Timestamp, then: pd.Timestamp, step: int, where: str) -> str:
    """What is wrong between two rows that are not one period apart."""
    told = {"week": _at(day(week), where), "then": day(then)}
    if week == then and step == 7:
        return tr("outcome: week {week} is there twice; give one row for each week, its true value.", **told)
    if week == then:
        return tr("outcome: day {week} is there twice; give one row for each day, its true value.", **told)
    if step == 7:
        return tr(
            "outcome: week {week} is there with none, or not a whole week, between it and {then}; give one row for "
            "each week, its true value.",
            **told,
        )
    return tr(
        "outcome: day {week} is there with none, or not a whole day, between it and {then}; give one row for each day, "
        "its true value.",
        **told,
    )


def _at(week: str, region: str) -> str:
    return tr("{week} of {region}", week=week, region=region) if region else week


def _few(channels: set[str]) -> None:
    if len(channels) > MOST_CHANNELS:
        raise DataError(
            tr(
                "media: {n:,} channels, as {first}; a model tells at most {most} apart. Put small ones together "
                "(values: in study.yaml), or add some to leave_out.",
                n=len(channels),
                first=listing(sorted(channels)[:3]),
                most=MOST_CHANNELS,
            )
        )


def _left_out(media: pd.DataFrame, outcome: pd.DataFrame, spec: MixSpec) -> None:
    """Require that `leave_out` names only channels and columns that exist; sentiment counts even if it was not used."""
    columns = [str(name) for name in outcome.columns if name not in _KEYS]
    channels = sorted({str(name) for name in media["channel"]})
    unknown = [name for name in spec.leave_out if name not in {*channels, *columns, COLUMN}]
    if unknown:
        raise ParamsError(
            tr(
                "leave_out names {unknown}, neither a channel nor a further column of outcome. Channels: "
                "{channels}; columns: {columns}.",
                unknown=joined(unknown),
                channels=joined(channels),
                columns=joined(columns) or tr("none"),
            )
        )


def _varying(outcome: pd.DataFrame, spec: MixSpec) -> tuple[list[str], tuple[str, ...]]:
    """Names of the further columns that enter the baseline, and notes on those that do not."""
    kept, notes = [], []
    for name in (str(each) for each in outcome.columns if each not in _KEYS):
        values = pd.to_numeric(outcome[name], errors="coerce")
        if name in spec.leave_out:
            notes.append(tr("outcome column {name} was left out, as leave_out says", name=name))
        elif name == spec.customers:
            notes.append(
                tr("outcome column {name} counts customers: their cost is told, and it is no control", name=name)
            )
        elif values.notna().all() and values.nunique() == 1:
            notes.append(
                tr(
                    "outcome column {name} is {value:g} in every week and explains nothing: left out",
                    name=name,
                    value=values.iloc[0],
                )
            )
        else:
            kept.append(name)
    return kept, tuple(notes)


def _counted(outcome: pd.DataFrame, spec: MixSpec, some: bool = True) -> float | None:
    """Sum of the customer counts, or None without the column; with `some` at least one count must be positive."""
    if spec.customers not in outcome:
        return None
    counts = _numbers(outcome[spec.customers], "outcome", spec.customers, pd.DatetimeIndex(_weeks(outcome, "outcome")))
    if (counts < 0).any() or (some and not counts.any()):
        raise DataError(
            tr(
                "outcome: {customers} is {least:g} in some week; a count is 0 or more, and above 0 somewhere.",
                customers=spec.customers,
                least=counts.min(),
            )
        )
    return float(counts.sum())


def _numbers(column: pd.Series, table: str, name: str, weeks: pd.DatetimeIndex) -> Floats:
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
    for k in np.flatnonzero(~np.isfinite(values)).tolist():
        raise DataError(
            tr(
                "{table}: {name} is {value!r} in the week of {week}; missing is not zero: find the "
                "number, or leave the column out.",
                table=table,
                name=name,
                value=column.iloc[k],
                week=day(weeks[k]),
            )
        )
    return values


def _wide(media: pd.DataFrame, weeks: pd.DatetimeIndex, spec: MixSpec, step: int, where: str) -> pd.DataFrame:
    """Spend by period (rows) and channel (columns, sorted by name), in money."""
    rows = media.assign(week=_weeks(media, "media"))
    unknown = set(spec.channel_shares) - set(rows["channel"])
    if unknown:
        raise ParamsError(
            tr(
                "channel_shares names {unknown}, not in media: {channels}.",
                unknown=joined(sorted(unknown)),
                channels=joined(sorted(set(rows["channel"]))),
            )
        )
    rows = rows.loc[~rows["channel"].isin(spec.leave_out)]
    if rows.empty:
        raise DataError(tr("media: no channel is left; give at least one."))
    for week, channel in rows.loc[rows.duplicated(["week", "channel"]), ["week", "channel"]].to_numpy()[:1]:
        raise DataError(
            tr(
                "media: {channel} has two rows in the week of {week}; add them up.",
                channel=channel,
                week=_at(day(week), where),
            )
        )
    spent = _numbers(rows["spend"], "media", "spend", pd.DatetimeIndex(rows["week"]))
    for k in np.flatnonzero(spent < 0)[:1]:
        row = rows.iloc[k]
        raise DataError(
            tr(
                "media: spend of {channel} is {spend:g} in the week of {week}; give an amount of 0 or more.",
                channel=row["channel"],
                spend=spent[k],
                week=day(row["week"]),
            )
        )
    wide = rows.assign(spend=spent).pivot(index="week", columns="channel", values="spend").sort_index()
    here = pd.DatetimeIndex(wide.index)
    every = pd.date_range(min(weeks[0], here[0]), max(weeks[-1], here[-1]), freq=pd.Timedelta(days=step))
    if step == 1 and len(here) < len(every) / 3:
        raise DataError(tr("media: one row a week, where outcome has one a day; bring both by day, or add outcome up."))
    wide = wide.reindex(every.union(weeks).union(here))
    for i, j in np.argwhere(wide.isna().to_numpy())[:1]:
        raise DataError(
            tr(
                "media: no row for {channel} in the week of {week}; missing is not zero: write 0 "
                "if nothing was spent, with the first day that outcome has.",
                channel=wide.columns[j],
                week=_at(day(wide.index[i]), where),
            )
        )
    if wide.index[-1] > weeks[-1]:
        raise DataError(
            tr(
                "outcome: no row for the week of {week}, where media has rows; add the outcome or take the week out.",
                week=day(wide.index[-1]),
            )
        )
    return wide
