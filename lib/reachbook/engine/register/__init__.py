"""The register of processing: what a study holds about people, why, for how long, and what has been taken out."""
