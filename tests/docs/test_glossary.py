"""docs/glossary.md explains the words of the reports, each with its Chinese term."""

import re

from papers import ROOT

TEXT = (ROOT / "docs" / "glossary.md").read_text("utf-8")
ROWS = [row for row in re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", TEXT, re.MULTILINE) if row[0] != "word"]
SHORT = "study version finding interval gate verdict tone decision segment valley RFM arm lift ROPE SRM panel series"
LONG = "holdout margin contribution iROAS CAC prevalence drift adstock carry-over saturation ROI mROI CVaR persona"
WORDS = {*SHORT.split(), *LONG.split(), "placebo replay", "audit sample", "learning queue"}


def test_the_words_that_reports_use_are_there() -> None:
    explained = {word for words, _, _ in ROWS for word in words.split(", ")}
    assert explained >= WORDS


def test_every_word_stands_once_with_a_chinese_term_and_a_sentence() -> None:
    words = [word for word, _, _ in ROWS]
    assert len(set(words)) == len(words)
    for word, term, meaning in ROWS:
        assert re.search(r"[\u4e00-\u9fff]", term), word
        assert meaning.endswith("."), word
