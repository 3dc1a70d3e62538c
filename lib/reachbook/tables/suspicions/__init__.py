"""Rows and ids that look wrong although every cell is right: refunds, totals, dressed-up ids."""
