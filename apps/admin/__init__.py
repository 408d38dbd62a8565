"""Gateways and apps in the super-console."""
