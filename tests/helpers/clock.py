"""When and where the tables of these tests are checked."""

from datetime import datetime

NOW = datetime(2026, 10, 1, 12)
ZONE = "Asia/Shanghai"
