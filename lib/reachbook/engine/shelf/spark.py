"""A finding over the versions of its report, as a small line in SVG."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from reachbook.engine.kept import KeptVersion
from reachbook.presentation.numbers import number
from reachbook.report import finding_text
from reachbook.result import Finding
from reachbook.translation import tr

WIDTH, HEIGHT, EDGE = 120, 28, 4
MOST = 24
"""Versions on a line."""


def spark(newest_first: Sequence[KeptVersion]) -> Markup:
    """Draw the first finding of the newest version over all versions that have it; "" with fewer than two values.

    Notes
    -----
    Versions that only render the same run again count once.
    """
    if not newest_first or not newest_first[0].result.findings:
        return Markup("")
    shown = newest_first[0].result.findings[0]
    values = list(_values(newest_first, shown))[:MOST][::-1]
    return Markup(_drawn(values, shown, newest_first[0].currency)) if len(values) > 1 else Markup("")


def _values(newest_first: Sequence[KeptVersion], shown: Finding) -> Iterator[Finding]:
    seen = set[str]()
    for version in newest_first:
        same = [each for each in version.result.findings if (each.id, each.unit) == (shown.id, shown.unit)]
        if same and same[0].value is not None and version.run["key"] not in seen:
            seen.add(version.run["key"])
            yield same[0]


def _drawn(values: Sequence[Finding], shown: Finding, currency: str) -> str:
    ends = [end for each in values for end in (each.low, each.value, each.high) if end is not None]
    low, span = min(ends), (max(ends) - min(ends)) or 1.0

    def at(index: int, value: float) -> str:
        x = EDGE + (WIDTH - 2 * EDGE) * index / (len(values) - 1)
        return f"{x:.1f},{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - low) / span:.1f}"

    line = " ".join(at(i, each.value) for i, each in enumerate(values) if each.value is not None)
    upper = [at(i, each.high) for i, each in enumerate(values) if each.low is not None and each.high is not None]
    lower = [at(i, each.low) for i, each in enumerate(values) if each.low is not None and each.high is not None]
    band = f'<polygon class="band" points="{" ".join([*upper, *reversed(lower)])}"/>' if len(upper) > 1 else ""
    x, y = line.rsplit(" ", 1)[-1].split(",")
    label = Markup.escape(_described(values, shown, currency))
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}"><title>{label}</title>'
        f'{band}<polyline points="{line}"/><circle cx="{x}" cy="{y}" r="2.5"/></svg>'
    )


def _described(values: Sequence[Finding], shown: Finding, currency: str) -> str:
    first = number(values[0].value or 0.0, shown.unit, currency)
    last = finding_text(values[-1], currency)
    return tr("{label}: from {first} to {last} over {n} versions", label=shown.label, first=first, last=last,
              n=len(values))  # fmt: skip
