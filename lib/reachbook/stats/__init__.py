"""Statistics shared between analyses: intervals for small samples, sampling with gates, agreement of raters."""
