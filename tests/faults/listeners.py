"""Listeners' pages over real sockets: what is not acknowledged is sent again under its own id, connection or not."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from antiphon.listening.protocol import PROTOCOL_VERSION

ANSWER_SECONDS = 8.0  # a page that hears nothing for so long connects anew
AGAIN_SECONDS = 0.2
PAUSE_SECONDS = 0.08  # between a listener's ratings


@dataclass
class Page:
    """One listener in one room, who rates whatever is offered."""

    url: str
    code: str
    cookie: str
    acknowledged: dict[str, int] = field(default_factory=dict)  # message id -> value
    connections: int = 0
    offered: list[str] = field(default_factory=list)
    pending: dict[str, Any] | None = None  # the rating that is not acknowledged yet

    async def rate(self, count: int) -> None:
        """Rate until so many ratings are acknowledged, whatever happens to the servers meanwhile."""
        while len(self.acknowledged) < count:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    connection = await self._connect()
                async with connection:
                    while len(self.acknowledged) < count:
                        await self._rate_one(connection)
                        await asyncio.sleep(PAUSE_SECONDS)
            except (OSError, WebSocketException, TimeoutError):
                await asyncio.sleep(AGAIN_SECONDS)

    async def _connect(self) -> ClientConnection:
        origin: Any = self.url
        connection = await connect(
            f"{self.url.replace('http', 'ws', 1)}/ws/rooms/{self.code}/",
            origin=origin,
            additional_headers={"Cookie": f"antiphon_listener={self.cookie}"},
            close_timeout=0.2,
        )
        self.connections += 1
        self.offered.clear()
        join = {"type": "join", "id": str(uuid4()), "protocol": PROTOCOL_VERSION, "name": "Listener"}
        await connection.send(json.dumps(join))
        return connection

    async def _rate_one(self, connection: ClientConnection) -> None:
        """Send what is pending, or else rate the next phrase, and wait for the answer."""
        async with asyncio.timeout(ANSWER_SECONDS):
            while self.pending is None:
                if self.offered:
                    self.pending = _rating(self.offered.pop(0))
                else:
                    await self._hear(connection)
            await connection.send(json.dumps(self.pending))
            while (answer := await self._hear(connection)).get("id") != self.pending["id"]:
                continue
        if answer["type"] == "kept":
            assert answer["value"] == self.pending["value"]
            self.acknowledged[self.pending["id"]] = self.pending["value"]
            self.pending = None
        else:
            assert not answer["is_final"], answer
            await asyncio.sleep(AGAIN_SECONDS)

    async def _hear(self, connection: ClientConnection) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(await connection.recv())
        if said["type"] == "offer":
            offer = said["offer"]
            if self.pending is None or self.pending["offer"] != offer:
                self.offered.append(offer)
        return said


def _rating(offer: str) -> dict[str, Any]:
    return {"type": "rate", "id": str(uuid4()), "offer": offer, "value": ord(offer[0]) % 6, "heard_ms": 900}
