"""Effect of a campaign that was assigned at random."""
