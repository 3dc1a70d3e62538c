"""What to do with the money: plans, their gain, and what they are worth."""
