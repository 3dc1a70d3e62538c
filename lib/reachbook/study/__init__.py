"""A study: one brand over one period, the one object a notebook starts from."""

from reachbook.study.study import Study

__all__ = ["Study"]
