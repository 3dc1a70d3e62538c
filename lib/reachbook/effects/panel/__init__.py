"""The effect on units that had the campaign while others had not."""
