"""Who may stay in a table: those who agreed, where consent is asked, and nobody who is to be forgotten."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.privacy.recognised import Recognised

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
    forgotten : Recognised or None
        Tells all people to be forgotten by their ids; None where nobody is to be forgotten.
    """

    agreed: pa.Array | None = None
    agreed_forgotten: frozenset[str] = frozenset()
    forgotten: Recognised | None = None

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
            return np.where(self._forgotten(distinct), FORGOTTEN, STAYS).astype(np.int8)
        agreed = _truth(pc.is_in(distinct, value_set=self.agreed))
        said = np.where(agreed, STAYS, NO_CONSENT).astype(np.int8)
        said[agreed & self._forgotten(distinct)] = FORGOTTEN
        said[~agreed & self._forgotten(distinct, self.agreed_forgotten)] = FORGOTTEN
        return said

    def _forgotten(self, distinct: pa.Array, only: frozenset[str] | None = None) -> npt.NDArray[np.bool_]:
        none = np.zeros(len(distinct), dtype=bool)
        return none if self.forgotten is None else self.forgotten.among(distinct, only)


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
