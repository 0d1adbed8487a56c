"""A listener's connection to a room."""

from channels.generic.websocket import AsyncWebsocketConsumer


class RoomConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Decodes one typed message, calls a service, answers with typed messages."""
