"""People to be forgotten, recognised among ids; each id is hashed once, however many tables it stands in."""

from collections.abc import Iterable
from threading import Lock

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.privacy.key import Key


class Recognised:
    """Ids whose hash stands in a list.

    Parameters
    ----------
    all_named : iterable of str or None
        Where it is known already, all whose hash stands in the list and who may be asked about; nobody is hashed then
        to find them.

    Notes
    -----
    To hash all ids of a table takes longer than to read it, and the same people stand in table after table. Ids live in
    memory alone, for as long as a study is being read.
    """

    def __init__(self, key: Key | None, hashes: Iterable[str], all_named: Iterable[str] | None = None) -> None:
        self._key, self._hashes = key, frozenset(hashes)
        self._complete = all_named is not None
        self._asked = pa.chunked_array([], pa.string())
        self._found: dict[str, str] = {each: key.hash(each) for each in all_named or () if key}
        self._lock = Lock()

    def among(self, ids: pa.ChunkedArray, only: frozenset[str] | None = None) -> npt.NDArray[np.bool_]:
        """Which ids of a column stand in the list; an empty cell does not.

        Parameters
        ----------
        only : frozenset of str or None
            Part of the list's hashes; None for all.

        Returns
        -------
        bool array (rows,)
        """
        if self._key is None or not self._hashes or not len(ids):
            return np.zeros(len(ids), dtype=bool)
        with self._lock:
            if not self._complete:
                self._ask(ids, self._key)
            wanted = [ident for ident, hashed in self._found.items() if only is None or hashed in only]
        return among(ids, pa.array(wanted, pa.string()))

    def _ask(self, column: pa.ChunkedArray, key: Key) -> None:
        """Hash the ids that no table has brought before."""
        rest = column.filter(pa.array(~among(column, self._asked))) if len(self._asked) else column
        new = pc.unique(rest.drop_null())
        ids: list[str] = new.to_pylist()
        pairs = zip(ids, key.hashes(ids), strict=True)
        self._found |= {ident: hashed for ident, hashed in pairs if hashed in self._hashes}
        self._asked = pa.chunked_array([*self._asked.chunks, new], pa.string())


def among(column: pa.ChunkedArray, ids: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Which cells of a column are one of `ids`, none of which is null; bool array (rows,)."""
    return np.asarray(pc.is_in(column, value_set=ids), dtype=bool)
