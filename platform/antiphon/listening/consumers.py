"""A listener's connection to a room: decodes one typed message, has the seat do it, and lives on whatever comes."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from pydantic import ValidationError

from antiphon.accounts.models import Listener
from antiphon.accounts.services import listener_id_in
from antiphon.core.limits import Bucket
from antiphon.listening.codes import tidy_code
from antiphon.listening.live import answering, limits
from antiphon.listening.live.answering import refused
from antiphon.listening.live.process import live
from antiphon.listening.live.seat import Seat
from antiphon.listening.protocol.said import (
    AnswerDuel,
    AnyClientMessage,
    Check,
    Consent,
    Join,
    Leave,
    Ping,
    Rate,
    Recall,
    Retract,
    Skip,
    client_message,
)
from antiphon.listening.protocol.terms import FRAME_MAX_BYTES, PROTOCOL_VERSION, SILENCE_SECONDS
from antiphon.listening.protocol.told import Pong, Refused
from antiphon.listening.selectors import is_rehearsed
from antiphon.listening.threads import in_thread

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]  # of ASGI
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Codes from 4000 on tell the page that coming back will not help.
CLOSE_NORMAL, CLOSE_TRY_AGAIN = 1000, 1013
CLOSE_OUTDATED, CLOSE_UNKNOWN_LISTENER, CLOSE_NO_ROOM, CLOSE_TOO_MANY = 4400, 4401, 4404, 4429
MALFORMED_MAX = 1_000  # a page that errs so often is no page


class RoomConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One connection. Events of the room reach it through the process's hub, not through a channel of its own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle the messages of one connection in order.

        Channels would make a task for each message, to listen to a channel layer as well, and look after database
        connections: here the hub subscribes once for all listeners of a room, and threads have the connections.
        """
        self.scope, self.base_send = scope, send
        self.seat: Seat | None = None
        self.malformed = 0
        self.messages = Bucket(limits.MESSAGES)  # before anybody has joined
        self.listener = ""  # who has joined
        self.address = (scope.get("client") or ("",))[0]
        self._heard_at = time.monotonic()
        self._ending: asyncio.Task[None] | None = None
        watch = asyncio.create_task(self._watch())
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                self._heard_at = time.monotonic()
                await self.dispatch(message)
        finally:  # the connection is gone, or is of no more use; the place in the room goes with it
            watch.cancel()
            await self._give_up_seat()

    @property
    def code(self) -> str:
        """Of the room that the address names."""
        return tidy_code(self.scope["url_route"]["kwargs"]["code"])

    async def _watch(self) -> None:
        """End a connection whose page says nothing any more: it sleeps, or its network has gone without a word."""
        while (silent := time.monotonic() - self._heard_at) < SILENCE_SECONDS:
            await asyncio.sleep(SILENCE_SECONDS - silent)
        await self.close(code=CLOSE_TRY_AGAIN, reason="silent")

    async def dispatch(self, message: Message) -> None:
        """Handle one ASGI message."""
        match message["type"]:
            case "websocket.receive":
                await self.receive(message.get("text"), message.get("bytes"))
            case "websocket.connect":
                await self.connect()

    async def connect(self) -> None:
        """Take the connection; who one is and which room it is comes with `join`."""
        await self.accept()
        if not limits.openings.takes(self.address):
            text = "Too many connections were opened from this address. Wait a moment."
            await self._turn_away(refused(None, "too_fast", text), CLOSE_TRY_AGAIN)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Do what one frame asks, or answer why not."""
        if not (limits.messages.takes(self.listener) if self.listener else self.messages.takes()):
            await self._answer_malformed(_too_fast(text_data))
            return
        message = self._decode(text_data)
        try:
            match message:
                case Refused():
                    await self._answer_malformed(message)
                case Join():
                    await self._join(message)
                case Ping():
                    await self._send(Pong(id=message.id))
                case Leave():
                    await self._leave()
                case _:
                    await self._answer(message)
        except Exception:  # whatever fails, the listener is told, and nobody else notices
            log.exception("a message in a room was not done")
            message_id = getattr(message, "id", None)
            await self._send(
                refused(message_id, "not_done", "That did not work just now. It is sent again in a moment.")
            )
            if isinstance(message, Join):  # a page that comes back joins anew
                await self.close(code=CLOSE_TRY_AGAIN)

    def _decode(self, text: str | None) -> AnyClientMessage | Refused:
        if text is None:
            return refused(None, "not_text", "Expected a text frame with one JSON message, got a binary frame.")
        if len(text) > FRAME_MAX_BYTES or not (text.isascii() or len(text.encode()) <= FRAME_MAX_BYTES):
            return refused(None, "too_long", f"Expected a frame of at most {FRAME_MAX_BYTES} bytes.")
        try:
            return client_message.validate_json(text)
        except ValidationError as error:
            if (protocol := _other_protocol(text)) is not None:
                return Join(type="join", id=_id_of(text) or uuid4(), protocol=protocol)
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(step) for step in first["loc"])
            return refused(_id_of(text), "malformed", f"{place or 'message'}: {first['msg']}", is_final=True)

    async def _answer_malformed(self, answer: Refused) -> None:
        self.malformed += 1
        await self._send(answer)
        if self.malformed >= MALFORMED_MAX or not limits.nonsense.takes(self.address):
            await self.close(code=CLOSE_TRY_AGAIN, reason="too many messages that could not be taken")

    async def _join(self, join: Join) -> None:
        if join.protocol != PROTOCOL_VERSION:
            text = f"This page speaks protocol {join.protocol}, the server {PROTOCOL_VERSION}. Reload the page."
            await self._turn_away(refused(join.id, "protocol_outdated", text, is_final=True), CLOSE_OUTDATED)
            return
        listener = await self._listener()
        if listener is None:
            text = "This browser is not known here. Open the room's link, with cookies allowed."
            await self._turn_away(refused(join.id, "no_listener", text, is_final=True), CLOSE_UNKNOWN_LISTENER)
            return
        if listener.is_simulated and not await in_thread(is_rehearsed, self.code):
            text = "A simulated listener comes into rehearsals only."
            await self._turn_away(refused(join.id, "no_listener", text, is_final=True), CLOSE_UNKNOWN_LISTENER)
            return
        await self._give_up_seat()
        self.seat = await live().take_seat(
            self.code,
            listener=listener,
            send_text=self._send_text,
            drop=self._drop,
        )
        if self.seat is None:
            text = "There is no room with this code."
            await self._turn_away(refused(join.id, "no_room", text, is_final=True), CLOSE_NO_ROOM)
            return
        if not await self.seat.admit():
            await self._turn_away_one_more(join, self.seat)
            return
        self.listener = str(listener.pk)
        await self.seat.take(join)

    async def _turn_away_one_more(self, join: Join, seat: Seat) -> None:
        """Refuse a page of a listener who has enough of them.

        Those of a process that was killed count for a while yet: only where all are open here, coming back is no use.
        """
        is_final = seat.hub.shared.pages.are_full(seat.listener_id)
        await self._give_up_seat()
        text = f"Expected at most {limits.PAGES_MAX} pages of one listener at a time. Close some of the others."
        answer = refused(join.id, "too_many_pages", text, is_final=is_final)
        await self._turn_away(answer, CLOSE_TOO_MANY if is_final else CLOSE_TRY_AGAIN)

    async def _listener(self) -> Listener | None:
        listener_id = listener_id_in(self.scope.get("cookies", {}).get(settings.LISTENER_COOKIE))
        return None if listener_id is None else await live().shared.listeners.ask(listener_id)

    async def _turn_away(self, answer: Refused, code: int) -> None:
        await self._send(answer)
        await self.close(code=code, reason=answer.code)

    async def _answer(self, message: Consent | Check | Rate | Skip | Retract | Recall | AnswerDuel) -> None:
        if self.seat is None:
            await self._send(refused(message.id, "not_joined", "Join the room before you say anything else."))
            return
        match message:
            case Rate():
                await answering.rate(self.seat, message)
            case Consent():
                await answering.consent(self.seat, message)
            case Check():
                await answering.check(self.seat, message)
            case Skip():
                await answering.skip(self.seat, message)
            case Retract():
                await answering.retract(self.seat, message)
            case Recall():
                await answering.recall(self.seat, message)
            case AnswerDuel():
                await answering.duel(self.seat, message)

    async def _leave(self) -> None:
        if self.seat is not None:
            await self.seat.release()
        await self._give_up_seat()
        await self.close(code=CLOSE_NORMAL)

    async def _give_up_seat(self) -> None:
        seat, self.seat = self.seat, None
        if seat is not None:
            await seat.give_up()

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        """End the connection, unless it has ended: a page may go without a goodbye, and uvicorn closes a dead one."""
        with suppress(OSError, RuntimeError):
            await super().close(code, reason)

    def _drop(self) -> None:
        """End a connection that does not take what it is sent."""
        self._ending = asyncio.create_task(self.close(code=CLOSE_TRY_AGAIN, reason="too slow"))

    async def _send(self, message: Refused | Pong) -> None:
        await self._send_text(message.model_dump_json())

    async def _send_text(self, text: str) -> None:
        try:  # not `suppress`, which costs more: this is called for every message to everybody
            await self.base_send({"type": "websocket.send", "text": text})
        except (OSError, RuntimeError):  # the connection is gone, or uvicorn has closed it; `disconnect` follows
            return


def _too_fast(text: str | None) -> Refused:
    limit = f"Expected at most {limits.MESSAGES.per_second:.0f} messages a second. Send this one again in a moment."
    return refused(_id_of(text) if text and len(text) <= FRAME_MAX_BYTES else None, "too_fast", limit)


def _other_protocol(text: str) -> int | None:
    """The version of a `join` in another protocol, which may have any other fields."""
    try:
        said = json.loads(text)
        is_join = said["type"] == "join" and isinstance(said["protocol"], int)
        return said["protocol"] if is_join and said["protocol"] != PROTOCOL_VERSION else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _id_of(text: str) -> UUID | None:
    """The id of a message that is otherwise malformed, so that the page learns which one it was."""
    try:
        return UUID(json.loads(text)["id"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
