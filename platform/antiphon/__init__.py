"""The platform: Django apps, the room, the API for workers, and the node that trains."""
