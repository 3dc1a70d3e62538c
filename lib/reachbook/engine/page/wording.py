"""What the page says of a verdict and a decision."""

from reachbook.translation import mark

VERDICTS = {
    "act": mark("You may rely on these numbers"),
    "do not act": mark("Do not act on this"),
    "no decision": mark("No decision in this report"),
}
"""Sentence for each verdict, to be translated where it is shown."""

TONES = {
    "go": mark("Decision: go"),
    "care": mark("Decision: go, with care"),
    "stop": mark("Decision: stop"),
    "longer": mark("Decision: run longer"),
    "wait": mark("Decision: wait"),
}
"""Label of each tone of a decision, to be translated where it is shown."""

BY_OBJECT = {
    "go": mark("{name}: go"),
    "care": mark("{name}: go, with care"),
    "stop": mark("{name}: stop"),
    "longer": mark("{name}: run longer"),
    "wait": mark("{name}: wait"),
}
"""Label of each tone where a decision asks for other actions from object to object."""
