"""Words, figures and tables of the data-quality page."""
