"""What the page says of a verdict and a decision."""

from reachbook.result import Result
from reachbook.translation import mark, tr

VERDICTS = {
    "act": mark("You may rely on these numbers"),
    "do not act": mark("Do not act on this"),
    "no decision": mark("No decision in this report"),
}
"""Sentence for each verdict, to be translated where it is shown."""

EXCEPT = mark("You may rely on these numbers, except as named")
"""Sentence for the verdict "act" where the decision names exceptions, so that no other label is needed."""

TONES = {
    "go": mark("Decision: go"),
    "care": mark("Decision: go, with care"),
    "stop": mark("Decision: stop"),
    "longer": mark("Decision: run longer"),
    "wait": mark("Decision: wait"),
}
"""Label of each tone of a decision that has one, to be translated where it is shown."""

BY_OBJECT = {
    "go": mark("{name}: go"),
    "care": mark("{name}: go, with care"),
    "stop": mark("{name}: stop"),
    "longer": mark("{name}: run longer"),
    "wait": mark("{name}: wait"),
}
"""Label of each tone where a decision asks for other actions from object to object."""


def verdict_words(result: Result) -> str:
    """The verdict on a result as the page says it, without contradicting a decision that names exceptions."""
    return tr(EXCEPT if _has_exceptions(result) else VERDICTS[result.verdict])


def verdict_class(result: Result) -> str:
    """CSS class of the verdict on a result."""
    return (
        "care" if _has_exceptions(result) else {"act": "act", "do not act": "stop", "no decision": ""}[result.verdict]
    )


def _has_exceptions(result: Result) -> bool:
    return result.verdict == "act" and result.tone == "except"
