"""Optimal budget by channel and week."""
