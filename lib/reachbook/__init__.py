"""Reachbook: versioned, reproducible reports from a social-media team's data and parameters."""
