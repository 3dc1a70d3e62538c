"""Parameters of the counts of people."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import Field, model_validator

from reachbook.spec import Keys, Spec
from reachbook.translation import tr

OTHER = "other"
"""Cell of everybody who is in none that was stated."""


class HeadcountSpec(Spec):
    """What people are counted by; all of it is stated, because what is found in the data tells who is in them."""

    platforms: tuple[str, ...] = Field(
        default=(), description="platforms to count by, as they stand in the tables; all others count together"
    )
    active_days: int = Field(default=14, ge=1, description="active: last event at most this many days before the end")
    lapsing_days: int = Field(
        default=42, ge=1, description="lapsing: last event at most this many days before the end; dormant: earlier"
    )
    traits: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="columns of the table users to count by, with their values, as in `{city_tier: [tier_1, tier_2]}`",
    )
    largest_error: float = Field(
        default=0.1, gt=0, lt=1, description="largest error of the sum, as a share of it, at which counts are of use"
    )

    @model_validator(mode="after")
    def _ordered(self) -> "HeadcountSpec":
        if self.lapsing_days <= self.active_days:
            raise ValueError(
                tr(
                    "lapsing_days is {lapsing}, not above active_days {active}",
                    lapsing=self.lapsing_days,
                    active=self.active_days,
                )
            )
        for name, values in {"platforms": self.platforms, **{f"traits.{k}": v for k, v in self.traits.items()}}.items():
            if len(set(values)) < len(values):
                raise ValueError(tr("{name} states a value twice. State each once.", name=name))
            if OTHER in values:
                raise ValueError(
                    tr("{name} states {other!r}, which stands for all that are not stated. Take it out.", name=name,
                       other=OTHER)
                )  # fmt: skip
            if name != "platforms" and not values:
                raise ValueError(tr("{name} states no value. List the values to count.", name=name))
        return self

    def check_against(self, tables: Mapping[str, Path]) -> Iterable[tuple[Keys, str]]:
        """Check that each column of `traits` is a text of the table users."""
        if not self.traits:
            return
        import pyarrow as pa
        import pyarrow.parquet as pq

        columns = {each.name: each.type for each in pq.read_schema(tables["users"])} if "users" in tables else {}
        kinds = (pa.types.is_string, pa.types.is_large_string)
        texts = [name for name, kind in columns.items() if name != "user_id" and any(each(kind) for each in kinds)]
        for name in self.traits:
            if name not in texts:
                yield (
                    ("traits", name),
                    tr("is no text of the table users. Columns there: {columns}.",
                       columns=", ".join(texts) or tr("none")),
                )  # fmt: skip
