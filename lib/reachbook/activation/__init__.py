"""Lists that can be acted on: people of a published segment under keyed hashes, with a random hold-out."""
