"""A drafted file reads back as what was meant, whatever the names and reasons hold."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reachbook import params
from reachbook.draft.entries import YamlEntry, plain, text

_words = st.text(min_size=1, max_size=12) | st.sampled_from(
    ["true", "no", "1.2", "2026-07-01", "#", "a: b", "- x", '="1"']
)
_names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
    lambda name: name[0] not in "\u3000\u00a0"
)
_values = _words | st.booleans() | st.integers(-9, 9) | st.lists(_words, max_size=3) | st.dictionaries(_names, _words)


def _entries(values: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[YamlEntry, ...]]:
    one = st.builds(YamlEntry, _names, values, st.text(max_size=20), st.booleans())
    return st.lists(one, min_size=least, max_size=4, unique_by=lambda each: each.key).map(tuple)


_blocks = _entries(_values, least=1)
_items = _entries(_values).map(lambda more: (YamlEntry("path", "data/a.csv"), *(e for e in more if e.key != "path")))
_lists = st.lists(_items, min_size=1, max_size=3).map(tuple)
_drafts = _entries(_values | _blocks | _lists | _entries(_values | _blocks, least=1))


def read(content: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        path.write_text(content, "utf-8", newline="")
        return params.read_yaml(path, "study.yaml").values


def spelled(value: Any) -> Any:
    """Days are read as days; they compare by their spelling."""
    if isinstance(value, dict):
        return {key: spelled(each) for key, each in value.items()}
    return (
        [spelled(each) for each in value]
        if isinstance(value, list)
        else value
        if type(value) in (int, bool)
        else str(value)
    )


@given(_drafts)
def test_a_draft_reads_back_as_it_was_meant(entries: tuple[YamlEntry, ...]) -> None:
    assert spelled(read(text(entries))) == spelled(plain(entries))


def test_reasons_stand_beside_or_above_and_questions_behind_a_sign() -> None:
    columns = (YamlEntry("at", "下单时间", "guessed"), YamlEntry("amount", "实付金额", "or 应付金额?", True))
    assert text((YamlEntry("path", "a b.csv", "long " * 30), YamlEntry("columns", columns))) == (
        f"# {('long ' * 30).strip()}\npath: a b.csv\n"
        "columns:\n  at: 下单时间  # guessed\n  # amount: 实付金额  # or 应付金额?\n"
    )


def test_a_block_of_questions_alone_is_no_key() -> None:
    entries = (YamlEntry("columns", (YamlEntry("amount", "a", "or b?", True),)),)
    assert text(entries) == "# columns:\n#   amount: a  # or b?\n"
    assert plain(entries) == {}
