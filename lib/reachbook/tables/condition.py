"""What a cell must satisfy for its row to count, as study.yaml states it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from reachbook.spec import Spec
from reachbook.translation import mark, tr

_CONDITIONS = mark("write a list of values as in [交易成功], filled, empty, or {other_than: [交易关闭]}")


class OtherThan(Spec):
    """Condition on a column: any value but these.

    Attributes
    ----------
    other_than : tuple of str
        Values whose rows are left out.
    """

    other_than: tuple[str, ...] = Field(min_length=1, description="values whose rows are left out")


def _condition(value: Any) -> Any:
    """Convert what study.yaml says of a column to a condition; a single text is a list of one, null and `[]` are none.

    Raises
    ------
    ValueError
        It is none.
    """
    if isinstance(value, OtherThan) or value in ("filled", "empty"):
        return value
    if value is None or (isinstance(value, (list, tuple)) and not value):
        return ()
    if not isinstance(value, Mapping):
        return _texts(value)
    if set(value) != {"other_than"}:
        raise ValueError(
            tr("holds {what}; {remedy}", what=", ".join(map(str, value)) or tr("nothing"), remedy=tr(_CONDITIONS))
        )
    return OtherThan(other_than=_texts(value["other_than"]))


def _texts(value: Any) -> tuple[str, ...]:
    """One text or a list of them as a tuple."""
    listed = list(value) if isinstance(value, (list, tuple)) else [value]
    if not listed:
        raise ValueError(tr("lists no value; {remedy}", remedy=tr(_CONDITIONS)))
    for each in listed:
        if isinstance(each, (bool, int, float)):
            said = str(each).lower() if isinstance(each, bool) else str(each)
            raise ValueError(
                tr('holds {said}, which is no text: quote it as it stands in the file, as in ["{said}"]', said=said)
            )
        if not isinstance(each, str):
            raise ValueError(tr("is no condition; {remedy}", remedy=tr(_CONDITIONS)))
    return tuple(listed)


Condition = Annotated[Literal["filled", "empty"] | tuple[str, ...] | OtherThan, BeforeValidator(_condition)]
"""What a cell must satisfy: be filled, empty, one of some values, or none of them. No value takes a condition back."""
