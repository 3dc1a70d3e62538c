"""What the comments are about, and why."""
