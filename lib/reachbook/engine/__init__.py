"""Plan, run, render, publish, list, compare and verify reports; it knows no statistics."""
