"""Dialect 3, the vendor's API gateway: how it is written. Source: 004, and the vendor's other pages [vendor]."""
