"""Alarms: stated against measured false ones a year on quiet series, planted bursts found, days to detect.

python benchmarks/sentiment/alerts.py [repetitions]
"""

import sys

import numpy as np
from quiet import burst, quiet

from reachbook.sentiment.alerts import YEAR, watch
from reachbook.sentiment.alerts_detect import LEARNING

STREAMS, DAYS = 24, 2 * 365
KINDS = {
    "weekdays, noise .2": (0.2, 0.0),
    "noise .35": (0.35, 0.0),
    "nearly Poisson": (0.05, 0.0),
    "slow waves of 30 %": (0.2, 0.3),
}
STATED = (1.0, 4.0, 12.0, 52.0)


def false_alarms(repetitions: int) -> None:
    """Measured alarms a year over all streams, for each stated number."""
    print(f"false alarms a year over {STREAMS} streams, {repetitions} x 2 years of each kind of quiet series")
    print(f"{'series':24s}" + "".join(f"{f'stated {s:g}':>12s}" for s in STATED))
    for name, (noise, drift) in KINDS.items():
        series = [quiet(np.random.default_rng([r, 33]), DAYS, STREAMS, noise, drift) for r in range(repetitions)]
        years = repetitions * (DAYS - LEARNING) / YEAR
        rates = [sum(len(watch(each, stated).alerts) for each in series) / years for stated in STATED]
        print(f"{name:24s}" + "".join(f"{rate:12.2f}" for rate in rates), flush=True)


def bursts(repetitions: int) -> None:
    """Bursts of four days in one stream, 85 % negative, at one stated false alarm a year."""
    print("\nplanted bursts of 4 days, 1 false alarm a year stated: share found, mean days from the first to the alarm")
    print(f"{'ordinary comments a day':26s}" + "".join(f"{f'+{t:g} x':>16s}" for t in (0.5, 1.0, 2.0, 4.0)))
    for least, most in ((1, 4), (4, 15), (15, 60)):
        cells = []
        for times in (0.5, 1.0, 2.0, 4.0):
            delays, tried = [], 0
            for r in range(repetitions * 5):
                rng = np.random.default_rng([r, 34])
                calm = quiet(rng, 110, STREAMS)
                mean = calm.total.mean(axis=1)
                fitting = np.flatnonzero((mean >= least) & (mean < most))
                if not len(fitting):
                    continue
                stream, day, tried = int(fitting[0]), int(rng.integers(60, 90)), tried + 1
                alerts = watch(burst(rng, calm, stream, day, times), 1.0).alerts
                known = [(a.known - calm.days[day]).days for a in alerts if a.key == calm.keys[stream]]
                delays += [min(d for d in known if 0 <= d <= 5)] if any(0 <= d <= 5 for d in known) else []
            late = f"{np.mean(delays):.1f} d" if delays else "-"
            cells.append(f"{len(delays) / max(tried, 1):.0%} {late}")
        print(f"{f'{least} to {most}':26s}" + "".join(f"{cell:>16s}" for cell in cells), flush=True)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    false_alarms(count)
    bursts(count)
