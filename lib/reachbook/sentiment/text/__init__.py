"""Comments as text: folded, read, counted."""
