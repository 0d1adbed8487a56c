"""The public gallery: the best phrases of populations whose hosts show them, and whose ratings they descend from."""
