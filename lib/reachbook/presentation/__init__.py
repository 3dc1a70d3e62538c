"""Formatting of numbers, tables, figures and sections."""
