"""The developers' console: thin pages over the same services as every other door."""
