"""Cities: the tenants. Everything else may stand in one."""
