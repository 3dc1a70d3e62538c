"""Scoring of people who were not there by the rules of published segments."""
