"""Breeding music. Knows no Django and no TensorFlow; of generation only generation.score."""
