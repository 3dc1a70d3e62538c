"""The base of every parameter schema: typed, frozen, strict, without unknown keys."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _to_decimal(value: Any) -> Any:
    """Whole numbers, decimals and their text become Decimal through their shortest text, so that 0.1 stays 0.1."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return value
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return value


Money = Annotated[Decimal, BeforeValidator(_to_decimal)]
"""An amount in the study's currency."""


class Spec(BaseModel):
    """Typed parameters: frozen, unknown keys refused, no conversion between types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)
