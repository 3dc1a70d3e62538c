"""Small simulated brands that tests share."""

from datetime import date

from reachbook.demo.spec import DemoSpec

START, END = date(2026, 7, 1), date(2026, 9, 30)
SMALL = DemoSpec(users=800, contents=150, interactions=40_000, orders=2_400, comments=6_000, units=12_000, weeks=104)
CAMPAIGNS = DemoSpec(users=50, contents=30, interactions=0, orders=0, comments=0, units=30)
"""Hardly anybody; the panel and the series are those of the whole brand, since every table has a stream of its own."""
