"""The APIG dialect for gateways and apps: v1 (004) and v2 [vendor]."""
