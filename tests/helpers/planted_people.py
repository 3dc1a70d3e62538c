"""A small brand in CSV tables whose people, orders and comments can be told from all else."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers.demo_brand import END, START
from helpers.tiny_project import Project
from reachbook.demo.spec import DemoSpec
from reachbook.demo.store import simulate

HERE = Path(__file__).parents[2]
SIZES = DemoSpec(users=160, contents=60, interactions=8_000, orders=640, comments=600, labels=160, units=600, weeks=104)
NOTEBOOKS = ("data_quality", "audience_segmentation", "campaign_effect", "sentiment_analysis")
"""Those that read people; the budget reads weeks and channels alone."""
STUDY = """\
title: Planted
period: {start: 2026-07-01, end: 2026-09-30}
language: en
seed: 7
notebooks: [{notebooks}]
tables:
  users: {path: data/users.csv}
  interactions: {path: data/interactions.csv}
  orders: {paths: "data/orders*.csv", lines: sum}
  comments: {path: data/comments.csv}
  experiment: {path: data/experiment.csv}
"""
PARAMETERS = {
    "audience_segmentation": "k_max: 3\nnull_draws: 19\nbootstrap_draws: 10\n",
    "sentiment_analysis": "brand: brand_a\n",
    "campaign_effect": """\
design: experiment
outcome: revenue
value_per_unit: 1
margin_low: 0.5
margin_high: 0.6
target: 0.1
periods: 4
test_cost: 0
""",
}
SPEAKERS = 40
"""Comments that tell a person's telephone number; five are one wording, as paid ones would be."""


def planted(root: Path, audience: str, notebooks: Sequence[str]) -> Project:
    """Write the study `planted` with some of the shipped notebooks, for pages that are `internal` or `shared`."""
    made = Project(root)
    made.study(
        "planted",
        STUDY.replace("{notebooks}", ", ".join(notebooks)) + f"privacy: {{audience: {audience}, minimum: 1}}\n",
    )
    shutil.copy(HERE / "requirements.lock", root)
    for name in notebooks:
        if name in PARAMETERS:
            made.write(f"params/planted/{name}.yaml", PARAMETERS[name])
        (root / "notebooks").mkdir(exist_ok=True)
        shutil.copy(HERE / "notebooks" / f"{name}.ipynb", root / "notebooks")
    for name, frame in _tables().items():
        frame.to_csv(made.write(f"data/{name}.csv", ""), index=False)
    return made


def ids(root: Path) -> set[str]:
    """Every id that stands in the tables, of people, orders and comments."""
    read = [pd.read_csv(path, dtype=str) for path in sorted((root / "data").glob("*.csv"))]
    named = ("user_id", "order_id", "comment_id", "unit_id")
    return {each.strip("'") for frame in read for name in named if name in frame for each in frame[name].dropna()}


def texts(root: Path) -> set[str]:
    """What the comments say."""
    return set(pd.read_csv(root / "data" / "comments.csv", dtype=str)["text"])


def _tables() -> dict[str, pd.DataFrame]:
    made = simulate(SIZES, START, END, 5)
    drawn = {name: made[name].to_pandas() for name in ("users", "interactions", "orders", "comments", "experiment")}
    people = {old: f"plantedperson{place:05d}zq" for place, old in enumerate(drawn["users"]["user_id"])}
    for frame in drawn.values():
        if "user_id" in frame:
            frame["user_id"] = frame["user_id"].map(people)
    _number(drawn["orders"], "order_id", "plantedorder")
    _number(drawn["comments"], "comment_id", "plantedcomment")
    _number(drawn["experiment"], "unit_id", "plantedunit")
    return _oddities(drawn)


def _number(frame: pd.DataFrame, column: str, word: str) -> None:
    frame[column] = [f"{word}{place:05d}zq" for place in range(len(frame))]


def _oddities(drawn: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """What warnings and lists are made of: overlapping files, altered ids, one hand behind many words, refunds."""
    comments, orders = drawn["comments"], drawn["orders"]
    for place in range(SPEAKERS):
        call = f"尺码不对客服不回请打我电话1380000{place:04d}找我本人处理退款谢谢"
        comments.loc[place, "text"] = call if place >= 5 else "这家店的客服态度太差了谁都不要再来买大家转发出去"
    comments.loc[10, "user_id"] = "'" + comments.loc[10, "user_id"] if pd.notna(comments.loc[10, "user_id"]) else None
    comments["region"] = None
    drawn["users"].loc[3, "user_id"] = "'" + drawn["users"].loc[3, "user_id"]
    crowd = drawn["interactions"].iloc[[0] * 400].reset_index(drop=True)  # one account does the same 400 times
    drawn["interactions"] = pd.concat([drawn["interactions"], crowd])
    return drawn | {"comments": comments.drop(columns="region"), "orders_2": orders.iloc[:30]}
