"""Who may stay is decided of each row, and a row that is nobody's stays."""

import pyarrow as pa

from helpers.consenting import KEY
from reachbook.privacy.key import Key
from reachbook.privacy.recognised import Recognised
from reachbook.privacy.rights import FORGOTTEN, NO_CONSENT, STAYS, Rights, agreeing

ONE = Key(KEY.encode())
IDS = pa.chunked_array([["yes", None, "no"], ["gone", "yes", "gone too"]], pa.string())
AGREED = pa.array(["yes", "gone"])


def test_a_row_without_an_id_stays_whoever_is_asked() -> None:
    listed = Recognised(ONE, ONE.hashes(["gone", "gone too"]))
    assert Rights(forgotten=listed).judge(IDS).tolist() == [STAYS] * 3 + [FORGOTTEN, STAYS, FORGOTTEN]
    said = Rights(AGREED).judge(IDS).tolist()
    assert said == [STAYS, STAYS, NO_CONSENT, STAYS, STAYS, NO_CONSENT]
    assert Rights().judge(IDS).tolist() == [STAYS] * 6


def test_each_leaves_for_one_reason() -> None:
    listed = Recognised(ONE, ONE.hashes(["gone", "gone too"]))
    said = Rights(AGREED, frozenset(), listed).judge(IDS).tolist()
    assert said == [STAYS, STAYS, NO_CONSENT, FORGOTTEN, STAYS, NO_CONSENT]
    had_agreed = Rights(AGREED, frozenset(ONE.hashes(["gone too"])), listed).judge(IDS).tolist()
    assert had_agreed == [STAYS, STAYS, NO_CONSENT, FORGOTTEN, STAYS, FORGOTTEN]


def test_an_empty_cell_is_no_consent() -> None:
    table = pa.table({"user_id": ["a", "b", "c", "d"], "consent": [True, None, False, True]})
    assert agreeing(table, "user_id", "consent").to_pylist() == ["a", "d"]
