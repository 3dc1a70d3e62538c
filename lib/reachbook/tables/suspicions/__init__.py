"""Rows and ids that look wrong although every cell is valid: refunds, totals, altered ids."""
