"""Plans, their expected gain over current spend, and what further information is worth."""
