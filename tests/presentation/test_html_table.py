"""Tables on a page: numbers stand point under point and can be sorted; long tables say where the rest is."""

import html
import re

import numpy as np
import pandas as pd
import pytest

from reachbook.presentation.html_table import OPEN_ROWS, SHOWN_ROWS, html_table
from reachbook.translation import using


def shown(frame: pd.DataFrame, **units: str) -> str:
    return html_table(frame, "costs", "", units, "CNY")


def cells(page: str) -> list[str]:
    return re.findall(r"<td[^>]*>(.*?)</td>", page)


def test_numbers_of_other_lengths_end_in_boxes_of_one_width() -> None:
    page = shown(pd.DataFrame({"spend": [1234.0, 5.5, None, -0.25]}), spend="money")
    assert cells(page) == [
        '¥1,234<i class="t3"></i>',
        '¥5<i class="t3">.50</i>',
        "–",
        '−¥0<i class="t3">.25</i>',
    ]
    assert [html.unescape(re.sub("<.*?>", "", each)) for each in cells(page)] == ["¥1,234", "¥5.50", "–", "−¥0.25"]


def test_numbers_of_one_length_need_none() -> None:
    assert cells(shown(pd.DataFrame({"share": [0.5, 0.125]}), share="ratio")) == ["50.0%", "12.5%"]


def test_units_in_chinese_are_wider() -> None:
    with using("zh"):
        page = shown(pd.DataFrame({"spend": [123456.0, 500.0]}), spend="money")
    assert cells(page) == ['¥12<i class="t5">.35万</i>', '¥500<i class="t5">.00</i>']


def test_a_number_keeps_itself_for_sorting() -> None:
    page = shown(pd.DataFrame({"n": [12345.678, -3.0], "of": pd.Series([1, 2], dtype="Int64")}), n="money")
    assert re.findall(r'data-v="(.*?)"', page) == ["12345.678", "1", "-3", "2"]


@pytest.mark.parametrize("value", [None, np.nan, pd.NA, pd.NaT])
def test_what_is_missing_is_a_dash(value: object) -> None:
    assert cells(shown(pd.DataFrame({"a": pd.Series([value, "x"], dtype=object)}))) == ["–", "x"]


def test_a_long_table_is_folded_and_names_the_file_of_the_rest() -> None:
    rows = SHOWN_ROWS + 7
    page = shown(pd.DataFrame({"n": range(rows)}))
    assert page.startswith(f"<details><summary>Table costs, {rows} rows</summary>")
    assert page.count("<tr>") == SHOWN_ROWS + 1
    assert "7 more rows in tables/costs.parquet" in page
    assert not html_table(pd.DataFrame({"n": range(rows)}), "costs", "", {}, "CNY", fold=False).startswith("<details")
    assert "<details" not in shown(pd.DataFrame({"n": range(OPEN_ROWS)}))


def test_an_empty_table_and_doubled_names() -> None:
    assert "There is none." in shown(pd.DataFrame({"a": []}))
    assert cells(shown(pd.DataFrame([[1, "x"]], columns=["a", "a"]))) == ["1", "x"]


def test_days_have_no_hour_and_moments_keep_theirs() -> None:
    days = pd.to_datetime(["2026-07-01", "2026-07-02", None])
    shown = html_table(pd.DataFrame({"day": days}), "t", "", {}, "CNY")
    assert "<td>2026-07-01</td>" in shown
    assert "00:00" not in shown
    assert shown.count('class="none"') == 1
    moments = pd.DataFrame({"at": pd.to_datetime(["2026-07-01 00:00", "2026-07-02 08:30"])})
    assert "2026-07-02 08:30:00" in html_table(moments, "t", "", {}, "CNY")
