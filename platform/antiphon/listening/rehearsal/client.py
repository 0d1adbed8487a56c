"""One listener's page over a real socket: what is not acknowledged is sent again under its own id."""

import asyncio
import json
import re
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from antiphon.listening.protocol.terms import PROTOCOL_VERSION
from antiphon.listening.rehearsal.doors import Door
from antiphon.listening.rehearsal.tally import Tally

Said = dict[str, Any]

LOST = (OSError, WebSocketException, TimeoutError)  # the connection is of no more use; a page comes back
ANSWER_SECONDS = 8.0  # a page that hears nothing for so long connects anew
AGAIN_SECONDS, AGAIN_MAX_SECONDS = 0.2, 3.0  # between sendings of what could not be done just now
OPENING_SECONDS = 20.0
GONE_SECONDS = 0.2  # that a connection is given to close
NO_RETURN = 4000  # from this close code on coming back will not help
OFFER = re.compile(r'^{"type":"offer","offer":"([^"]+)","phrase":(.+)}$', re.DOTALL)
# News that no answer depends on.
PASSED_OVER = tuple(f'{{"type":"{kind}"' for kind in ("progressed", "presence", "credited", "pong"))


class TurnedAway(Exception):
    """The server has ended the connection for good."""


@dataclass
class Conversation:
    """One listener in one room; it opens and loses connections, and goes on where it stood.

    `offers` are handles of the phrases on the page, the one to be heard now first, `duels` those of duels with their
    two encoded phrases. `phrases` are all that were offered in the open generation, encoded, by their handles.
    """

    door: Door
    code: str
    cookie: str
    name: str | None
    tally: Tally
    offers: deque[str] = field(default_factory=deque)
    duels: deque[tuple[str, str, str]] = field(default_factory=deque)
    phrases: dict[str, str] = field(default_factory=dict)
    rated: list[str] = field(default_factory=list)  # handles of what has a rating in the open generation
    consent: Said | None = None  # what is to be agreed to; None once it is
    pending: Said | None = None  # what is not acknowledged yet
    connections: int = 0
    _connection: ClientConnection | None = None
    _rest: asyncio.Timeout | None = None
    _sent_at: float = 0.0  # when what is pending was sent first

    async def open(self) -> None:
        """Connect and join. Raises one of LOST, or TurnedAway."""
        await self.close()
        self.offers.clear()
        self.duels.clear()
        origin: Any = self.door.origin
        self._connection = await connect(
            self.door.room(self.code),
            origin=origin,
            additional_headers={"Cookie": f"{settings.LISTENER_COOKIE}={self.cookie}"},
            host=self.door.host,
            port=self.door.port,
            proxy=None,
            compression=None,
            ping_interval=None,  # the server looks after the connection
            open_timeout=OPENING_SECONDS,
            close_timeout=GONE_SECONDS,
        )
        self.connections += 1
        join = {"type": "join", "id": str(uuid4()), "protocol": PROTOCOL_VERSION, "name": self.name}
        async with asyncio.timeout(OPENING_SECONDS):
            await self._send(join)
            while (said := await self._hear()).get("id") != join["id"]:
                continue
        if said["type"] == "refused":
            self.tally.refusals[said["code"]] += 1
            raise TurnedAway(said["code"]) if said["is_final"] else ConnectionError(said["message"])

    async def close(self, *, says_so: bool = False) -> None:
        """End the connection, if there is one; `says_so` leaves on purpose."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(*LOST):
            if says_so:
                await connection.send(json.dumps({"type": "leave", "id": str(uuid4())}))
        with suppress(*LOST):
            await connection.close()

    async def say(self, kind: str, **fields: Any) -> Said:
        """Say something under a new id and return the answer: `kept`, or a refusal that is final.

        Where the connection is lost before the answer, it stays `pending` for `settle`.
        """
        self.pending = {"type": kind, "id": str(uuid4()), **fields}
        self._sent_at = time.perf_counter()
        return await self.settle()

    async def settle(self) -> Said:
        """Send what is pending until it is answered, on the connection that there is."""
        pending = self.pending
        assert pending is not None, "nothing is pending"
        wait_seconds = AGAIN_SECONDS
        while True:
            answer = await self._ask(pending)
            if answer["type"] != "refused":
                self.tally.acknowledge(pending, answer, time.perf_counter() - self._sent_at)
                self._note_kept(pending)
                break
            self.tally.refusals[answer["code"]] += 1
            if answer["is_final"]:
                break
            await asyncio.sleep(wait_seconds)
            wait_seconds = min(2 * wait_seconds, AGAIN_MAX_SECONDS)
        self.pending = None
        return answer

    async def ping(self) -> None:
        """Say that the page is there."""
        await self._send({"type": "ping", "id": str(uuid4())})

    async def listen(self, seconds: float, *, is_idle: bool = False) -> None:
        """Take in what is said for some seconds, or until `wake`; an idle page stops where it has something to do."""
        try:
            async with asyncio.timeout(seconds) as self._rest:
                while not (is_idle and self.has_work):
                    await self._hear()
        except TimeoutError:
            return
        finally:
            self._rest = None

    def wake(self) -> None:
        """End a `listen` that goes on."""
        if self._rest is not None and not self._rest.expired():
            self._rest.reschedule(0.0)

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection, as far as the page knows."""
        return self._connection is not None

    @property
    def has_work(self) -> bool:
        """Whether something waits for the listener."""
        return bool(self.offers or self.duels) or self.consent is not None

    async def _ask(self, message: Said) -> Said:
        async with asyncio.timeout(ANSWER_SECONDS):
            await self._send(message)
            while (said := await self._hear()).get("id") != message["id"]:
                continue
        return said

    async def _send(self, message: Said) -> None:
        if self._connection is None:
            raise ConnectionError("there is no connection")
        await self._connection.send(json.dumps(message))

    async def _hear(self) -> Said:
        """Take one message in. News that nothing depends on comes back empty."""
        if self._connection is None:
            raise ConnectionError("there is no connection")
        try:
            text = str(await self._connection.recv())
        except ConnectionClosed as closed:
            if closed.rcvd is not None and closed.rcvd.code >= NO_RETURN:
                raise TurnedAway(closed.rcvd.reason or str(closed.rcvd.code)) from closed
            raise
        if text.startswith(PASSED_OVER):
            return {}
        if found := OFFER.match(text):
            self._note_offer(found.group(1), found.group(2))
            return {}
        said: Said = json.loads(text)
        self._note(said)
        return said

    def _note_offer(self, offer: str, phrase: str) -> None:
        self.phrases[offer] = phrase
        is_pending = self.pending is not None and self.pending.get("offer") == offer
        if not is_pending and offer not in self.offers:
            self.offers.append(offer)

    def _note_kept(self, message: Said) -> None:
        """What was kept changes the page; of a generation that has closed meanwhile nothing is on it any more."""
        offer = message.get("offer")
        if offer not in self.phrases:
            return
        if message["type"] == "rate" and offer not in self.rated:
            self.rated.append(offer)
        if message["type"] == "retract":
            self.rated = [one for one in self.rated if one != offer]
            if offer not in self.offers:
                self.offers.appendleft(offer)  # it lies on the page again

    def _note(self, said: Said) -> None:
        match said["type"]:
            case "welcome" | "room_settings_changed":
                self.consent = None if said["consent"]["is_accepted"] else said["consent"]
            case "duel_offer":
                if self.pending is None or self.pending.get("duel") != said["duel"]:
                    left, right = (json.dumps(said[side], separators=(",", ":")) for side in ("left", "right"))
                    self.duels.append((said["duel"], left, right))
            case "generation_closed" | "generation_opened":
                for kept in (self.offers, self.duels, self.phrases, self.rated):
                    kept.clear()
                if said["type"] == "generation_opened":
                    self.tally.generations.add(said["progress"]["generation"])
