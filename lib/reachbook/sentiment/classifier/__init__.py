"""Polarity of single comments, with calibrated probabilities."""
