"""What this floor says over HTTP."""
