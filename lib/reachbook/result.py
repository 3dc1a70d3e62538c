"""The result of a notebook for reviewers, other notebooks and later versions: result.json and tables/."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from reachbook.errors import RunError
from reachbook.translation import tr
from reachbook.verdict import Gate, Verdict, verdict

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed import DataclassInstance

RESULT = "result.json"
PRIVATE = "private"
"""Folder of a version for the tables whose rows are single people."""
UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError)
"""Exceptions raised when a JSON file is missing, truncated, or holds something other than it should."""

_KINDS: dict[Any, tuple[type, ...]] = {
    str: (str,),
    bool: (bool,),
    int: (int,),
    float | None: (float, int, type(None)),
}
"""What JSON may hold for a field of each type."""

type Tone = Literal["go", "care", "except", "stop", "longer", "wait"]
"""The action that a decision calls for: go on or move money, with care or without, or but for what it names, stop or
take money back, run the test longer, or wait and learn more first."""
TONES: tuple[Tone, ...] = get_args(Tone.__value__)


@dataclass(frozen=True)
class Instruction:
    """What a decision asks for one of several objects, such as an arm of a test.

    Attributes
    ----------
    name : str
        The object, in the page's language.
    tone : Tone
        The action.
    """

    name: str
    tone: Tone


@dataclass(frozen=True)
class Finding:
    """A headline number with its interval.

    Attributes
    ----------
    value, low, high : float or None
        In `unit` (see `reachbook.presentation.numbers.number`); None where it cannot be estimated.
    reference : float or None
        What to compare it with (zero, break-even, target), in the same unit, or None.
    against : str
        What the reference is, in the page's language and as short as "break-even"; "" where nothing says.
    meaning : str
        What the number and its interval say, in the page's language and in about ten words; "" where they need none.
    """

    id: str
    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    reference: float | None = None
    against: str = ""
    meaning: str = ""

    @classmethod
    def from_interval(
        cls,
        id: str,
        label: str,
        interval: tuple[float, float, float],
        unit: str = "",
        reference: float | None = None,
        against: str = "",
        meaning: str = "",
    ) -> "Finding":
        """Finding on an estimate given as (low, middle, high), in `unit`."""
        low, middle, high = interval
        return cls(id, label, middle, low, high, unit, reference, against, meaning)


@dataclass(frozen=True)
class TableEntry:
    """A table stored as `tables/<id>.parquet`, or under `private/`.

    Attributes
    ----------
    private : bool
        Whether its rows are single people, so that it is on no page and leaves with no bundle.
    people : tuple of str
        Columns that count people.
    """

    id: str
    rows: int
    columns: tuple[str, ...]
    sha256: str
    private: bool = False
    people: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Its file within the version."""
        return f"{PRIVATE if self.private else 'tables'}/{self.id}.parquet"


@dataclass(frozen=True)
class FigureEntry:
    """A figure of the report and its alternative text.

    Attributes
    ----------
    lead : bool
        Whether it stands beside the decision, because it shows it.
    """

    id: str
    alt: str
    lead: bool = False


@dataclass(frozen=True)
class Result:
    """Everything a report states, without its prose.

    Attributes
    ----------
    folder : Path
        Where result.json and tables/ are.
    decision : str
        What to do, in at most 40 words; "" for no decision.
    tone : Tone or None
        What the decision asks for, which sets its colour; None where the notebook does not say.
    grounds : tuple of str
        Sentences on what the decision rests on and assumes.
    level : float or None
        Probability with which each interval of the findings is made to hold the true value; None where they differ or
        the notebook does not say.
    level_reason : str
        Why it is that level, in a sentence; "" where nothing is said.
    instructions : tuple of Instruction
        One for each object of the decision where the actions differ between them; () where `tone` holds for all.
    """

    study: str
    notebook: str
    folder: Path
    findings: tuple[Finding, ...] = ()
    gates: tuple[Gate, ...] = ()
    decision: str = ""
    tone: Tone | None = None
    tables: tuple[TableEntry, ...] = ()
    figures: tuple[FigureEntry, ...] = ()
    grounds: tuple[str, ...] = ()
    level: float | None = None
    level_reason: str = ""
    instructions: tuple[Instruction, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """ "act" only if there is a decision and every blocking gate passed."""
        return verdict(self.gates, self.decision)

    def table(self, id: str) -> "pd.DataFrame":
        """Read a published table.

        Raises
        ------
        KeyError
            There is no table of that id.
        RunError
            Its file is missing or damaged.
        """
        import pandas as pd

        path = self.folder / {entry.id: entry.path for entry in self.tables}[id]
        try:
            return pd.read_parquet(path)
        except (OSError, ValueError) as error:  # pyarrow's errors are among them
            raise damaged(path, error) from error

    def write(self) -> None:
        """Write result.json into the folder."""
        content = {key: value for key, value in asdict(self).items() if key != "folder"}
        text = json.dumps({"verdict": self.verdict, **content}, ensure_ascii=False, indent=1, allow_nan=False)
        (self.folder / RESULT).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Result":
        """Read the result in `folder`.

        Raises
        ------
        RunError
            result.json is missing or damaged.
        """
        path = folder / RESULT
        try:
            return cls._of(json.loads(path.read_text(encoding="utf-8")), folder)
        except UNREADABLE as error:
            raise damaged(path, error) from error

    @classmethod
    def _of(cls, content: dict[str, Any], folder: Path) -> "Result":
        reason = content.get("level_reason", "")
        for text in (content["study"], content["notebook"], content["decision"], reason, *content.get("grounds", ())):
            _refuse_kind("text", text, (str,))
        level = content.get("level")  # versions made before intervals stated their level lack it
        _refuse_kind("level", level, (float, int, type(None)))
        return cls(
            study=content["study"],
            notebook=content["notebook"],
            folder=folder,
            findings=_each(Finding, content["findings"]),
            gates=_each(Gate, content["gates"]),
            decision=content["decision"],
            tone=content.get("tone"),  # versions made before there were tones lack it
            tables=_each(TableEntry, [_of_table(each) for each in content["tables"]]),
            figures=_each(FigureEntry, content["figures"]),
            grounds=tuple(content.get("grounds", ())),  # and versions made before grounds stood apart lack these
            level=level,
            level_reason=reason,
            instructions=_each(Instruction, content.get("instructions", ())),  # nor can older ones tell objects apart
        )


def damaged(path: Path, error: Exception) -> RunError:
    """Return the error for a file of a version that cannot be read."""
    if isinstance(error, FileNotFoundError):
        told = tr("{name} is missing", name=path.name)
    elif isinstance(error, KeyError):
        told = tr("{name} lacks {part}", name=path.name, part=error)
    else:
        why = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
        told = tr("{name} is cut off or damaged ({why})", name=path.name, why=why)
    place = "/".join(path.parts[-5:])
    return RunError(f"{place}: " + tr("{told}. Run `make reports`: it sets such a version aside.", told=told))


def known(value: float | None) -> float | None:
    """Return `value` as a plain float, or None where it is missing or not finite, because JSON has no NaN."""
    return None if value is None or not math.isfinite(float(value)) else float(value)


def _each[T: "DataclassInstance"](kind: type[T], entries: Iterable[dict[str, Any]]) -> tuple[T, ...]:
    made = tuple(kind(**entry) for entry in entries)
    for each in made:
        for field in fields(each):
            _refuse_kind(field.name, getattr(each, field.name), _KINDS.get(field.type, (object,)))
    return made


def _of_table(entry: dict[str, Any]) -> dict[str, Any]:
    """Lists of a table's entry as tuples; versions made before tables could count people lack `people`."""
    return {**entry, "columns": tuple(entry["columns"]), "people": tuple(entry.get("people", ()))}


def _refuse_kind(name: str, value: Any, kinds: tuple[type, ...]) -> None:
    if not isinstance(value, kinds):
        raise TypeError(f"{name} is {value!r}")
