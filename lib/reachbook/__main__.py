"""`python -m reachbook`."""

from reachbook.cli import main

raise SystemExit(main())
