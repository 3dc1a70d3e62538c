"""Sizes have bounds, and the light modules stay light."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from reachbook.demo.spec import DemoSpec


@pytest.mark.parametrize(
    "sizes",
    [
        {"users": 10},
        {"users": -1},
        {"comments": 10**9},
        {"panel_days": 100},
        {"campaign_days": 90},
        {"treated_cities": 13},
        {"stagger_days": 14, "campaign_days": 20, "treated_cities": 3},
        {"people": 5},
        {"users": "many"},
    ],
)
def test_refuses(sizes):
    with pytest.raises(ValidationError):
        DemoSpec(**sizes)


def test_spec_imports_no_numbers():
    code = "import sys, reachbook.demo.spec; assert not {'numpy', 'pandas', 'pyarrow'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
