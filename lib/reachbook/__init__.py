"""Reachbook."""
