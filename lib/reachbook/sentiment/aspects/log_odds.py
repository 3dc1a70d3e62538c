"""Words that one group of comments uses more than another, as log-odds with intervals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, norm

from reachbook.errors import DataError
from reachbook.translation import tr


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
    """Difference of the log-odds of each term between these comments and those.

    Parameters
    ----------
    these, those : int array (terms,)
        Number of comments with each term.
    sizes : tuple of (int, int)
        Number of comments in each group.
    prior : float64 array (terms,)
        Frequency of each term in language at large, on any scale; both groups together by default.
    strength : float
        Weight of the prior in comments, distributed in proportion to `prior`: a rare word needs more evidence.
    level : float
        Level of the intervals.
    false_discoveries : float
        Expected share of false ones among the terms called significant.

    Returns
    -------
    pandas.DataFrame
        One row for each term, most typical of these first: term, these, those, log_odds, low, high, z, q, significant.

    Raises
    ------
    DataError
        A group is empty.

    Notes
    -----
    Comments with a term are counted, not its repetitions: a comment that says it ten times is one witness.

    References
    ----------
    Monroe, Colaresi & Quinn (2008), "Fightin' words". Benjamini & Hochberg (1995), "Controlling the false discovery
    rate".
    """
    if min(sizes) == 0:
        raise DataError(
            tr("comparison set: one of the two groups of comments is empty. Name another one to compare with.")
        )
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
    """`log_odds` of two sets of comments, from the matrix of which comment holds which term.

    Parameters
    ----------
    presence : dense or sparse array (comments, terms)
        0 and 1.
    these, those : bool array (comments,)
        The two sets; the second is the comparison set.
    """
    counts = [np.asarray(presence[flags].sum(axis=0)).ravel() for flags in (these, those)]
    return log_odds(terms, counts[0], counts[1], (int(these.sum()), int(those.sum())), **options)  # type: ignore[arg-type]
