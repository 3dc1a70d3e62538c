"""Shares of each polarity, with intervals."""
