"""A random hold-out: how many, by the planner of the campaign effect, and who, by a hash that anybody can repeat."""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from reachbook.effects.planning.experiment import plan
from reachbook.effects.spec import EffectSpec
from reachbook.errors import ParamsError
from reachbook.translation import tr

HOLDOUT, TREATED = "holdout", "treated"
"""Names of the arms; the campaign effect tells the control by its name."""
_MOST = 0.9


@dataclass(frozen=True)
class HoldOut:
    """Share of the people who are held out, and why as many.

    Attributes
    ----------
    share : float
        Probability with which each person is held out, 0 to 1.
    why : str
        What such a test answers, or who stated the share.
    """

    share: float
    why: str


def stated(text: str) -> HoldOut:
    """Hold-out of a share that HOLDOUT states.

    Raises
    ------
    ParamsError
        It is no share.
    """
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 < share <= _MOST:
        raise ParamsError(
            "HOLDOUT: "
            + tr(
                "{text!r} is no share above 0, of at most {most:g}. Write HOLDOUT=0.2 to hold out a fifth.",
                text=text.strip(),
                most=_MOST,
            )
        )
    return HoldOut(share, tr("{share:.0%} are held out at random, as HOLDOUT states.", share=share))


def planned(people: int, rate: float, spec: EffectSpec, seed: int, least: float = 0.0) -> HoldOut:
    """Smallest hold-out with which a test of all people answers.

    Parameters
    ----------
    people : int
        People on all lists, held out or not.
    rate : float
        Share of them who order in as many days without the campaign.
    spec : EffectSpec
        ROPE, target and prior of the lift.
    least : float
        Share below which the smallest segment would be compared with too few people.

    Raises
    ------
    ParamsError
        Not even halves would answer.

    Notes
    -----
    The planner knows two equal arms of n units. Arms of h and N - h tell the difference as well where
    1/h + 1/(N - h) = 2/n.
    """
    if not 0 < rate < 1:
        raise ParamsError(
            "HOLDOUT: "
            + tr(
                "a test cannot be planned: {share:.0%} of the people ordered in the last days. State the share that "
                "is held out yourself, as HOLDOUT=0.2.",
                share=rate,
            )
        )
    asked = {"plan": True, "baseline": rate, "baseline_sd": 0.0, "units_per_day": float(people), "days_most": 1}
    found = plan(spec.model_copy(update={**asked, "budget": None, "cost_per_unit": None, "looks": 1}), seed)
    if found.chosen is None:
        raise ParamsError(
            "HOLDOUT: "
            + tr(
                "not even a hold-out of half of the {people:,} people answers whether the campaign adds orders. State "
                "a share yourself, as HOLDOUT=0.2, and expect no answer by segment.",
                people=people,
            )
        )
    units = int(found.units[found.chosen])
    held = (people - math.sqrt(max(people**2 - 2 * people * units, 0))) / 2
    share = min(math.ceil(held / people * 100) / 100, 0.5)
    told = tr(
        "As sure as {units:,} people in each of two equal arms is a hold-out of {share:.0%}, the least that answers "
        "with 80% probability; the smallest lift that it finds 8 times in 10 is {lift:.0%}.",
        units=units,
        share=share,
        lift=float(found.detectable[found.chosen]),
    )
    if share >= least:
        return HoldOut(share, tr("{share:.0%} are held out at random. {why}", share=share, why=told))
    more = min(math.ceil(least * 100) / 100, 0.5)
    why = tr(
        "{share:.0%} are held out at random, so that the smallest segment has people to be compared with. {why}",
        share=more,
        why=told,
    )
    return HoldOut(more, why)


def held_out(ids: Iterable[str], share: float, salt: str) -> np.ndarray:
    """Whether each person is held out, bool array (people,).

    Parameters
    ----------
    ids : iterable of str
        Keyed hashes.
    salt : str
        Seed and version, so that each version draws anew.

    Notes
    -----
    Each person is drawn alone, by SHA-256 of salt and hash, so that nobody's arm hangs on who else is listed: a segment
    that is written later, or one more person suppressed, moves nobody.
    """
    limit = int(share * 2**53)
    drawn = (int.from_bytes(hashlib.sha256(f"{salt}:{each}".encode()).digest()[:8]) >> 11 for each in ids)
    return np.fromiter((each < limit for each in drawn), bool)
