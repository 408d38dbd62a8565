"""The trail: the one place that writes events, and what keeps them from being changed."""
