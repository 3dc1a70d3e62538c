"""Cells of each kind, read from text or native values."""
