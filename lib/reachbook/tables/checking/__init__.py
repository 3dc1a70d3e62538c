"""What checking a table consists of: converting its columns, and naming the cells that break the contract."""
