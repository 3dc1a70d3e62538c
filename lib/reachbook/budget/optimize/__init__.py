"""Optimal steady budget on response curves, with its proof."""
