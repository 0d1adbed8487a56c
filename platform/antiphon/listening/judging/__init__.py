"""What is made of what was said: fitness, certainty, islands, and who counts how much."""
