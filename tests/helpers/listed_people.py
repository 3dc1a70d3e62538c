"""A study with a published audience of three segments, without a run: 1,200 people, one segment of five."""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.shelved import shelved
from helpers.tiny_project import Project

KEY = "0123456789abcdef" * 4
STUDY = """\
title: Listed
period: {start: 2026-07-01, end: 2026-09-30}
language: en
seed: 7
notebooks: [audience_segmentation]
tables:
  users: {path: data/users.csv}
  orders: {path: data/orders.csv}
"""
PRIVACY = "privacy: {purpose: To tell members of new products., basis: consent, keep_days: 3650}\n"
PEOPLE, FEW = 1200, 5
NOTEBOOK = "audience_segmentation"


def person(number: int) -> str:
    """A distinctive id."""
    return f"member-{number:05d}-zq"


def says(number: int) -> str:
    """Consent: every tenth says no."""
    return "否" if number % 10 == 0 else "是"


def segment_of(number: int) -> int:
    """Segment as the table counts, from 0; the last five people are alone in theirs."""
    return 2 if number >= PEOPLE - FEW else number % 2


def audience(ids: list[str] | None = None) -> dict[str, pd.DataFrame]:
    """The tables that an audience report publishes."""
    numbers = np.arange(PEOPLE)
    people = pd.DataFrame(
        {
            "user_id": ids or [person(number) for number in numbers],
            "segment": [segment_of(number) for number in numbers],
            "name": [["Night owls", "Bargain hunters", "Few"][segment_of(number)] for number in numbers],
        }
    )
    sizes = pd.DataFrame({"name": ["Night owls", "Bargain hunters", "Few"], "per_person": [20.0, 80.0, 10.0]})
    return {"people": people, "sizes": sizes}


def listed(root: Path, study: str = STUDY + PRIVACY, number: int = 1, passed: bool = True) -> Project:
    """Write the study `listed` and its published audience; all but every nineteenth person ordered in September."""
    made = Project(root)
    made.study("listed", study)
    made.write("requirements.lock", "nothing==1.0\n")
    made.notebook(NOTEBOOK, ["# Who?"], title="Who?", tables=["users", "orders"],
                  spec="reachbook.segmentation.spec:SegmentationSpec")  # fmt: skip
    rows = [f"{person(each)},{says(each)}" for each in range(PEOPLE)]
    made.write("data/users.csv", "\n".join(["user_id,consent", *rows]) + "\n")
    bought = [
        f"o{each},{person(each)},2026-09-{each % 28 + 3:02d} 10:00:00,{50 + each}"
        for each in range(PEOPLE)
        if each % 19
    ]
    made.write("data/orders.csv", "\n".join(["order_id,user_id,at,amount", *bought]) + "\n")
    published(root, number, passed)
    return made


def published(root: Path, number: int, passed: bool = True, ids: list[str] | None = None) -> Path:
    """Publish an audience as version `number`; a later number is a newer version."""
    day = f"2026-10-{number:02d}T08:00:00+00:00"
    return shelved(root, number, day, passed=passed, study="listed", notebook=NOTEBOOK, published=audience(ids))
