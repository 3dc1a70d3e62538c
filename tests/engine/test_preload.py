"""What the process that workers fork from has imported, so that none of them has to."""

import json
import subprocess
import sys


def test_workers_find_everything_imported_but_no_wing_and_no_slow_grammar() -> None:
    """An import that fails there is passed over in silence, and every worker then pays for it."""
    code = "import json, sys, reachbook.engine.preload; print(json.dumps([n for n, m in sys.modules.items() if m]))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(said.stdout))
    assert {"reachbook.engine.make", "reachbook.engine.verify", "papermill.execute"} <= loaded
    assert not {name for name in loaded if name.startswith("rfc3987_syntax")}
    wings = {"reachbook.budget", "reachbook.effects", "reachbook.segmentation", "reachbook.sentiment"}
    assert not {*wings, "pymc", "sklearn"} & loaded
