"""Alarms: stated against measured false ones a year on quiet series, planted bursts found, days to detect.

python benchmarks/sentiment/alerts.py [repetitions]
"""

import sys

import numpy as np
from quiet import burst, quiet
from scipy.stats import chi2

from reachbook.sentiment.alerts.detect import LEARNING
from reachbook.sentiment.alerts.false_alarms import YEAR, rehearse
from reachbook.sentiment.alerts.watch import replay, watch

STREAMS, DAYS, SHORT = 24, 2 * 365, 26 * 7
KINDS = {
    "noise .2": (0.2, 0.0),
    "noise .35": (0.35, 0.0),
    "nearly Poisson": (0.05, 0.0),
    "slow waves of 30 %": (0.2, 0.3),
}
STATED = (1.0, 4.0, 12.0, 52.0)
TIMES = (0.5, 1.0, 2.0, 4.0)


def false_alarms(repetitions: int, days: int) -> None:
    """Measured alarms a year over all streams with intervals at 95 %, for each stated number.

    Last, what `replay` says beforehand of four a year: mean and range over some of the series.
    """
    years = repetitions * (days - LEARNING) / YEAR
    print(f"\nfalse alarms a year over {STREAMS} streams, {repetitions} x {days} days of each kind of quiet series")
    print(f"{'series':20s}" + "".join(f"{f'stated {s:g}':>24s}" for s in STATED) + f"{'replay of 4':>24s}")
    for name, (noise, drift) in KINDS.items():
        count, said = np.zeros(len(STATED)), []
        for r in range(repetitions):
            series = quiet(np.random.default_rng([r, 33]), days, STREAMS, noise, drift)
            practised = rehearse(series, seed=r)
            found = [watch(series, stated, rehearsal=practised) for stated in STATED]
            count += [len(each.alerts) for each in found]
            if r % 10 == 0:
                said.append(replay(series, 4.0, r, watched=found[1]))
        low = np.where(count > 0, chi2.ppf(0.025, 2 * np.maximum(count, 1)) / 2, 0) / years
        high = chi2.ppf(0.975, 2 * count + 2) / 2 / years
        rates = [each.measured for each in said]
        told = f"{np.mean(rates):.2f} ({min(rates):.1f} to {max(rates):.1f})"
        cells = [f"{c / years:.2f} ({a:.2f}, {b:.2f})" for c, a, b in zip(count, low, high, strict=True)]
        print(f"{name:20s}" + "".join(f"{cell:>24s}" for cell in (*cells, told)), flush=True)


def bursts(repetitions: int) -> None:
    """Bursts of four days in one stream, 85 % negative, at one stated false alarm a year."""
    print(f"\n{repetitions} planted bursts a cell, 4 days, 1 false alarm a year over {STREAMS} streams stated")
    print("share found within 6 days, and mean days from the first to the alarm")
    print(f"{'ordinary comments a day':26s}" + "".join(f"{f'+{t:g} x':>16s}" for t in TIMES))
    for least, most in ((1, 4), (4, 15), (15, 60)):
        delays: dict[float, list[int]] = {times: [] for times in TIMES}
        for r in range(repetitions):
            rng = np.random.default_rng([r, 34])
            calm = quiet(rng, 110, STREAMS)
            mean = calm.total.mean(axis=1)
            stream = int(np.abs(mean - rng.uniform(least, most)).argmin())
            day, practised = int(rng.integers(60, 90)), rehearse(calm, seed=r)
            for times in TIMES:
                alerts = watch(burst(rng, calm, stream, day, times), 1.0, rehearsal=practised).alerts
                known = [(a.known - calm.days[day]).days for a in alerts if a.key == calm.keys[stream]]
                delays[times] += [min(d for d in known if 0 <= d <= 5)] if any(0 <= d <= 5 for d in known) else []
        cells = [
            f"{len(each) / repetitions:.0%} {f'{np.mean(each):.1f} d' if each else '-'}" for each in delays.values()
        ]
        print(f"{f'{least} to {most}':26s}" + "".join(f"{cell:>16s}" for cell in cells), flush=True)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    false_alarms(count, DAYS)
    false_alarms(count * 2, SHORT)
    bursts(count * 3)
