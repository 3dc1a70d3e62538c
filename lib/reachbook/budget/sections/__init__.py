"""What the page says and shows."""
