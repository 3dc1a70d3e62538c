"""The published segments' rules as SQL, beside the lists, for people who were not there."""

from pathlib import Path

from reachbook.activation.audience import NOTEBOOK, Audience
from reachbook.errors import DataError
from reachbook.segmentation.scoring.rules import SegmentRules, rules
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.study.data import Data
from reachbook.study.files import StudyFile
from reachbook.translation import tr

FILE = "rules.sql"
ENOUGH = 0.95
"""Share of the published people whom the rules put into their segment, below which none are written."""
_READ = ("users", "interactions", "orders", "contents")


def written(folder: Path, found: Audience, file: StudyFile) -> list[str]:
    """Write rules.sql if the tables of today still give the published segments; says what was done."""
    made = _rules(found, file)
    if made is None or made.agreement < ENOUGH:
        return [
            tr(
                "{file}: not written, because the tables of today no longer give the published segments ({share:.0%} "
                "of the people, at least {least:.0%}). Make today's report.",
                file=FILE,
                share=made.agreement if made else 0.0,
                least=ENOUGH,
            )
        ]
    (folder / FILE).write_text(made.sql, encoding="utf-8")
    return [
        tr(
            "{file}: scores people who were not there; it gives {share:.1%} of the people their published segment",
            file=FILE,
            share=made.agreement,
        )
    ]


def _rules(found: Audience, file: StudyFile) -> SegmentRules | None:
    data, spec = Data(file), file.parameters.get(NOTEBOOK)
    tables = {name: data[name].path for name in _READ if name in data}
    published = found.people.set_index("user_id")["segment"]
    period = file.spec.period
    try:
        return rules(
            tables,
            spec if isinstance(spec, SegmentationSpec) else SegmentationSpec(),
            period.start,
            period.end,
            published,
        )
    except DataError:  # no event in the period: there is nothing to score by
        return None
