"""The effect on one series, before and after."""
