"""The page of a report: its card, words, templates, provenance, and what differs between versions."""
