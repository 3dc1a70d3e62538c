"""Sections of the budget report: text, figures and tables."""
