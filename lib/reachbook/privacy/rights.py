"""Who may stay in a table: those who agreed, where consent is asked, and nobody who is to be forgotten."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.privacy.key import Key

STAYS, NO_CONSENT, FORGOTTEN = 0, 1, 2
"""What is decided of a row's person."""
REASONS = {NO_CONSENT: "no_consent", FORGOTTEN: "forgotten"}

type Codes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Rights:
    """Who is left out.

    Attributes
    ----------
    agreed : pyarrow.Array or None
        Ids of the people who consent; None where consent is not asked.
    agreed_forgotten : frozenset of str
        Hashes of those who consented and are to be forgotten, so that each is left out for one reason.
    forgotten : frozenset of str
        Hashes of all people to be forgotten.
    key : Key or None
        The key of these hashes; None where nobody is to be forgotten.
    """

    agreed: pa.Array | None = None
    agreed_forgotten: frozenset[str] = frozenset()
    forgotten: frozenset[str] = frozenset()
    key: Key | None = None

    def judge(self, ids: pa.ChunkedArray) -> Codes:
        """Decide on each row by the id of its person; a row without an id stays, for it is nobody's.

        Returns
        -------
        int8 array (rows,)
            STAYS, NO_CONSENT or FORGOTTEN.
        """
        return spread(ids, self._each)

    def _each(self, distinct: pa.Array) -> Codes:
        if self.agreed is None:
            return np.where(self._among(distinct, self.forgotten), FORGOTTEN, STAYS).astype(np.int8)
        agreed = _truth(pc.is_in(distinct, value_set=self.agreed))
        said = np.where(agreed, STAYS, NO_CONSENT).astype(np.int8)
        said[agreed & self._among(distinct, self.forgotten)] = FORGOTTEN
        said[~agreed & self._among(distinct, self.agreed_forgotten)] = FORGOTTEN
        return said

    def _among(self, distinct: pa.Array, hashes: frozenset[str]) -> npt.NDArray[np.bool_]:
        if not hashes or self.key is None:
            return np.zeros(len(distinct), dtype=bool)
        one = self.key.hash
        return np.fromiter((one(each) in hashes for each in distinct.to_pylist()), bool, len(distinct))


def spread(ids: pa.ChunkedArray, judge: Callable[[pa.Array], Codes]) -> Codes:
    """Judge each distinct id once, and say of each row what was decided; rows without an id stay."""
    codes = pc.dictionary_encode(ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids)
    codes = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
    said = np.append(judge(codes.dictionary), np.int8(STAYS)).astype(np.int8)
    place = codes.indices.fill_null(len(codes.dictionary)).to_numpy(zero_copy_only=False)
    found: Codes = said[place]
    return found


def agreeing(table: pa.Table, ids: str, consent: str) -> pa.Array:
    """Ids of the people whose consent is yes; an empty cell is none."""
    yes = pc.fill_null(table.column(consent), fill_value=False)
    return pc.unique(table.column(ids).filter(yes))


def _truth(mask: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(mask.to_numpy(zero_copy_only=False), dtype=bool)
