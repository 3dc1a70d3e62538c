"""What an effect is worth, and what to do."""
