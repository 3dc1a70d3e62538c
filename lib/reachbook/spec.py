"""The base of every parameter schema: typed, frozen, strict, without unknown keys."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from reachbook.translation import tr


def _to_decimal(value: Any) -> Any:
    """Convert numbers and numeric text to Decimal through their shortest text, so that 0.1 stays 0.1.

    Raises
    ------
    ValueError
        `value` is not a finite amount.
    """
    try:
        amount = Decimal(str(value)) if isinstance(value, (int, float, str, Decimal)) else None
    except ArithmeticError:
        amount = None
    if amount is None or isinstance(value, bool) or not amount.is_finite():
        raise ValueError(tr("is {value!r}, not an amount. Write a number such as 1200.50.", value=value))
    return amount


Money = Annotated[Decimal, BeforeValidator(_to_decimal)]
"""An amount in the study's currency."""


type Keys = tuple[str | int, ...]
"""Path to a value: keys of mappings and positions in lists."""


class Spec(BaseModel):
    """Typed parameters: frozen, unknown keys refused, no conversion between types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)

    def check_against(self, tables: Mapping[str, Path]) -> Iterable[tuple[Keys, str]]:
        """Check the parameters against the study's tables.

        Parameters
        ----------
        tables : mapping of str to Path
            Checked Parquet files by table name.

        Returns
        -------
        Iterable of (keys, message)
            One pair for each value that contradicts the tables. `message` continues a sentence that begins with the
            keys: what is wrong, and the remedy.
        """
        return ()

    def uses(self, table: str) -> bool:
        """Whether a notebook with these parameters reads `table`, one of those that its metadata name."""
        return True

    def versions(self) -> Mapping[str, str]:
        """Published versions of the same notebook that the parameters name, `"<study>/<version>"` by parameter."""
        return {}
