"""The project package: what belongs to the whole. Floors: see the map in CONTRIBUTING."""
