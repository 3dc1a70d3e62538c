"""How numbers, tables, figures and sections look."""
