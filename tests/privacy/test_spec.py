import pytest
from pydantic import ValidationError

from reachbook.privacy.spec import Privacy


def test_a_basis_needs_a_purpose():
    with pytest.raises(ValidationError, match="purpose"):
        Privacy(basis="consent")


def test_nothing_is_left_out_unless_it_is_stated():
    assert (Privacy().basis, Privacy().minimum, Privacy().keep_days) == (None, 20, None)


@pytest.mark.parametrize(
    ("epsilon", "said"),
    [
        (0, "is not above 0"),
        (-1, "is not above 0"),
        (float("nan"), "is not above 0"),
        (0.001, "each count would be off by 3,000 people and more"),
        (50, "hide nobody"),
        (float("inf"), "hide nobody"),
    ],
)
def test_an_epsilon_that_hides_nobody_or_nothing_but_everything_is_refused(epsilon: float, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Privacy(audience="shared", epsilon=epsilon)


def test_epsilon_is_for_shared_pages() -> None:
    with pytest.raises(ValidationError, match="epsilon is for shared pages"):
        Privacy(epsilon=1)
    assert Privacy(audience="shared", epsilon=1).epsilon == 1
