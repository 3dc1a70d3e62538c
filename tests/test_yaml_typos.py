"""Slips of the keyboard in YAML are found where they are, not where the parser stumbles."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from reachbook import yaml_typos
from reachbook.errors import ParamsError
from reachbook.params import read_yaml, validated
from reachbook.study.spec import StudySpec

GOOD = "title: Acme\nperiod: {start: 2026-07-01, end: 2026-09-30}\ntables:\n  orders:\n    path: data/x.csv\n"
SLIPS = [
    ("title: Acme", "title：Acme", 1, "the colon after title is a full-width one (：). Write `title: ...`"),
    ("title: Acme", "title:Acme", 1, "there is no space after the colon of title. Write `title: ...`."),
    ("title: Acme", "title:\u3000Acme", 1, "after title: stands a space that is none to YAML"),
    ("title: Acme", "title: “Acme: Q3”", 1, "the quotes after title: are curly. Write plain ones."),
    ("title: Acme", "title: Acme: Q3", 1, "the text after title: holds a colon. Put the text into quotes."),
    ("title: Acme", "title: @acme", 1, "a text that begins with @ must stand in quotes."),
    ("title: Acme", "title: 'Acme", 1, "a quote or bracket that opens here is not closed. Close it."),
    ("  orders:\n", "  orders：\n", 4, "the colon after orders is a full-width one"),
    ("    path:", "\tpath:", 5, "the line is indented with a tab. Write spaces instead."),
    ("  orders:", "\u3000orders:", 4, "It holds a full-width space; write a plain one."),
    ("period: {", "period: ｛", 2, "the bracket after period: is a full-width one. Write a plain { or [."),
    ("period: {start", "period：{start", 2, "the colon after period is a full-width one"),
    ("01, end", "01，end", 2, "the comma ， is a full-width one. Write a plain one and a space."),
    ("-30}", "-30", 2, "a quote or bracket that opens here is not closed. Close it."),
]


def mistake(tmp_path: Path, text: str) -> str:
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ParamsError) as caught:
        validated(read_yaml(tmp_path / "study.yaml", "study.yaml"), StudySpec)
    return str(caught.value)


@pytest.mark.parametrize(("right", "wrong", "line", "told"), SLIPS)
def test_a_slip_is_found_where_it_is(tmp_path: Path, right: str, wrong: str, line: int, told: str) -> None:
    said = mistake(tmp_path, GOOD.replace(right, wrong, 1))
    assert said.startswith(f"study.yaml:{line}: ")
    assert told in said
    assert len(said.splitlines()) == 1


def test_a_file_of_full_width_colons_is_blamed_on_its_first_line(tmp_path: Path) -> None:
    said = mistake(tmp_path, "title：Acme\nseed：7\nperiod: {start: 2026-07-01, end: 2026-09-30}\n")
    assert said.startswith("study.yaml:1: the colon after title is a full-width one")
    assert mistake(tmp_path, "title：Acme\n").startswith("study.yaml:1: the colon after title is a full-width one")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("notebooks: ［a, b］\n", "study.yaml:6: notebooks is"),
        ("timezone: “Asia/Shanghai”\n", "It holds curly quotes (“”); write plain ones."),
        ("seed: 7，\n", "It holds a full-width comma (，); write a plain one."),
    ],
)
def test_what_parses_all_the_same_is_told_with_its_cause(tmp_path: Path, text: str, told: str) -> None:
    assert told in mistake(tmp_path, GOOD + text)


def test_a_column_without_its_plain_colon(tmp_path: Path) -> None:
    said = mistake(tmp_path, GOOD + "    columns: {user_id：会员号}\n")
    assert said.startswith("study.yaml:6: 'user_id：会员号' is no key. It holds a full-width colon (：)")


def test_full_width_marks_that_are_right_are_not_blamed(tmp_path: Path) -> None:
    text = GOOD + "    columns: {amount: 实付，元, user_id: 【会员】}\nnotebooks: [a\nseed: 7\n"
    assert mistake(tmp_path, text).startswith("study.yaml:7: a quote or bracket that opens here is not closed.")


def stumbled(text: str) -> tuple[int, str] | None:
    """What is found where the parser stumbles over `text`."""
    try:
        YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        return yaml_typos.found(text, error)
    pytest.fail("the parser reads it")


@settings(max_examples=40)
@given(st.integers(2, 30), st.data())
def test_a_colon_in_full_width_is_found_on_any_line(count: int, data: st.DataObject) -> None:
    """The parser stumbles on the line after it, or at the end of the file."""
    guilty = data.draw(st.integers(0, count - 1))
    lines = [f"key{n}{'：' if n == guilty else ': '}值{n}" for n in range(count)]
    assert stumbled("\n".join(lines) + "\n") == (
        guilty + 1, f"the colon after key{guilty} is a full-width one (：). Write `key{guilty}: ...` instead.",
    )  # fmt: skip


@settings(max_examples=40)
@given(st.integers(2, 12), st.data())
def test_a_missing_space_is_found_on_any_line_of_a_block(count: int, data: st.DataObject) -> None:
    guilty = data.draw(st.integers(0, count - 1))
    lines = [f"  key{n}:{'' if n == guilty else ' '}{n}" for n in range(count)]
    assert stumbled("\n".join(["rules:", *lines, "seed: 7", ""])) == (
        guilty + 2, f"there is no space after the colon of key{guilty}. Write `key{guilty}: ...`.",
    )  # fmt: skip


def test_a_comment_is_no_slip_and_an_address_needs_no_space() -> None:
    assert yaml_typos.first("# {title，x}\nurl: http://a\nhttp://b\nseed：7\n") == (
        4, "the colon after seed is a full-width one (：). Write `seed: ...` instead.",
    )  # fmt: skip
    assert yaml_typos.first("title\n- a\n") is None


def test_a_mistake_that_is_no_slip_is_left_to_the_parser() -> None:
    assert stumbled("a: 1\na: [1, 2]]\n") is None
    assert stumbled("a: 1\n  b: 2\n") is None


def test_a_hint_names_what_was_typed_and_only_in_texts() -> None:
    assert yaml_typos.hint("a", "实付，元") == "It holds a full-width comma (，); write a plain one."
    assert yaml_typos.hint("plain", 7, None, ["，"]) == ""
