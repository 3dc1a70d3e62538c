"""Sentences in the language of the study: English in the code, any other in each package's `locale/<language>.po`."""

from reachbook.translation.language import LANGUAGES, Language, language, prefer, use, using
from reachbook.translation.text import clauses, day, days, joined, listing, mark, sentences, tr, trn

__all__ = [
    "LANGUAGES",
    "Language",
    "clauses",
    "day",
    "days",
    "joined",
    "language",
    "listing",
    "mark",
    "prefer",
    "sentences",
    "tr",
    "trn",
    "use",
    "using",
]
