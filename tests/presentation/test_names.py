"""Values of the tables by the names that readers know."""

from collections.abc import Iterator

import pytest

from reachbook.presentation import names
from reachbook.presentation.names import named
from reachbook.translation import using


@pytest.fixture(autouse=True)
def _nobody_else_s() -> Iterator[None]:
    names.use({})
    yield
    names.use({})


def test_common_values_have_names_in_either_language() -> None:
    assert [named(each) for each in ("male", "tier_1", "new_tier_1", "revenue")] == [
        "male", "tier 1", "new tier 1", "revenue",
    ]  # fmt: skip
    with using("zh"):
        assert [named(each) for each in ("male", "tier_1", "new_tier_1", "revenue")] == [
            "男", "一线城市", "新一线城市", "收入",
        ]  # fmt: skip


def test_the_study_has_the_first_word_and_what_nobody_knows_stays() -> None:
    names.use({"male": "先生", "brand_a": "甲牌"})
    with using("zh"):
        assert (named("male"), named("brand_a"), named("female"), named("18-24")) == ("先生", "甲牌", "女", "18-24")
