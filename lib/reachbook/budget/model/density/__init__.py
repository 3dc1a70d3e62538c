"""The log density of the media mix: as stated, compiled, and in PyMC."""
