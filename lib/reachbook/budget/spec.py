"""Parameters of the budget optimisation notebook."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from reachbook.budget.missing_money import instruction
from reachbook.budget.model.spec import MixSpec
from reachbook.budget.optimize.rules import Amount, Limits, Price, Rebate, Share
from reachbook.spec import Keys, Spec
from reachbook.translation import joined, tr

_BY_CHANNEL = ("limits", "fixed", "minimum", "changes", "packages", "rebates", "channel_shares", "blackout")


class FieldTest(Spec):
    """A candidate lift test, whose expected value of information the report states."""

    channel: str = Field(description="channel that gets additional spend")
    extra_spend: float = Field(gt=0, description="additional spend a week in the test's share of the market, in money")
    weeks: int = Field(default=8, ge=1, le=26, description="length of the test in weeks")
    share: float = Field(
        default=0.5,
        gt=0,
        lt=1,
        description="share of the market that gets the additional spend; the rest is the control",
    )
    se: float | None = Field(
        default=None,
        gt=0,
        description="standard error of the lift over all weeks, in units of outcome; none: from the model's noise",
    )
    setup: float = Field(default=0.0, ge=0, description="cost of the test besides the spend, in money")


class BudgetSpec(MixSpec):
    """Parameters of the model, the budget and its rules; amounts are in money a week unless described otherwise."""

    model_config = ConfigDict(allow_inf_nan=False)

    weekly_budget: float | None = Field(
        default=None, ge=0, description="money a week for all channels together; none: current spend"
    )
    horizon_budget: float | None = Field(
        default=None, ge=0, description="money for all planned weeks and channels together, in place of weekly_budget"
    )
    horizon_weeks: int = Field(
        default=13, ge=1, le=52, description="number of weeks to plan, from the end of the tables on"
    )
    margin: float | None = Field(
        default=None, gt=0, le=1, description="share of value_per_unit that remains as contribution; none: not stated"
    )
    outcome_unit: str = Field(
        default="", description="plural noun for what the outcome counts, such as orders; empty: outcome"
    )

    metrics: list[str] = Field(
        default=["value"],
        description="names of this outcome in lift tests, such as revenue; tests of other metrics are left out",
    )
    brand: str = Field(default="", description="brand whose sentiment_index is used, where there are several")

    mode: Literal["fixed", "at_most", "free", "target"] = Field(
        default="fixed",
        description="spend all (fixed), what pays within it (at_most), all that pays (free), or the least (target)",
    )
    target_outcome: float | None = Field(
        default=None, gt=0, description="mode target: outcome a week that media must bring, in units of outcome"
    )
    target_roas: float | None = Field(default=None, gt=0, description="least outcome, in money, per unit of spend")
    target_cac: float | None = Field(default=None, gt=0, description="most spend per unit of outcome, in money")
    objective: Literal["expected", "cvar", "quantile"] = Field(
        default="expected",
        description="what is maximised: expected outcome, mean of its worst cases (cvar), or a low quantile",
    )
    tail: float = Field(default=0.2, gt=0, lt=1, description="cvar, quantile: share of cases that count as the worst")
    caution: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="cvar: weight of the worst cases, 0 to 1; the rest is the weight of the expected outcome",
    )

    limits: dict[str, Limits] = Field(
        default={}, description="least and most spend a week by channel, in money: {low:, high:}"
    )
    fixed: dict[str, Amount] = Field(
        default={}, description="spend a week by channel, for channels whose spend is settled, in money"
    )
    groups: dict[str, Share] = Field(
        default={}, description="least and most share of all spend for groups of channels: {channels:, low:, high:}"
    )
    minimum: dict[str, Amount] = Field(
        default={}, description="least spend of a channel in a week in which it is used at all, in money"
    )
    change: float | None = Field(
        default=None, ge=0, description="largest change of each channel's spend from current spend (a ratio)"
    )
    changes: dict[str, Amount] = Field(
        default={}, description="largest change from current spend by channel, in place of change (ratios)"
    )
    packages: dict[str, Price] = Field(
        default={}, description="price of a package by channel, for channels bought in packages a week, in money"
    )
    rebates: dict[str, Rebate] = Field(
        default={}, description="rebates on the weekly list price by channel: {tiers: [{above:, rebate:}], on:}"
    )
    beyond: float = Field(
        default=0.0,
        ge=0,
        description="how far plans may leave the spend observed: 0.2 is a fifth above or below; 1: down to 0",
    )

    blackout: dict[str, list[str]] = Field(
        default={}, description="weeks without spend by channel, each named by any of its days; all: every channel"
    )
    peaks: dict[str, Amount] = Field(
        default={}, description="factor on the effect of media in single weeks, each named by any of its days"
    )
    pace: float | None = Field(
        default=None,
        ge=0,
        description="largest change from week to week, relative to the channel's mean week (a ratio)",
    )
    tail_weeks: int = Field(
        default=13,
        ge=0,
        le=26,
        description="weeks after the horizon whose carry-over counts, while the plan's spend goes on",
    )

    scenarios: dict[str, dict[str, Any]] = Field(
        default={}, description="what-if plans by name, each with the fields above that differ"
    )
    tests: list[FieldTest] = Field(
        default=[], description="lift tests to choose from: {channel:, extra_spend:, weeks:, share:}; []: a usual set"
    )
    test_horizon: int = Field(
        default=52, ge=1, le=260, description="number of weeks for which the result of a lift test is used"
    )
    backtest: int = Field(
        default=2,
        ge=0,
        le=12,
        description="number of past dates at which forecast and plan are tested; each takes a fit",
    )
    least_probability: float = Field(
        default=0.8, ge=0.5, lt=1, description="probability of a gain below which spend stays as it is"
    )
    gap: float = Field(
        default=1e-3, gt=0, lt=1, description="largest proven gap to the best plan that is accepted (a ratio)"
    )

    @model_validator(mode="after")
    def _one_budget(self) -> "BudgetSpec":
        if self.weekly_budget is not None and self.horizon_budget is not None:
            raise ValueError(
                tr(
                    "weekly_budget is {weekly_budget:g} and horizon_budget is {horizon_budget:g}; keep one: "
                    "money a week, or money for all {horizon_weeks} weeks together",
                    weekly_budget=self.weekly_budget,
                    horizon_budget=self.horizon_budget,
                    horizon_weeks=self.horizon_weeks,
                )
            )
        if (self.mode == "target") != (self.target_outcome is not None):
            raise ValueError(
                tr(
                    "mode is {mode} and target_outcome is {target_outcome}; a target needs mode target, and back",
                    mode=self.mode,
                    target_outcome=self.target_outcome,
                )
            )
        if self.target_roas is not None and self.target_cac is not None:
            raise ValueError(tr("target_roas and target_cac say the same thing twice; drop one"))
        if self.objective == "quantile" and (self.mode == "target" or self.target_roas or self.target_cac):
            raise ValueError(tr("objective quantile goes with no target; take expected or cvar"))
        self._money_stated()
        return self

    def _money_stated(self) -> None:
        """Reject settings that need the outcome in money where `value_per_unit` or `margin` is missing."""
        needed = {"value_per_unit": self.value_per_unit, "margin": self.margin}
        if self.mode not in ("at_most", "free"):
            needed = {} if self.target_roas is None else {"value_per_unit": self.value_per_unit}
        missing = [name for name, value in needed.items() if value is None]
        if missing:
            raise ValueError(self._needed(instruction(missing)))

    def _needed(self, remedy: str) -> str:
        if self.mode in ("at_most", "free"):
            return tr("mode is {mode}, which needs the money of the outcome; {remedy}", mode=self.mode, remedy=remedy)
        return tr("target_roas is {roas:g}, which needs the money of the outcome; {remedy}", roas=self.target_roas,
                  remedy=remedy)  # fmt: skip

    @model_validator(mode="after")
    def _scenarios_hold(self) -> "BudgetSpec":
        for name in self.scenarios:
            try:
                self.scenario(name)
            except ValidationError as error:
                raise _placed(error, ("scenarios", name)) from error
        return self

    def check_against(self, tables: Mapping[str, Path]) -> Iterator[tuple[Keys, str]]:
        """Yield each channel or day that is not in the tables.

        Parameters
        ----------
        tables : mapping of str to Path
            Parquet file of each checked table; nothing is checked without both `media` and `outcome`.

        Yields
        ------
        tuple of (Keys, str)
            Place of the parameter and the message, as for `Spec.check_against`.
        """
        named, days = list(self._channels_named()), list(self._days_named())
        if not {"media", "outcome"} <= set(tables) or not (named or days):
            return
        channels = {str(name) for name in _asked("SELECT DISTINCT channel FROM read_parquet(?)", tables["media"])}
        (last,) = _asked("SELECT max(week)::DATE FROM read_parquet(?)", tables["outcome"])
        known = joined(sorted(channels))
        for keys, name in named:
            if name not in channels:
                yield (
                    keys,
                    tr("is no channel of the media table. Channels of the media table: {channels}.", channels=known),
                )
        for keys, day in days:
            at = _as_day(day)
            if at is None:
                yield keys, tr("is {day}. Write a day as YYYY-MM-DD.", day=day)
            elif last and not last < at <= last + timedelta(weeks=self.horizon_weeks + 1):
                yield keys, tr(
                    "is {day}, outside the {n} weeks that are planned after {last:%Y-%m-%d}. Take a day inside them, "
                    "or plan more weeks.",
                    day=day, n=self.horizon_weeks, last=last,
                )  # fmt: skip

    def _channels_named(self) -> Iterator[tuple[Keys, str]]:
        own = {field: getattr(self, field) for field in _BY_CHANNEL}
        changed = [(("scenarios", name), fields) for name, fields in self.scenarios.items()]
        for keys, fields in [((), own), *changed]:
            for field in _BY_CHANNEL:
                names = [name for name in fields.get(field) or {} if (field, name) != ("blackout", "all")]
                yield from (((*keys, field, name), name) for name in names)
        for group, share in self.groups.items():
            yield from ((("groups", group, "channels", k), name) for k, name in enumerate(share.channels))
        for k, test in enumerate(self.tests):
            yield ("tests", k, "channel"), test.channel

    def _days_named(self) -> Iterator[tuple[Keys, str]]:
        for name, days in self.blackout.items():
            yield from ((("blackout", name, k), day) for k, day in enumerate(days))
        yield from ((("peaks", day), day) for day in self.peaks)

    def scenario(self, name: str) -> "BudgetSpec":
        """Parameters of the scenario `name`: its fields replace these, and its mappings are merged with these.

        Raises
        ------
        ValueError
            If the scenario changes a field that it may not change, or the result is not valid.
        """
        changed = self.scenarios[name]
        for field in changed:
            if field not in BudgetSpec.model_fields or field in (*MixSpec.model_fields, "scenarios", "horizon_weeks"):
                raise ValueError(
                    tr(
                        "{name} changes {field}, which is no rule of the money; a scenario changes only those",
                        name=name,
                        field=field,
                    )
                )
            if field == "margin" and self.margin is None:
                raise ValueError(
                    tr("{name} states margin, which the plan does not; write it beside mode, for all", name=name)
                )
        old = self.model_dump(mode="json", exclude={"scenarios"})
        if {"weekly_budget", "horizon_budget"} & set(changed):
            old |= {"weekly_budget": None, "horizon_budget": None}
        new = {
            field: {**old[field], **value} if isinstance(value, dict) and isinstance(old[field], dict) else value
            for field, value in changed.items()
        }
        return BudgetSpec.model_validate({**old, **new}, strict=False)


def _asked(query: str, path: Path) -> list[Any]:
    """First column of the answer; DuckDB, because pandas takes longer to import than all else that asks nothing new."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        return [row[0] for row in connection.execute(query, [str(path)]).fetchall()]


def _as_day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None


def _placed(error: ValidationError, place: tuple[str, ...]) -> ValidationError:
    """Validation error with `place` prepended to each location, so that it points at the scenario's line."""
    mistakes = [
        InitErrorDetails(type=each["type"], loc=(*place, *each["loc"]), input=each["input"], ctx=each.get("ctx", {}))
        for each in error.errors()
    ]
    return ValidationError.from_exception_data(error.title, mistakes)
