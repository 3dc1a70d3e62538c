"""The 27 campaigns of a real grocery retailer: mailed to chosen households, so which of them may be read as tests?

python benchmarks/effects/retail_campaigns.py

The table of the shipped study retail, campaign by campaign: what households spent in the eight weeks before, what the
plain difference would have said, and what the checks say.
"""

from pathlib import Path

import duckdb
import numpy as np

import reachbook.effects as effects
from reachbook.effects.spec import EffectSpec
from reachbook.errors import DataError
from reachbook.study.files import load
from reachbook.tables.files import locate

ROOT = Path(__file__).parents[2]
FILES = load(ROOT, "retail").spec.tables["experiment"].files
SQL = (ROOT / "params" / "retail" / "experiment.sql").read_text(encoding="utf-8")
CHOSEN = "campaign_id = 18"


def campaigns() -> list[int]:
    """Numbers of all campaigns, those that mailed most households first."""
    found = duckdb.sql("SELECT campaign_id FROM campaigns GROUP BY ALL ORDER BY COUNT(*) DESC, campaign_id").fetchall()
    return [int(number) for (number,) in found]


def main() -> None:
    """One line a campaign."""
    for name, place in (FILES or {}).items():
        duckdb.sql(f"CREATE VIEW {name} AS FROM '{locate(place, ROOT)}'")
    print(f"{'campaign':>8s}{'mailed':>8s}{'others':>8s}{'before':>16s}{'plain lift':>12s}{'model':>24s}  checks")
    refused, numbers = 0, campaigns()
    for number in numbers:
        frame = duckdb.sql(SQL.replace(CHOSEN, f"campaign_id = {number}")).df()
        mailed = frame["arm"] == "mailed"
        counts = {"mailed": float(mailed.sum()), "not mailed": float((~mailed).sum())}
        spec = EffectSpec(outcome="spend_during", control="not mailed", ratios=counts)
        try:
            effect = effects.estimate(frame, spec)
        except DataError as error:
            refused += 1
            print(f"{number:8d}  {error}")
            continue
        before, during = (frame.groupby("arm")[name].mean() for name in ("before", "spend_during"))
        low, high = effect.relative_interval()
        failed = [gate.id for gate in effect.gates if gate.level == "block" and not gate.passed]
        refused += bool(failed)
        print(
            f"{number:8d}{counts['mailed']:8,.0f}{counts['not mailed']:8,.0f}"
            f"{before['mailed']:8.0f}{before['not mailed']:8.0f}{during['mailed'] / during['not mailed'] - 1:+12.0%}"
            f"{np.median(effect.relative):+10.0%} [{low:+.0%}, {high:+.0%}]  {', '.join(failed) or 'hold'}"
        )
    print(f"{refused} of {len(numbers)} refused.")


if __name__ == "__main__":
    main()
