"""Contracts, readers and checks of the tables; light to import, because `store` loads readers only when needed."""
