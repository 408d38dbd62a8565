"""Gateways, apps and AppCodes in the developers' console."""
