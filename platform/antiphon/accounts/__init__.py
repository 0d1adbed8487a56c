"""Hosts, and listeners who need no account."""
