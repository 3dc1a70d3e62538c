"""Check a table of features before anything is computed."""

import numpy as np
import pandas as pd

from reachbook.errors import DataError
from reachbook.translation import tr

FEWEST = 50


def checked(features: pd.DataFrame) -> pd.DataFrame:
    """Return the numeric columns of `features` as float64, columns in alphabetical order and rows ordered by their
    content.

    Raises
    ------
    DataError
        There are too few rows, repeated index or column names, no numeric column, or a missing or infinite cell.

    Notes
    -----
    The order makes every later step independent of the order in which rows and columns came.
    """
    if not isinstance(features, pd.DataFrame):
        kind = type(features).__name__
        raise DataError(tr("features is a {kind}, not a DataFrame with one row a person.", kind=kind))
    if len(features) < FEWEST:
        raise DataError(
            tr(
                "features has {n} rows. Segments need at least {fewest} people; bring more.",
                n=len(features),
                fewest=FEWEST,
            )
        )
    _refuse_repeats(features)
    numeric = features.select_dtypes(include=["number", "bool"])
    if numeric.shape[1] == 0:
        raise DataError(tr("features has no numeric column. Leave out text and dates, or turn them into numbers."))
    values = numeric.set_axis([str(c) for c in numeric.columns], axis=1).sort_index(axis=1)
    values = values.astype("float64")
    _refuse_holes(values)
    names = values.index.astype(str).to_numpy(dtype="U")
    rows = np.lexsort((names, *values.to_numpy().T[::-1]))
    return values.iloc[rows]


def _refuse_repeats(features: pd.DataFrame) -> None:
    if not features.index.is_unique:
        who = features.index[features.index.duplicated()][0]
        raise DataError(tr("features has more than one row for {who!r}. Bring one row a person.", who=who))
    names = features.columns.astype(str)
    if not names.is_unique:
        column = names[names.duplicated()][0]
        raise DataError(tr("features has more than one column {column!r}. Rename or drop one.", column=column))


def _refuse_holes(values: pd.DataFrame) -> None:
    names = values.columns.tolist()
    bad = ~np.isfinite(values.to_numpy())
    if bad.any():
        row, column = (int(x[0]) for x in np.nonzero(bad))
        bad_value = float(values.to_numpy()[row, column])
        raise DataError(
            tr(
                "features: {column}, row {row!r}: {value:g} is not a number that can be compared ({n} such cells). "
                "Leave the person or the feature out, or say what it is.",
                column=names[column],
                row=values.index[row],
                value=bad_value,
                n=int(bad.sum()),
            )
        )
