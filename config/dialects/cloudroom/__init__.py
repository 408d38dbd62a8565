"""Dialect 2, CloudRoom: how it is written. Source: 000, and the vendor's sibling pages where tagged [vendor]."""
