"""The top floor: what joins all kinds."""
