"""A condition of study.yaml is a word, some values or all but some, and one value needs no list."""

import json

import pytest
from pydantic import ValidationError

from reachbook.tables.condition import OtherThan
from reachbook.tables.source import Source


def stated(condition: object) -> object:
    """The condition as a study's file gives it."""
    return Source.model_validate_json(json.dumps({"path": "a.csv", "where": {"s": condition}})).where["s"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("filled", "filled"),
        ("empty", "empty"),
        ("paid", ("paid",)),
        (["filled"], ("filled",)),
        (["a", "b"], ("a", "b")),
        (None, ()),
        ([], ()),
        ({"other_than": "a"}, OtherThan(other_than=("a",))),
        ({"other_than": ["a", "b"]}, OtherThan(other_than=("a", "b"))),
    ],
)
def test_every_way_of_writing_it(written: object, read: object) -> None:
    assert stated(written) == read
    assert Source(path="a.csv", where={"s": read}).where["s"] == read  # type: ignore[dict-item]


@pytest.mark.parametrize("written", [3, [1.5], True, {}, {"other_than": []}, {"a": ["b"]}, [["a"]]])
def test_what_is_none_is_told_in_one_sentence(written: object) -> None:
    with pytest.raises(ValidationError) as error:
        stated(written)
    (mistake,) = error.value.errors()
    assert mistake["type"] == "value_error"
    assert mistake["loc"] == ("where", "s")
