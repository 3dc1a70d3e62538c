"""The best plan by channel and week."""
