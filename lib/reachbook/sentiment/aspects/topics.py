"""Terms of the comments, and the aspects that they make up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reachbook.sentiment.aspects.aspects import Aspects, from_data, from_dictionary
from reachbook.sentiment.aspects.terms import Terms, mine
from reachbook.translation import sentences, tr, trn

if TYPE_CHECKING:
    from reachbook.sentiment.spec import SentimentSpec
    from reachbook.sentiment.text.comments import Comments


@dataclass(frozen=True)
class Topics:
    """Terms of all comments, and aspects named in the parameters or found in the data.

    Attributes
    ----------
    given : bool
        Whether the aspects are named in the parameters.
    """

    terms: Terms
    aspects: Aspects
    given: bool

    def describe(self) -> str:
        """Describe where the aspects come from, and how much they cover."""
        count, covered = len(self.aspects.terms), self.aspects.covered
        if not count:
            return tr("No aspect comes back when the comments are halved; name some under `aspects` to follow them.")
        if self.given:
            found = trn("{n} aspect is named in the parameters.", "{n} aspects are named in the parameters.", count)
        else:
            found = trn(
                "{n} aspect was found in the comments, coming back in halves of them.",
                "{n} aspects were found in the comments, each coming back in halves of them.",
                count,
            )
        return sentences(found, tr("{share:.0%} of the comments speak of one.", share=covered))


def topics(comments: Comments, spec: SentimentSpec, seed: int) -> Topics:
    """Find the aspects of all comments, of whatever brand."""
    terms = mine(comments.texts)
    if spec.aspects:
        return Topics(terms, from_dictionary(comments.texts, spec.aspects), True)
    return Topics(terms, from_data(terms, spec.aspect_count, seed=seed), False)
