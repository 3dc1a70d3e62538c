"""Comments as text: folding, language, features and counts."""
