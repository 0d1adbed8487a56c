"""Crossover, mutation, selection."""
