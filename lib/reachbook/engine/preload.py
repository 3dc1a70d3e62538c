"""Imported once by the clean process that workers fork from."""

import sys

# jsonschema asks for this grammar compiler (0.8 s) to check internationalised addresses; notebooks have none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import reachbook.engine.make  # noqa: E402
import reachbook.engine.verify  # noqa: E402, F401
