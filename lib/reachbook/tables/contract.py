"""The contract of each table, stated once for readers, checks, messages and documentation."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from reachbook.translation import mark

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["id", "text", "category", "time", "date", "money", "number", "flag"]
KIND_WORDS: dict[Kind, str] = {
    "id": mark("id"),
    "text": mark("text"),
    "category": mark("category"),
    "time": mark("time"),
    "date": mark("date"),
    "money": mark("money"),
    "number": mark("number"),
    "flag": mark("flag"),
}
"""What messages call each kind."""

EVENTS = ("view", "like", "comment", "share", "collect", "follow", "click")
FORMATS = ("short_video", "image_text", "live", "article")
POLARITIES = ("negative", "neutral", "positive")
QUEUES = ("audit", "learning")
_POLARITY_WORDS = {
    "neg": "negative", "负面": "negative", "负": "negative", "消极": "negative",
    "neu": "neutral", "中性": "neutral", "中": "neutral", "中立": "neutral",
    "pos": "positive", "正面": "positive", "正": "positive", "积极": "positive",
}  # fmt: skip
_CONSENT_WORDS = {"同意": "true", "已同意": "true", "不同意": "false", "未同意": "false"}
_SWITCH_WORDS = dict.fromkeys(("true", "t", "yes", "y", "是", "真", "有", "√", "✓", "on"), "1") | dict.fromkeys(
    ("false", "f", "no", "n", "否", "假", "无", "無", "没有", "×", "✗", "off"), "0"
)
"""Words for a number that says of a week whether it had something."""


@dataclass(frozen=True)
class Column:
    """One column of a contract.

    Attributes
    ----------
    kind : Kind
        How it is read and stored.
    needed : bool
        Whether it must be present with no empty cell.
    values : tuple of str
        The only values allowed; empty for any.
    negative : bool
        Whether numbers below zero are allowed.
    words : mapping of str to str
        Lower-case synonyms for members of `values`, or words for a flag or a number.
    """

    name: str
    kind: Kind
    needed: bool = False
    values: tuple[str, ...] = ()
    negative: bool = True
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contract:
    """One table of the study.

    Attributes
    ----------
    row : str
        What one row stands for, for messages in any language.
    key : tuple of str
        Columns that no two rows may share; optional ones that the table lacks are ignored.
    open : bool
        Whether the table takes further columns under the user's own names (tags, outcomes, covariates).
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    open: bool = False

    def column(self, name: str) -> Column | None:
        """Return the column of that name, or None."""
        return next((c for c in self.columns if c.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(c.name for c in self.columns)


def _need(name: str, kind: Kind, **more: object) -> Column:
    return Column(name, kind, needed=True, **more)  # type: ignore[arg-type]


def _polarity(name: str) -> Column:
    return Column(name, "category", values=POLARITIES, words=_POLARITY_WORDS)


_PANEL = Contract(
    "panel",
    mark("unit and day"),
    (
        _need("unit", "id"),
        _need("date", "date"),
        _need("outcome", "number"),
        Column("treated", "flag"),
        Column("spend", "money", negative=False),
    ),
    key=("unit", "date"),
    open=True,
)

_ALL = (
    Contract(
        "users",
        mark("person"),
        (
            _need("user_id", "id"),
            Column("platform", "category"),
            Column("age_band", "category"),
            Column("gender", "category"),
            Column("city_tier", "category"),
            Column("region", "category"),
            Column("joined_on", "date"),
            Column("consent", "flag", words=_CONSENT_WORDS),
        ),
        key=("user_id",),
        open=True,
    ),
    Contract(
        "interactions",
        mark("event"),
        (
            _need("user_id", "id"),
            _need("platform", "category"),
            _need("kind", "category", values=EVENTS),
            _need("at", "time"),
            Column("content_id", "id"),
            Column("value", "number"),
        ),
    ),
    Contract(
        "contents",
        mark("post"),
        (
            _need("content_id", "id"),
            _need("platform", "category"),
            Column("format", "category", values=FORMATS),
            Column("topic", "category"),
            Column("campaign_id", "id"),
            Column("published_at", "time"),
        ),
        key=("content_id",),
    ),
    Contract(
        "orders",
        mark("order"),
        (
            _need("order_id", "id"),
            _need("user_id", "id"),
            _need("at", "time"),
            _need("amount", "money", negative=False),
            Column("platform", "category"),
            Column("items", "number", negative=False),
            Column("discount", "money", negative=False),
        ),
        key=("order_id",),
    ),
    Contract(
        "comments",
        mark("comment"),
        (
            _need("comment_id", "id"),
            _need("platform", "category"),
            _need("at", "time"),
            _need("text", "text"),
            Column("user_id", "id"),
            Column("content_id", "id"),
            Column("campaign_id", "id"),
            Column("brand", "category"),
            _polarity("label"),
        ),
        key=("comment_id",),
    ),
    Contract(
        "reviews",
        mark("comment that people read"),
        (
            _need("comment_id", "id"),
            Column("queue", "category", values=QUEUES),
            _polarity("label"),
            _polarity("label_2"),
            Column("note", "text"),
        ),
        key=("comment_id",),
    ),
    Contract(
        "experiment",
        mark("unit"),
        (
            _need("unit_id", "id"),
            _need("arm", "category"),
            Column("assigned_at", "time"),
            Column("exposed_at", "time"),
            Column("segment", "category"),
            Column("cost", "money", negative=False),
        ),
        key=("unit_id",),
        open=True,
    ),
    _PANEL,
    replace(_PANEL, name="series"),  # one unit before and after, its control series as further columns
    Contract(
        "media",
        mark("channel and week"),
        (
            _need("week", "date"),
            _need("channel", "category"),
            _need("spend", "money", negative=False),
            Column("impressions", "number", negative=False),
            Column("region", "category"),
        ),
        key=("channel", "week", "region"),
    ),
    Contract(
        "outcome",
        mark("week"),
        (
            _need("week", "date"),
            _need("value", "number"),
            Column("price", "number"),
            Column("promotion", "number", words=_SWITCH_WORDS),
            Column("holiday", "number", words=_SWITCH_WORDS),
            Column("region", "category"),
        ),
        key=("week", "region"),
        open=True,
    ),
    Contract(
        "lift_tests",
        mark("test of a channel"),
        (
            _need("channel", "category"),
            _need("start", "date"),
            _need("end", "date"),
            _need("spend", "money", negative=False),
            _need("lift", "number"),
            Column("lift_se", "number", negative=False),
            Column("lift_low", "number"),
            Column("lift_high", "number"),
            Column("level", "number", negative=False),
            Column("metric", "category"),
            Column("design", "category"),
            Column("share", "number", negative=False),
            Column("region", "category"),
            Column("passed", "flag"),
        ),
        open=True,
    ),
)

CONTRACTS: dict[str, Contract] = {contract.name: contract for contract in _ALL}


def arrow_type(kind: Kind) -> "pa.DataType":
    """Return the storage type of a kind: times as naive local time of the study, money exact to 6 decimals."""
    import pyarrow as pa

    stored = {
        "time": pa.timestamp("us"),
        "date": pa.date32(),
        "money": pa.decimal128(18, 6),
        "number": pa.float64(),
        "flag": pa.bool_(),
    }
    return stored.get(kind, pa.string())


def empty(name: str) -> "pa.Table":
    """Return the table without rows, with every contract column typed."""
    import pyarrow as pa

    return pa.schema([(c.name, arrow_type(c.kind)) for c in CONTRACTS[name].columns]).empty_table()
