"""Erase people: from every table read from now on, from the cache, and from the versions that may hold them."""
