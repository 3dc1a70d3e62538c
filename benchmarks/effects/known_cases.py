"""Public cases with a published answer, as tables of the contracts `panel` and `series`; not part of this project."""

from pathlib import Path

import pandas as pd

DATA = Path(__file__).parents[3] / "shared" / "data" / "campaign"


def geolift() -> pd.DataFrame:
    """GeoLift's example: 40 cities, 105 days, Chicago and Portland treated in the last 15."""
    frame = pd.read_csv(DATA / "geolift_test.csv").rename(columns={"location": "unit", "Y": "outcome"})
    frame["date"] = pd.to_datetime(frame["date"])
    since = (frame["date"] - frame["date"].min()).dt.days
    return frame.assign(treated=frame["unit"].isin(["chicago", "portland"]) & (since >= 90))


def proposition_99() -> pd.DataFrame:
    """Cigarettes sold a head in American states, by year; California's tax from 1989."""
    frame = pd.read_csv(DATA / "prop99_smoking.csv")
    return frame.rename(columns={"state": "unit", "year": "date", "cigsale": "outcome", "Proposition 99": "treated"})


def bsts_google() -> pd.DataFrame:
    """A series with controls, a campaign from 2 March 2020."""
    return pd.read_csv(DATA / "bsts_google.csv").rename(columns={"y": "outcome"})


def bsts_comparison() -> pd.DataFrame:
    """A series with controls and a change on 15 July 2019 that R finds no effect of."""
    return pd.read_csv(DATA / "bsts_comparison.csv").rename(columns={"CHANGED": "outcome", "DATE": "date"})
