"""Aspects: what the comments are about, and why people judge it as they do."""
