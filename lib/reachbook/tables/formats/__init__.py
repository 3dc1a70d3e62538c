"""Readers of files and databases into raw cells: CSV, Excel, SQL."""
