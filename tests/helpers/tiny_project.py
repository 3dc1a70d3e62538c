"""A tiny project to run the engine on: one study with a table of orders, one notebook that counts them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STUDY = """\
title: Tiny 小店
period: {start: 2026-07-01, end: 2026-09-30}
seed: 7
notebooks: [count]
tables:
  orders: {path: data/orders.csv}
"""

COUNT = [
    "# How many orders?\n\nWe count them. 我们数一数。",
    ("parameters", 'study_name: str = "tiny"'),
    "## Reading",
    "from reachbook.report import Report\nfrom reachbook.study import Study",
    'study = Study.load(study_name)\nreport = Report(study, "count")',
    'orders = study.table("orders")',
    'report.finding("orders", "Orders 订单", len(orders), 0, 100, "count", reference=0)',
    'report.gate("some", len(orders) > 0, "there are orders")',
    'report.table("orders", orders, units={"amount": "money"})',
    'report.decision("Go on.")',
]


def cell(source: str | tuple[str, str], number: int) -> dict[str, Any]:
    """Text is prose where it reads so, else code; (tag, text) is tagged code."""
    tag, text = source if isinstance(source, tuple) else ("", source)
    if not tag and text.startswith(("#", "We ")):
        return {"cell_type": "markdown", "id": f"c{number}", "metadata": {}, "source": text}
    metadata = {"tags": [tag]} if tag else {}
    code = {"cell_type": "code", "execution_count": None, "outputs": []}
    return {**code, "id": f"c{number}", "metadata": metadata, "source": text}


def notebook(path: Path, cells: list[Any], **about: Any) -> None:
    """Write a notebook with these cells, which says `about` of itself."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel, "reachbook": about},
        "cells": [cell(each, number) for number, each in enumerate(cells)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True)
class Project:
    """A project in a scratch folder."""

    root: Path

    def write(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding=encoding)
        return path

    def study(self, name: str, text: str) -> Path:
        """Write params/<name>/study.yaml."""
        return self.write(f"params/{name}/study.yaml", text)

    def notebook(self, name: str, cells: list[Any], **about: Any) -> None:
        """Write notebooks/<name>.ipynb."""
        notebook(self.root / "notebooks" / f"{name}.ipynb", cells, **about)

    def orders(self, rows: int = 12, encoding: str = "utf-8", first: float = 10.0) -> None:
        """Write data/orders.csv."""
        lines = [f"o{i},顾客{i % 4},2026-07-{i % 28 + 1:02d} 10:00:00,{first + i}" for i in range(rows)]
        self.write("data/orders.csv", "\n".join(["order_id,user_id,at,amount", *lines]) + "\n", encoding)


def tiny(root: Path) -> Project:
    """The tiny project at `root`."""
    made = Project(root)
    made.study("tiny", STUDY)
    made.orders()
    made.write("requirements.lock", "nothing==1.0\n")
    made.notebook("count", COUNT, title="How many orders?", tables=["orders"])
    return made
