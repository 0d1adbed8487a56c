"""Score <-> tokens."""
