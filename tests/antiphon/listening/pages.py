"""A listener's page without a browser: speaks the protocol over the whole ASGI application."""

import asyncio
import json
from types import TracebackType
from typing import Any
from uuid import uuid4

from django.conf import settings

from antiphon.accounts.services import issue_listener
from antiphon.listening.protocol.terms import PROTOCOL_VERSION
from antiphon.listening.protocol.told import server_message
from antiphon.listening.threads import in_thread
from tests.antiphon.sockets import LOOPBACK, PATIENCE_SECONDS, Socket

Said = dict[str, Any]


class Page:
    """One listener's page in one room."""

    def __init__(
        self, code: str, *, name: str | None = "Ada", cookie: str | None = None, origin: str = LOOPBACK
    ) -> None:
        self.code = code
        self.name = name
        self.cookie = cookie
        self.origin = origin
        self.held: list[str] = []  # handles of offers
        self.duels: list[str] = []
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
            _, self.cookie = await in_thread(issue_listener, name=self.name or "")
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
        text = await self.socket.hear()
        said: Said = json.loads(text)
        server_message.validate_json(text)  # whatever was encoded by hand is a message all the same
        self.said.append(said)
        if said["type"] == "offer":
            self.held.append(said["offer"])
        if said["type"] == "duel_offer":
            self.duels.append(said["duel"])
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

    async def join(self, *, protocol: int = PROTOCOL_VERSION, agrees: bool = True) -> Said:
        """Join and hear the welcome; agree to the room's text where that was not done before."""
        self.held.clear()
        await self.send({"type": "join", "id": str(uuid4()), "protocol": protocol, "name": self.name})
        welcome = await self.hear_until("welcome")
        if agrees and not welcome["consent"]["is_accepted"]:
            answer = await self.ask("consent", version=welcome["consent"]["version"], language="en")
            assert answer["type"] == "kept", answer
        return welcome

    async def ask(self, kind: str, *, message_id: str | None = None, **fields: Any) -> Said:
        """Say something and hear the answer that names it; others on the way are taken note of."""
        message_id = message_id or str(uuid4())
        await self.send({"type": kind, "id": message_id, **fields})
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                said = await self.hear()
                if said.get("id") == message_id:
                    return said

    async def next_offer(self) -> str:
        """The handle of the phrase to be heard now."""
        while not self.held:
            await self.hear_until("offer")
        return self.held[0]

    async def rate(self, offer: str, value: int = 3, *, message_id: str | None = None, **fields: Any) -> Said:
        """Rate and hear what became of it."""
        said = await self.ask("rate", message_id=message_id, offer=offer, value=value, heard_ms=1500, **fields)
        if said["type"] == "kept" and offer in self.held:
            self.held.remove(offer)
        return said

    async def skip(self, offer: str, reason: str = "no_answer", *, message_id: str | None = None) -> Said:
        """Pass over a phrase and hear what became of it."""
        said = await self.ask("skip", message_id=message_id, offer=offer, reason=reason, heard_ms=700)
        if said["type"] == "kept" and offer in self.held:
            self.held.remove(offer)
        return said

    async def rate_all(self, count: int, value: int = 3) -> list[str]:
        """Rate that many phrases as they are offered; their handles in order."""
        rated = []
        for _ in range(count):
            offer = await self.next_offer()
            kept = await self.rate(offer, value)
            assert kept["type"] == "kept", kept
            rated.append(offer)
        return rated
