"""People's rights: consent, erasure, keyed hashes in place of ids, and groups too small to be shown."""
