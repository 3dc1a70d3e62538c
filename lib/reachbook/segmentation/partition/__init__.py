"""Partitions of a table into k groups: k-means in a metric learned from the groups' common shape."""
