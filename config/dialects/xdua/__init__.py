"""Dialect 1, XDUA: how it is written. Source: 003, and the vendor's wider documentation where tagged [vendor]."""
