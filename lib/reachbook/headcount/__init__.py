"""Counts of people for readers outside: each changed by a random error that hides who is among them."""
