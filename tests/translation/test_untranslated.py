"""No error, check, finding or table says a sentence that a reader of Chinese would see in English."""

import re
from pathlib import Path

import sentences

LISTS = {"rests on", "hours known"}
"""Columns named to a table, whose words it translates where it shows them."""
DEVELOPERS = {
    "budget/model/extrapolation.py": "how far a curve is drawn is a constant of ours",
    "effects/experiment/arms.py": "the name comes from the result itself",
    "engine/archive/crate.py": "metadata that programs read",
    "engine/archive/review.py": "caught, and said as a damaged file",
    "engine/page/provenance.py": "caught, and said as a damaged version",
    "reference.py": "writes the documentation, which is English",
    "report.py": "ids, tones and levels are written by whoever programs a notebook",
    "sentiment/classifier/domain_gate.py": "levels were checked with the parameters",
    "sentiment/prevalence/shares.py": "the level was checked with the parameters",
    "sentiment/sections/figures.py": "a section asks for the sample before it draws",
    "stats/agreement.py": "whoever compares labels has counted them",
    "stats/intervals.py": "whoever asks for an interval has counted the values",
    "stats/sampling.py": "a model has quantities that vary",
    "translation/collect.py": "`make messages` is for whoever changes the code",
}
"""Modules whose texts, ValueErrors and TypeErrors no user meets, and why; errors of ours are translated there too."""
_HOLE = re.compile(r"\{[^}]*\}|'[^']*'")
_PROGRAM = ("raise ValueError", "raise TypeError", "text")


def told_in_english(path: Path) -> list[sentences.Sentence]:
    """What a module raises, or hands to a maker, in words that no catalogue holds; and any other whole sentence."""
    return [each for each in sentences.sentences(path, translated=False) if _words(each) > 1 and _is_told(each)]


def _words(sentence: sentences.Sentence) -> int:
    """Words beside the values that it takes in and the place at its beginning."""
    text = _HOLE.sub("", sentence.text).rsplit(": ", 1)[-1]
    return 0 if sentence.text in LISTS else len(re.findall(r"[A-Za-z]{2,}(?![\w(])", text))


def _is_told(sentence: sentences.Sentence) -> bool:
    if sentence.kind != "text":
        return True
    return sentence.text[0].isupper() and sentence.text[-1] in ".?!" and _words(sentence) >= sentences.WORDS


def _module(path: Path) -> str:
    return path.relative_to(sentences.LIBRARY).as_posix()


def test_what_users_are_told_is_in_the_catalogues() -> None:
    found = [(path, each) for path in sorted(sentences.LIBRARY.rglob("*.py")) for each in told_in_english(path)]
    unknown = [str(each) for path, each in found if each.kind not in _PROGRAM or _module(path) not in DEVELOPERS]
    assert unknown == [], "write them as tr(...), and run `make messages`"


def test_every_exception_is_still_one() -> None:
    for module in DEVELOPERS:
        assert any(each.kind in _PROGRAM for each in told_in_english(sentences.LIBRARY / module)), module


def test_the_scan_sees_what_is_raised_and_shown_in_english(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        'def f(x):\n    """A docstring says what it does."""\n'
        '    Gate("a", True, f"{x} people were seen")\n'
        '    Gate("a", True, tr("{x} people were seen", x=x))\n'
        '    said = "Close other programs."\n'
        '    raise DataError(f"{x}: " + tr("is no number"))\n'
        '    raise DataError(f"{x} is no number")\n',
        encoding="utf-8",
    )
    assert [(each.kind, each.text) for each in told_in_english(path)] == [
        ("text", "Close other programs."),
        ("Gate", "{x} people were seen"),
        ("raise DataError", "{x} is no number"),
    ]
