"""Counterfactual outcomes without the campaign: the parts that panel and series share."""
