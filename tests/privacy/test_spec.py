import pytest
from pydantic import ValidationError

from reachbook.privacy.spec import Privacy


def test_a_basis_needs_a_purpose():
    with pytest.raises(ValidationError, match="purpose"):
        Privacy(basis="consent")


def test_nothing_is_left_out_unless_it_is_stated():
    assert (Privacy().basis, Privacy().minimum, Privacy().keep_days) == (None, 20, None)
