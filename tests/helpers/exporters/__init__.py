"""One export for each preset, in the shape that its exporter gives it."""

from helpers.exporters import ads, crawlers, creators, shops
from helpers.exports import Export

EXPORTS: dict[str, Export] = {**ads.EXPORTS, **crawlers.EXPORTS, **creators.EXPORTS, **shops.EXPORTS}
"""An export for each preset, by its name."""
