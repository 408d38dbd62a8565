"""Every route of every dialect: who may call it, what it hides, when it is stale, what it costs."""
