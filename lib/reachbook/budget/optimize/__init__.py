"""The best steady plan on response curves, with its proof."""
