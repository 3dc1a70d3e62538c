"""Who may stay in a table: those who agreed, where consent is asked, and nobody who is to be forgotten."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.privacy.recognised import Recognised, among

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
        if self.agreed is None:
            return np.where(self._forgotten(ids), np.int8(FORGOTTEN), np.int8(STAYS))
        agreed = among(ids, self.agreed)
        said = np.where(agreed, np.int8(STAYS), np.int8(NO_CONSENT))
        said[agreed & self._forgotten(ids)] = FORGOTTEN
        said[~agreed & self._forgotten(ids, self.agreed_forgotten)] = FORGOTTEN
        if ids.null_count:
            said[np.asarray(ids.is_null())] = STAYS
        return said

    def _forgotten(self, ids: pa.ChunkedArray, only: frozenset[str] | None = None) -> npt.NDArray[np.bool_]:
        none = np.zeros(len(ids), dtype=bool)
        return none if self.forgotten is None else self.forgotten.among(ids, only)


def agreeing(table: pa.Table, ids: str, consent: str) -> pa.Array:
    """Ids of the people whose consent is yes, each in one row; an empty cell is none."""
    yes = pc.fill_null(table.column(consent), fill_value=False)
    return table.column(ids).filter(yes).combine_chunks()
