"""The small simulated brand that the tests of this folder share."""

from datetime import date

from reachbook.demo.spec import DemoSpec

START, END = date(2026, 7, 1), date(2026, 9, 30)
SMALL = DemoSpec(users=800, contents=150, interactions=40_000, orders=2_400, comments=6_000, units=12_000, weeks=104)
