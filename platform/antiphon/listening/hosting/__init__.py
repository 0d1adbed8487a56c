"""What a host sees of a room, and changes."""
