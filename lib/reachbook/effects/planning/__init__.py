"""How large and long the next test has to be."""
