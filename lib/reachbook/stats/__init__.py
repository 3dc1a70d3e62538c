"""What two wings or more share: intervals that hold in small samples, sampling with gates, agreement of raters."""
