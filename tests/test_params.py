"""Parameter files: every kind of value, and what is said of each kind of mistake."""

import io
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from ruamel.yaml import YAML

from reachbook import params
from reachbook.errors import ParamsError
from reachbook.spec import Money, Spec


class Platform(Enum):
    DOUYIN = "douyin"
    WEIBO = "weibo"


class Limit(Spec):
    low: Money = Decimal(0)
    high: Money | None = None


class Example(Spec):
    since: date = date(2026, 1, 1)
    weeks: tuple[int, ...] = ()
    limits: dict[str, Limit] = Field(default_factory=dict)
    platform: Platform = Platform.DOUYIN
    share: float = Field(default=0.5, ge=0, le=1)
    name: str = ""
    on: bool = False


ALIASES = "a0: &a0 [1, 2, 3, 4]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 5))
"""Aliases of aliases, together 56,789 values with all that they repeat: just over the limit."""


def read(text: str, tmp_path: Path) -> Example:
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    return params.validated(params.read_yaml(path, "params/acme/example.yaml"), Example)


def mistake(text: str, tmp_path: Path) -> str:
    with pytest.raises(ParamsError) as caught:
        read(text, tmp_path)
    return str(caught.value)


def test_every_kind_of_value(tmp_path: Path) -> None:
    limits = "limits:\n  抖音: {low: 0.1, high: 1200.50}\n"
    text = f"since: 2026-07-01\nweeks: [1, 2]\n{limits}platform: weibo\nshare: 1\non: true"
    found = read(text, tmp_path)
    limit = Limit(low=Decimal("0.1"), high=Decimal("1200.5"))
    assert found == Example(
        since=date(2026, 7, 1), weeks=(1, 2), limits={"抖音": limit}, platform=Platform.WEIBO, share=1.0, on=True
    )


@pytest.mark.parametrize("text", ["2026_618", "0x1f", "0b11", "12:30", "1_0.5", "2026-07-01 09:00:00", "=", "no", "-_"])
def test_text_that_looks_like_a_number_elsewhere_stays_as_it_stands(text: str, tmp_path: Path) -> None:
    assert read(f"name: {text}", tmp_path).name == text


def test_values_are_plain_python(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: &x {b: [1, 1.5, true, 2026-07-01, t, ~]}\nc: {<<: *x, d: 089}\n")
    found = params.read_yaml(tmp_path / "a.yaml", "a.yaml")
    assert found.values == {"a": {"b": (b := [1, 1.5, True, date(2026, 7, 1), "t", None])}, "c": {"b": b, "d": 89}}
    assert [type(value) for value in found.values["a"]["b"]] == [int, float, bool, date, str, type(None)]
    assert type(found.values) is type(found.values["a"]) is dict
    assert found.place(("c", "d")) == "a.yaml:2"


def test_a_schema_is_frozen(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        read("", tmp_path).share = 0.1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shre: 0.2", "params/acme/example.yaml:1: shre is not a known key. Did you mean share?"),
        ("\nshare: high", 'params/acme/example.yaml:2: share is "high". It should be a valid number.'),
        ("share: 1.5", "params/acme/example.yaml:1: share is 1.5. It should be less than or equal to 1."),
        ("share: '0.5'", 'share is "0.5". It should be a valid number.'),
        ("weeks:\n- 1\n- x", 'params/acme/example.yaml:3: weeks[1] is "x". It should be a valid integer.'),
        ("limits:\n  douyin:\n    lw: 3", "params/acme/example.yaml:3: limits.douyin.lw is not a known key."),
        (
            "limits: {douyin: {low: many}}",
            "limits.douyin.low is 'many', not an amount. Write a number such as 1200.50.",
        ),
        ("platform: tiktok", "platform is \"tiktok\". It should be 'douyin' or 'weibo'."),
        ("since: 2026-02-30", "params/acme/example.yaml:1: '2026-02-30' cannot be read"),
        ("share: 0.1\nshare: 0.2", "params/acme/example.yaml:2: share is written twice. Keep one of the two lines."),
        ("share: .nan", "share is .nan, not a finite number."),
        ("on: no", 'on is "no". It should be a valid boolean.'),
        ("- 1", "params/acme/example.yaml:1: the file is not a list of `key: value` lines."),
        ("share: [0.1", "not readable as YAML"),
        (ALIASES, "example.yaml:1: the file holds more than 50,000 values"),
        ("? [a, b]\n: 1", "example.yaml:1: a list or map stands as a key. Write a name before the colon."),
        ("a: &a {b: *a}", "nested more than 20 levels deep"),
        ("a: " + "[" * 300, "params/acme/example.yaml:1: nested more than 20 levels deep"),
        ("<<: 3", "params/acme/example.yaml:1: not readable as YAML (expected a mapping or list of mappings"),
        ("<<: {share: 0}\n<<: {on: true}", 'example.yaml:2: not readable as YAML (found duplicate merge key "<<")'),
        ("name: a\n: b", "params/acme/example.yaml:2: '' is no key. Write a name before the colon."),
        ("share: 1_0", 'params/acme/example.yaml:1: share is "1_0". It should be a valid number.'),
        ("name: !!python/object:os.system x", "cannot be read (could not determine a constructor"),
    ],
)
def test_a_mistake_names_place_value_and_remedy(text: str, said: str, tmp_path: Path) -> None:
    assert said in mistake(text, tmp_path)


def test_every_mistake_is_said_at_once(tmp_path: Path) -> None:
    lines = mistake("share: 2\nweeks: 3\n", tmp_path).splitlines()
    assert len(lines) == 2


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_bytes("name: 抖音".encode("gb18030"))
    with pytest.raises(ParamsError, match="is not UTF-8"):
        params.read_yaml(path, "example.yaml")


def test_merge_goes_into_maps_and_replaces_lists(tmp_path: Path) -> None:
    parent = params.Document({"limits": {"a": {"low": 1}, "b": {"low": 2}}, "weeks": [1, 2]}, {("weeks",): "old:1"})
    child = params.Document({"limits": {"a": {"low": 9}}, "weeks": [3]}, {("weeks",): "new:4"})
    both = params.merge(parent, child)
    assert both.values == {"limits": {"a": {"low": 9}, "b": {"low": 2}}, "weeks": [3]}
    assert both.place(("weeks", 0)) == "new:4"


plain_text = st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs", "P")), max_size=20)


@given(
    share=st.floats(0, 1),
    weeks=st.lists(st.integers(-1000, 1000), max_size=5),
    name=plain_text,
    low=st.decimals(0, 10**9, places=2),
    since=st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, share: float, weeks: list[int], name: str, low: Decimal, since: date
) -> None:
    values = {"share": share, "weeks": weeks, "name": name, "since": since, "limits": {"a": {"low": str(low)}}}
    YAML(typ="safe", pure=True).dump(values, written := io.StringIO())
    found = read(written.getvalue(), tmp_path_factory.mktemp("yaml"))
    assert (found.share, found.weeks, found.name, found.since) == (share, tuple(weeks), name, since)
    assert found.limits["a"].low == low
