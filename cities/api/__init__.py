"""What is said of cities over HTTP."""
