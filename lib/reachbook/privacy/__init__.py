"""People's rights: consent, erasure, and keyed hashes in place of ids."""
