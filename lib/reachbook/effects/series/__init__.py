"""Effect on a single series, before and after."""
