"""All tables of the simulated brand, in memory or as Parquet files."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reachbook import atomic
from reachbook.demo import audience, calendar, columns, comments, effects, experiment, interactions, media, panel
from reachbook.demo.audience import DemoAudience
from reachbook.demo.calendar import Campaign
from reachbook.demo.interactions import Posts
from reachbook.demo.spec import DemoSpec


def simulate(spec: DemoSpec, start: date, end: date, seed: int) -> dict[str, pa.Table]:
    """Simulate every table and the truth_* tables; the same arguments give the same tables.

    Returns
    -------
    tables : dict
        Tables by name. Times are naive local time, money is in yuan.
        - Contract tables: users, contents, interactions, orders, comments, experiment, panel, media, outcome; and
          series, a panel of one unit with controls. They are separate views of one brand, and their sales do not add
          up.
        - Truth: truth_segments (user), truth_comments (comment), truth_sentiment (week, platform and brand),
          truth_bursts (burst), truth_campaigns (effect), truth_counterfactual (treated unit and day), truth_response
          (channel and week), truth_outcome (week).

    Raises
    ------
    ParamsError
        The period cannot hold the campaigns.
    """
    return dict(_tables(spec, start, end, seed))


def write(spec: DemoSpec, start: date, end: date, seed: int, folder: Path) -> dict[str, Path]:
    """Simulate into `folder`, one Parquet file for each table.

    Returns
    -------
    dict
        Path of each table's file by name.

    Notes
    -----
    Each file is written beside its place and renamed into it, so that nobody reads half a table. The bytes depend only
    on the arguments and the pyarrow version.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return {name: _write(frame, folder / f"{name}.parquet") for name, frame in _tables(spec, start, end, seed)}


def _write(frame: pa.Table, path: Path) -> Path:
    with atomic.writing(path) as unfinished:
        pq.write_table(frame, unfinished, compression="zstd")
    return path


def _tables(spec: DemoSpec, start: date, end: date, seed: int) -> Iterator[tuple[str, pa.Table]]:
    plans = calendar.campaigns(spec, start, end)
    first, days = columns.day_number(start), (end - start).days + 1
    crowd = audience.people(spec.users, first, days, seed)
    posts = interactions.posts(spec.contents, plans, first, days, seed)
    yield "users", audience.users(crowd, seed)
    yield "contents", interactions.contents(posts)
    yield "interactions", interactions.interactions(crowd, posts, spec.interactions, seed)
    yield "orders", audience.orders(crowd, spec.orders, seed)
    yield "truth_segments", audience.truth(crowd)
    yield from _talk(spec, crowd, posts, plans, seed)
    yield from _tests(spec, plans, columns.day_number(end), seed)
    yield from _media(spec, columns.day_number(end), seed)


def _talk(
    spec: DemoSpec, crowd: DemoAudience, posts: Posts, plans: dict[str, Campaign], seed: int
) -> Iterator[tuple[str, pa.Table]]:
    seeding = plans["note_seeding"]
    drawn = comments.comments(crowd, posts, seeding, spec.comments, seed)
    yield "comments", comments.table(drawn, crowd, posts, spec.labels, seed)
    yield "truth_comments", comments.truth(drawn)
    yield "truth_sentiment", comments.truth_sentiment(drawn, crowd.start, crowd.days, seeding)
    yield "truth_bursts", comments.truth_bursts(drawn, crowd.start, crowd.days)


def _tests(spec: DemoSpec, plans: dict[str, Campaign], end: int, seed: int) -> Iterator[tuple[str, pa.Table]]:
    creatives, push, seeding = (plans[name] for name in calendar.CAMPAIGNS)
    trial = experiment.trial(spec.units, creatives, seed)
    cities = panel.panel(spec, push, end, seed)
    brand, controls = panel.series(spec.series_days, seeding, end, seed)
    yield "experiment", experiment.table(trial)
    yield "panel", panel.table(cities)
    yield "series", panel.series_table(brand, controls, seed)
    yield (
        "truth_campaigns",
        effects.table(
            [
                *experiment.truth(trial, creatives),
                *panel.truth("panel", "city_push", cities, push),
                *panel.truth("series", "note_seeding", brand, seeding),
            ]
        ),
    )
    told = (panel.counterfactual("panel", cities), panel.counterfactual("series", brand))
    yield "truth_counterfactual", pa.concat_tables(told).combine_chunks()


def _media(spec: DemoSpec, end: int, seed: int) -> Iterator[tuple[str, pa.Table]]:
    drawn = media.media(spec.weeks, end, seed)
    value, parts = media.outcome(drawn, seed)
    yield "media", media.table(drawn, seed)
    yield "outcome", value
    yield "truth_response", media.truth(drawn)
    yield "truth_outcome", parts
