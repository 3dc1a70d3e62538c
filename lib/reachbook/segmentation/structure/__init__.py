"""Are there segments at all, and how many: nulls, valleys, stability, and the choice."""
