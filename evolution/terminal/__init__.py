"""Breeding music alone at a terminal, without a server or a database: `python -m evolution`."""
