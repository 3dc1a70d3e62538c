"""Incidents, with a stated rate of false alarms."""
