"""Size and length of the next test."""
