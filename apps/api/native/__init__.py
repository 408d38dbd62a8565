"""Gateways, apps and AppCodes as resources of the native API."""
