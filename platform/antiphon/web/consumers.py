"""A host's open studio page."""

from channels.generic.websocket import AsyncWebsocketConsumer


class StudioConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Forwards this host's events."""
