"""How each dialect is written on the wire: envelope, code table, parameters. DRF, no models."""
