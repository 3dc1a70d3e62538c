"""What the options of a source do to values and rows, only where study.yaml states them."""
