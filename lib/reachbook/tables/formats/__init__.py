"""Files and databases into raw cells: CSV, Excel, SQL."""
