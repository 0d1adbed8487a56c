"""Datasets, their MIDI files, and how files come in."""
