"""A listener's page without a browser: speaks the protocol over the whole ASGI application."""

import asyncio
import json
from types import TracebackType
from typing import Any
from uuid import uuid4

from django.conf import settings

from antiphon.accounts.services import issue_listener
from antiphon.listening.protocol import PROTOCOL_VERSION
from antiphon.listening.threads import in_thread
from tests.antiphon.sockets import LOOPBACK, PATIENCE_SECONDS, Socket

Said = dict[str, Any]


class Page:
    """One listener's page in one room."""

    def __init__(self, code: str, *, name: str = "Ada", cookie: str | None = None, origin: str = LOOPBACK) -> None:
        self.code = code
        self.name = name
        self.cookie = cookie
        self.origin = origin
        self.held: list[int] = []
        self.said: list[Said] = []
        self.socket: Socket | None = None

    async def __aenter__(self) -> "Page":
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> bool:
        """Open the socket, with a cookie as the room's page gives it; whether it was accepted."""
        if self.cookie is None:
            _, self.cookie = await in_thread(issue_listener, name=self.name)
        assert self.cookie is not None
        cookies = {settings.LISTENER_COOKIE: self.cookie}
        self.socket = Socket(f"/ws/rooms/{self.code}/", cookies=cookies, origin=self.origin)
        return await self.socket.open()

    async def close(self) -> None:
        """Lose the connection."""
        if self.socket is not None:
            await self.socket.close()
            self.socket = None

    async def send(self, message: Said | str | bytes) -> None:
        """Say something, typed or not."""
        assert self.socket is not None
        await self.socket.say(message if isinstance(message, str | bytes) else json.dumps(message))

    async def hear(self) -> Said:
        """The next message."""
        assert self.socket is not None
        said: Said = json.loads(await self.socket.hear())
        self.said.append(said)
        if said["type"] == "offer":
            self.held.append(said["phrase"]["individual"])
        if said["type"] == "generation_opened":
            self.held.clear()
        return said

    async def hear_until(self, kind: str, **fields: Any) -> Said:
        """The next message of a kind, with these fields; others on the way are taken note of."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                said = await self.hear()
                if said["type"] == kind and all(said[name] == value for name, value in fields.items()):
                    return said

    async def join(self, *, protocol: int = PROTOCOL_VERSION) -> Said:
        """Join and hear the welcome."""
        self.held.clear()
        await self.send({"type": "join", "id": str(uuid4()), "protocol": protocol, "name": self.name})
        return await self.hear_until("welcome")

    async def next_phrase(self) -> int:
        """The phrase to be heard now."""
        while not self.held:
            await self.hear_until("offer")
        return self.held[0]

    async def rate(self, individual: int, value: int = 3, *, message_id: str | None = None) -> Said:
        """Rate and hear what became of it."""
        message_id = message_id or str(uuid4())
        await self.send({"type": "rate", "id": message_id, "individual": individual, "value": value, "heard_ms": 1500})
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                said = await self.hear()
                if said["type"] in {"kept", "refused"} and said["id"] == message_id:
                    if individual in self.held and said["type"] == "kept":
                        self.held.remove(individual)
                    return said

    async def rate_all(self, count: int, value: int = 3) -> list[int]:
        """Rate that many phrases as they are offered; the individuals in order."""
        rated = []
        for _ in range(count):
            individual = await self.next_phrase()
            kept = await self.rate(individual, value)
            assert kept["type"] == "kept", kept
            rated.append(individual)
        return rated
