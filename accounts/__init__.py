"""Who asks, and the machinery that judges and records: the lowest floor that holds models."""
