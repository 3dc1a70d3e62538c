"""Sections of the campaign report: text, figures and tables."""
