"""A project whose study has people in every table, some of whom have not consented."""

from pathlib import Path

from helpers.tiny_project import Project

KEY = "0123456789abcdef" * 4
STUDY = """\
title: People
period: {start: 2026-07-01, end: 2026-09-30}
notebooks: [count]
tables:
  users: {path: data/users.csv}
  interactions: {path: data/interactions.csv}
  orders: {path: data/orders.csv}
  comments: {path: data/comments.csv}
  reviews: {path: data/reviews.csv}
  experiment: {path: data/experiment.csv}
"""
CONSENT = "privacy: {purpose: To plan campaigns., basis: consent}\n"
COUNT = [
    "# How many orders?\n\nWe count them.",
    ("parameters", 'study_name: str = "people"'),
    "## Reading",
    "from reachbook.report import Report\nfrom reachbook.study import Study",
    'study = Study.load(study_name)\nreport = Report(study, "count")',
    'orders = study.table("orders")',
    'report.finding("orders", "Orders", len(orders), unit="count")',
    'report.gate("some", len(orders) > 0, "there are orders")',
    'report.table("orders", orders, units={"amount": "money"}, download=True)',
    'report.decision("Go on.")',
]
TABLES = ["users", "interactions", "orders", "comments", "reviews", "experiment"]


def person(number: int) -> str:
    """A distinctive id."""
    return f"person-{number:05d}-zq"


def says(number: int) -> str:
    """Consent of a person: every fifth says no, every seventh nothing."""
    return "否" if number % 5 == 0 else "" if number % 7 == 0 else "是"


def consenting(number: int) -> bool:
    """Whether a person has consented."""
    return says(number) == "是"


def people(root: Path, count: int = 100, study: str = STUDY) -> Project:
    """Write the project `people`: each person has one row in each table, and two interactions."""
    made = Project(root)
    made.study("people", study)
    made.write("requirements.lock", "nothing==1.0\n")
    made.notebook("count", COUNT, title="How many orders?", tables=TABLES)
    everyone = [(number, person(number)) for number in range(1, count + 1)]
    day = [f"2026-07-{number % 28 + 1:02d} 10:{number % 60:02d}:00" for number, _ in everyone]
    rows = list(zip(everyone, day, strict=True))
    _write(
        made,
        "users",
        "user_id,age_band,consent",
        [f"{i},{'25-34' if n % 2 else '35-44'},{says(n)}" for n, i in everyone],
    )
    seen = [f"{i},douyin,view,{at}" for (_, i), at in rows] + [f"{i},weibo,like,{at}" for (_, i), at in rows]
    _write(made, "interactions", "user_id,platform,kind,at", seen)
    _write(made, "orders", "order_id,user_id,at,amount", [f"o{n},{i},{at},{10 + n}" for (n, i), at in rows])
    said = [f"c{n},douyin,{at},很好 {n},{i}" for (n, i), at in rows]
    _write(made, "comments", "comment_id,platform,at,text,user_id", [*said, "c0,douyin,2026-07-02 09:00:00,谁,"])
    _write(made, "reviews", "comment_id,label,note", [f"c{n},positive,from {i}" for n, i in everyone])
    _write(made, "experiment", "unit_id,arm,outcome", [f"{i},{'a' if n % 2 else 'control'},{n}" for n, i in everyone])
    return made


def _write(project: Project, table: str, head: str, lines: list[str]) -> None:
    project.write(f"data/{table}.csv", "\n".join([head, *lines]) + "\n")
