"""Which words one group of comments uses more than another, with uncertainty (Monroe, Colaresi & Quinn 2008).

Comments that hold a term are counted, not its repetitions: a comment that says it ten times is one witness.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, norm

from reachbook.errors import DataError


def log_odds(
    terms: Sequence[str],
    these: np.ndarray,
    those: np.ndarray,
    sizes: tuple[int, int],
    *,
    prior: np.ndarray | None = None,
    strength: float = 100.0,
    level: float = 0.95,
    false_discoveries: float = 0.05,
) -> pd.DataFrame:
    """How much more often each term is in these comments than in those, as a difference of log-odds.

    these, those : comments with each term, shape (terms,); sizes : comments in all, of each group
    prior : how often each term is in language at large (counts, any scale); both groups together if not given. It
        weighs as much as `strength` comments, shared out in proportion: a rare word has to earn its place.
    false_discoveries : expected share of false ones among the terms called significant (Benjamini & Hochberg 1995)

    One row a term, most typical of these first: term, these, those, log_odds, low, high, z, q, significant.
    Raises DataError where a group is empty: there is nothing to compare with.
    """
    if min(sizes) == 0:
        raise DataError("comparison set: one of the two groups of comments is empty. Name another one to compare with.")
    background = these + those if prior is None else prior
    share = np.asarray(background, dtype=float) / max(float(np.sum(background)), 1e-12)
    alpha = np.maximum(share * strength, 0.01)
    sides = [(y + alpha, n + strength) for y, n in zip((these, those), sizes, strict=True)]
    odds = [np.log(y) - np.log(np.maximum(n - y, 0.5)) for y, n in sides]
    variance = sum(1 / y + 1 / np.maximum(n - y, 0.5) for y, n in sides)
    difference, error = odds[0] - odds[1], np.sqrt(variance)
    z, reach = difference / error, norm.ppf((1 + level) / 2) * error
    q = false_discovery_control(2 * norm.sf(np.abs(z))) if len(terms) else np.empty(0)
    frame = pd.DataFrame(
        {
            "term": list(terms),
            "these": these,
            "those": those,
            "log_odds": difference,
            "low": difference - reach,
            "high": difference + reach,
            "z": z,
            "q": q,
            "significant": q <= false_discoveries,
        }
    )
    return frame.sort_values(["z", "term"], ascending=[False, True], ignore_index=True)


def associations(
    presence: np.ndarray, terms: Sequence[str], these: np.ndarray, those: np.ndarray, **options: float
) -> pd.DataFrame:
    """`log_odds` from the matrix (comments, terms) of which comment holds which term (dense or sparse).

    these, those : flags of shape (comments,); the named comparison set is the second.
    """
    counts = [np.asarray(presence[flags].sum(axis=0)).ravel() for flags in (these, those)]
    return log_odds(terms, counts[0], counts[1], (int(these.sum()), int(those.sum())), **options)  # type: ignore[arg-type]
