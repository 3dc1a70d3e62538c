"""What would have been without the campaign: what panel and series share."""
