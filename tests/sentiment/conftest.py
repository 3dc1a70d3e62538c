"""The simulators of the benchmark serve the tests too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "sentiment"))
