"""What runs on a node: Dramatiq actors and a client of the API for workers. No Django, no database address."""
