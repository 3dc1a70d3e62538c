"""What a parameter's type demands, in words: pydantic's own sentences, in the study's language."""

import re
from typing import Any

from reachbook.translation import language, mark, tr

DEMANDS = {
    "greater_than": mark("It should be greater than {gt}"),
    "greater_than_equal": mark("It should be greater than or equal to {ge}"),
    "less_than": mark("It should be less than {lt}"),
    "less_than_equal": mark("It should be less than or equal to {le}"),
    "finite_number": mark("It should be a finite number"),
    "multiple_of": mark("It should be a multiple of {multiple_of}"),
    "too_short": mark("It should have at least {min_length} items, not {actual_length}"),
    "too_long": mark("It should have at most {max_length} items, not {actual_length}"),
    "string_type": mark("It should be a valid string"),
    "string_too_short": mark("It should have at least {min_length} characters"),
    "string_too_long": mark("It should have at most {max_length} characters"),
    "string_pattern_mismatch": mark("It should match pattern '{pattern}'"),
    "int_type": mark("It should be a valid integer"),
    "int_from_float": mark("It should be a valid integer, got a number with a fractional part"),
    "float_type": mark("It should be a valid number"),
    "bool_type": mark("It should be a valid boolean"),
    "list_type": mark("It should be a valid array"),
    "tuple_type": mark("It should be a valid array"),
    "dict_type": mark("It should be an object"),
    "model_type": mark("It should be an object"),
    "date_type": mark("It should be a valid date"),
    "date_parsing": mark("It should be a valid date in the format YYYY-MM-DD, {error}"),
    "date_from_datetime_parsing": mark("It should be a valid date or datetime, {error}"),
    "literal_error": mark("It should be {expected}"),
    "enum": mark("It should be {expected}"),
    "none_required": mark("It should be null"),
}
"""Sentence by pydantic's type of error; its placeholders are that type's context."""


def demand(mistake: dict[str, Any]) -> str:
    """Sentence on what the value should be.

    Parameters
    ----------
    mistake : dict
        One entry of `pydantic.ValidationError.errors()`. A type that is not in `DEMANDS` keeps pydantic's English.
    """
    if language() == "en" or mistake["type"] not in DEMANDS:
        own = re.sub(r"^(Input|Tuple|List|Dictionary|String|Decimal input|Number)\b", "It", str(mistake["msg"]))
        return f"{own}."
    context = {name: str(value).replace(" or ", tr(" or ")) for name, value in mistake.get("ctx", {}).items()}
    message = DEMANDS[mistake["type"]]
    return tr(message, **context) + tr(".")
