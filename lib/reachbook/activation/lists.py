"""Make the lists of a published audience: `make activate`."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from reachbook import atomic, report_paths
from reachbook.activation import audience, holdout, record, scoring
from reachbook.activation.allowed import Allowed, allowed
from reachbook.activation.audience import Audience
from reachbook.activation.holdout import HOLDOUT, TREATED, HoldOut
from reachbook.activation.window import ordering
from reachbook.effects.spec import EffectSpec
from reachbook.errors import ParamsError
from reachbook.presentation import spreadsheets
from reachbook.privacy import key
from reachbook.study import files
from reachbook.study.files import StudyFile
from reachbook.translation import tr, trn, using

HELD = 2
"""Held-out people whom the smallest segment expects, in privacy.minimum."""


@dataclass(frozen=True)
class Wish:
    """What a person types after `make activate`, as text; "" where they typed nothing.

    Attributes
    ----------
    segment : str
        Number or name of one segment.
    version : str
        Beginning of the version's name.
    suppress : str
        People to leave out.
    until : str
        Last day on which the list may be used.
    hold_out : str
        Share that is held out.
    """

    segment: str = ""
    version: str = ""
    suppress: str = ""
    until: str = ""
    hold_out: str = ""


def activate(root: Path, study: str, wish: Wish) -> Iterator[str]:
    """Write one list for each segment, with the hold-out beside it; yields what was done, without ids.

    Raises
    ------
    ParamsError
        The key is missing, short or another one, the study states no basis, there is no version that stands, or
        what was typed cannot be used.
    DataError
        Ids cannot be told apart, or a table cannot be read.
    """
    file, one = files.load(root, study), key.from_environment()
    with using(file.spec.language):
        found = audience.published(root, study, wish.version)
        folder = report_paths.lists_of(found.version.folder)
        before = record.read(folder, one)
        chosen, may = found.chosen(wish.segment), allowed(found.people, file, one, root, wish.suppress)
        until, share = _until(found, file, wish.until), _share(may.people, file, before, wish.hold_out)
        seed = f"{file.spec.seed}:{found.version.name}"
        people = may.people.assign(arm=_arms(may.people, share, seed))
        told, least = [each for each in chosen if each not in found.untold], file.spec.privacy.minimum
        big = [each for each in told if (people["segment"] == each).sum() >= least]
        yield from may.said
        yield from (_small(found, each, least) for each in told if each not in big)
        yield from (_untold(found, each, least) for each in chosen if each not in told)
        about = {
            "study": study,
            "version": found.version.name,
            "purpose": file.spec.privacy.purpose,
            "basis": file.spec.privacy.basis,
            "key": one.fingerprint,
            "seed": seed,
            "holdout": share.share,
        }
        if big:
            yield from _written(folder, found, people[people["segment"].isin(big)], may, about, before, until, file)
            yield share.why
            yield tr("They may be used until {until}, for: {purpose}", until=until, purpose=about["purpose"])
        else:
            yield tr("No list was made.")


def _arms(people: pd.DataFrame, share: HoldOut, seed: str) -> pd.Series:
    held = holdout.held_out(people["id"], share.share, seed)
    return pd.Series(held, index=people.index).map({True: HOLDOUT, False: TREATED})


def _small(found: Audience, number: int, minimum: int) -> str:
    return tr(
        "segment {number} ({name}): fewer than {minimum} people may be listed (privacy.minimum), so that it gets no "
        "list",
        number=number,
        name=found.names[number],
        minimum=minimum,
    )


def _untold(found: Audience, number: int, minimum: int) -> str:
    return tr(
        "segment {number} ({name}): the shared page does not tell it, since it has fewer than {minimum} people or "
        "would give such a segment away, so that it gets no list",
        number=number,
        name=found.names[number],
        minimum=minimum,
    )


def _until(found: Audience, file: StudyFile, text: str) -> str:
    """Last day on which the list may be used, in ISO 8601."""
    today, days = datetime.now(UTC).date(), file.spec.privacy.keep_days
    kept = date.fromisoformat(found.version.finished[:10]) + timedelta(days=days) if days else None
    try:
        asked = date.fromisoformat(text.strip()) if text.strip() else kept
    except ValueError as error:
        raise ParamsError("UNTIL: " + tr("{text!r} is no day. Write it as 2026-12-31.", text=text.strip())) from error
    if asked is None:
        raise ParamsError(
            "UNTIL: " + tr("say until when the list may be used, as UNTIL=2026-12-31, or set privacy.keep_days.")
        )
    if kept is not None and asked > kept:
        raise ParamsError(
            "UNTIL: "
            + tr("{day} is after {kept}, up to when the version may be kept (privacy.keep_days).", day=asked, kept=kept)
        )
    if asked < today:
        raise ParamsError("UNTIL: " + tr("{day} has passed. Make a new version, or name a later day.", day=asked))
    return asked.isoformat()


def _share(people: pd.DataFrame, file: StudyFile, before: dict[str, Any], text: str) -> HoldOut:
    """Share of the version's hold-out: the one that its lists have, else the one stated or planned."""
    asked = holdout.stated(text) if text.strip() else None
    known = before.get("holdout")
    if known is None:
        return asked or _planned(people, file)
    if asked is not None and asked.share != known:
        raise ParamsError(
            "HOLDOUT: "
            + tr(
                "lists of this version hold out {known:.0%}, and {asked:.0%} would move people from one arm to the "
                "other. Leave HOLDOUT out, or make a new version.",
                known=known,
                asked=asked.share,
            )
        )
    return HoldOut(known, tr("{share:.0%} are held out at random, as on the version's earlier lists.", share=known))


def _planned(people: pd.DataFrame, file: StudyFile) -> HoldOut:
    """Plan the share over all segments, so that each list of the version has the same."""
    spec, minimum = file.parameters.get("campaign_effect"), file.spec.privacy.minimum
    sizes = people["segment"].value_counts()
    sizes = sizes[sizes >= minimum]
    if sizes.empty:
        return HoldOut(0.5, "")
    rate = ordering(people["user_id"], file)
    effect = spec if isinstance(spec, EffectSpec) else EffectSpec()
    return holdout.planned(len(people), rate, effect, file.spec.seed, HELD * minimum / int(sizes.min()))


def _written(
    folder: Path,
    found: Audience,
    people: pd.DataFrame,
    may: Allowed,
    about: dict[str, Any],
    before: dict[str, Any],
    until: str,
    file: StudyFile,
) -> Iterator[str]:
    """Write lists, assignment, suppression list, seed and record: beside their places first, then all at once."""
    chosen = sorted(int(each) for each in people["segment"].unique())
    half = atomic.beside(folder)
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    try:
        told = [_list(half, found, number, people[people["segment"] == number], until, about) for number in chosen]
        every = record.assigned(folder, people)
        every.to_csv(half / record.ASSIGNMENT, index=False, lineterminator="\n")
        held = every.loc[every["arm"] == HOLDOUT, "id"]
        out = pd.Series(sorted({*held, *may.suppressed, *record.suppressed(folder)}), name="id")
        spreadsheets.write(out.to_frame(), half, "suppression")
        told += _seed(half, found, people)
        told += scoring.written(half, found, file)
        made = {"made": datetime.now(UTC).date().isoformat(), "until": until}
        listed = {str(number): made | {"name": found.names[number]} for number in chosen}
        record.write(half, {**about, "segments": {**before.get("segments", {}), **listed}})
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(half.iterdir()):
            atomic.put(path, folder / path.name)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    shown = f"lists/{about['study']}/{about['version']}"
    yield from (f"{shown}/{each}" for each in told)
    yield tr(
        "{shown}/{assignment}: the arm of each; {shown}/suppression.csv: whom no campaign may reach.",
        shown=shown,
        assignment=record.ASSIGNMENT,
    )


def _list(folder: Path, found: Audience, number: int, part: pd.DataFrame, until: str, about: dict[str, Any]) -> str:
    treated = part.loc[part["arm"] == TREATED, ["id"]].sort_values("id")
    frame = treated.assign(segment=number, name=found.names[number], use_until=until, purpose=about["purpose"])
    files_made = _sheets(frame, folder, f"segment-{number}")
    return tr(
        "{files}: {name}, {n:,} people, {held:,} more are held out",
        files=files_made,
        name=found.names[number],
        n=len(frame),
        held=len(part) - len(frame),
    )


def _sheets(frame: pd.DataFrame, folder: Path, name: str) -> str:
    """Write a frame as CSV and, if it fits into a sheet, as a workbook."""
    if len(frame) <= spreadsheets.LIMITS["rows"]:
        spreadsheets.write(frame, folder, name)
        return f"{name}.csv, .xlsx"
    frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n")
    return f"{name}.csv"


def _seed(folder: Path, found: Audience, people: pd.DataFrame) -> list[str]:
    """Write the people to whom a platform may look for others alike: the best segment's, without those held out."""
    best = found.best()
    part = people[(people["segment"] == best) & (people["arm"] == TREATED)]
    if part.empty:
        return []
    _sheets(part[["id"]].sort_values("id"), folder, "seed")
    return [
        trn(
            "seed.csv: {n} person of the segment that brings the most money a person, to look for others alike",
            "seed.csv: {n} people of the segment that brings the most money a person, to look for others alike",
            len(part),
        )
    ]
