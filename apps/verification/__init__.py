"""The data plane: is this credential good, here and now? Asked by gateways before each call of their clients.

lookup (one query) → credentials (what was presented) → judge (good, unknown, closed, not admitted); `door` is asked by
gateways' subrequests, `apps.api.native.verifications` by everyone else.
"""
