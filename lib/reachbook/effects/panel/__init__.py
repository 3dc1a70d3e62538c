"""Effect on treated units of a panel, against units that were never treated."""
