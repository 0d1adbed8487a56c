"""A host's open studio page: it is told what changes among the host's own things."""

import json
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from antiphon.core.broadcast import host_group

CLOSE_SIGNED_OUT = 4401
PING, PONG = "ping", "pong"


class StudioConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Forwards this host's events as JSON text. Of what a page says only `ping` is answered, with `pong`."""

    async def connect(self) -> None:
        """Take signed-in hosts only."""
        user = self.scope["user"]
        await self.accept()
        if not user.is_authenticated:
            await self.close(code=CLOSE_SIGNED_OUT, reason="sign in first")
            return
        await self.channel_layer.group_add(host_group(user.pk), self.channel_name)

    async def disconnect(self, code: int) -> None:
        """Follow nothing more."""
        if self.scope["user"].is_authenticated:
            await self.channel_layer.group_discard(host_group(self.scope["user"].pk), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer a sign of life."""
        if text_data == PING:
            await self.send(text_data=PONG)

    async def broadcast_event(self, message: dict[str, Any]) -> None:
        """Forward one event; it was typed where it was sent."""
        await self.send(text_data=json.dumps(message["event"]))
