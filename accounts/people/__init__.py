"""Services about people: registering, signing in, tokens, sharing."""
