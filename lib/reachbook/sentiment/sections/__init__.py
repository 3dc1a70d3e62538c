"""Text, figures and tables of the sentiment report."""
