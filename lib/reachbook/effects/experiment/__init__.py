"""The effect of a campaign that chance gave to some people."""
