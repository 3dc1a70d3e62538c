"""Every export is recognised by the names of its columns, and as nothing else."""

import pytest

from helpers.exporters import EXPORTS
from reachbook.draft.recognition import match


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_recognised_as_itself(name: str) -> None:
    found = match(each.strip() for each in EXPORTS[name].header)
    assert found is not None
    assert (found.preset, found.others) == (name, ())


def test_names_of_no_export_fit_none() -> None:
    assert match(["unit", "date", "outcome"]) is None
