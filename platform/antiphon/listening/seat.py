"""One listener's connection in a room: what is offered to them, and what they are told."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from uuid import UUID, uuid4

from pydantic import BaseModel
from redis.exceptions import RedisError

from antiphon.accounts.consent import has_accepted
from antiphon.accounts.models import Listener
from antiphon.listening.assignment import Request
from antiphon.listening.history import Said, said_by
from antiphon.listening.hub import Hub
from antiphon.listening.plays import DuelPair, Play
from antiphon.listening.presence import Place
from antiphon.listening.protocol import Done, Join
from antiphon.listening.snapshots import OpenGeneration, RoomSnapshot
from antiphon.listening.standing import Standing
from antiphon.listening.threads import in_thread
from antiphon.listening.welcoming import welcome

log = logging.getLogger(__name__)

OUTBOX_MAX = 256  # messages that wait for a slow connection before it is given up
AGAIN_SECONDS = 2.0  # after which offers are tried again that Valkey did not make

Send = Callable[[str], Awaitable[None]]


class Seat:
    """A place taken in a room by `join`. `send_text` delivers one encoded message; `drop` ends the connection."""

    def __init__(self, hub: Hub, *, listener: Listener, send_text: Send, drop: Callable[[], None]) -> None:
        self.hub = hub
        self.listener_id: UUID = listener.pk
        self.headphones = listener.headphones
        self.place = Place(listener.pk, uuid4().hex[:8], listener.name)
        self.standing = Standing()
        self.send_text = send_text
        self.has_consented = False
        self._drop = drop
        self._outbox: asyncio.Queue[str | None] = asyncio.Queue(OUTBOX_MAX)  # None: offers are due
        self._pump: asyncio.Task[None] | None = None

    @property
    def snapshot(self) -> RoomSnapshot:
        """The room as this process knows it."""
        return self.hub.snapshot

    @property
    def left(self) -> int:
        """How many phrases this listener has still to answer, as things stand."""
        return self.standing.left(self.snapshot.generation)

    @property
    def has_phrases(self) -> bool:
        """Whether the page has something to play."""
        return bool(self.standing.held)

    async def take(self, join: Join) -> None:
        """Answer `join`: where things stand, then offers; from here on everything that the room is told."""
        version = self.snapshot.consent.version
        self.has_consented = await in_thread(has_accepted, listener_id=self.listener_id, version=version)
        history = await self._catch_up(self.snapshot.generation)
        await self.hub.presence.renew([self.place])
        here = await self.hub.look_around()
        await self.send(welcome(self, join.id, history, here))
        self.hub.presence_changed()
        self.ask_for_offers()
        self._pump = asyncio.create_task(self._deliver())

    async def leave(self) -> None:
        """Give the place up; what was sent to this seat only is forgotten, reservations run out by themselves."""
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        with suppress(RedisError, OSError):  # the place runs out by itself
            await self.hub.presence.leave(self.place)
        self.hub.presence_changed()

    async def release(self) -> None:
        """The listener goes on purpose: what was reserved for them goes to others at once."""
        if self.standing.generation_id:
            await self.hub.live.assignment.release(self.standing.generation_id, self.listener_id)

    def push(self, text: str) -> None:
        """Queue an encoded message; a connection too slow to take it is dropped, and comes back by itself."""
        try:
            self._outbox.put_nowait(text)
        except asyncio.QueueFull:
            self._drop()

    def ask_for_offers(self) -> None:
        """Have offers sent after what is queued already."""
        with suppress(asyncio.QueueFull):
            self._outbox.put_nowait(None)

    async def send(self, message: BaseModel) -> None:
        """Deliver one message."""
        await self.send_text(message.model_dump_json())

    async def offer_after(self, play: Play, *, is_new: bool) -> None:
        """Offer what comes next after an answer. Where Valkey is away the answer is kept all the same."""
        try:
            await self._offer(answered=play, is_new=is_new)
        except (RedisError, OSError):
            self.standing.untold.add(play)
            self._ask_again()

    async def take_back(self, play: Play) -> None:
        """Have a phrase whose answer was taken back reserved for this listener again."""
        try:
            await self.hub.live.assignment.take_back(play.generation_id, self.listener_id, play.individual_id)
        except (RedisError, OSError):  # the next offer says what the page holds, and has it reserved
            log.warning("Valkey does not answer; a retraction of %s is told with the next offer", self.place.member)

    def phrase_of(self, play: Play) -> str | None:
        """The encoded phrase of a play in the open generation."""
        generation = self.snapshot.generation
        return None if generation is None else generation.phrases.get(play.individual_id)

    def duel_answered(self, pair: DuelPair) -> None:
        """A duel was decided: what comes next is offered."""
        self.ask_for_offers()

    async def _catch_up(self, generation: OpenGeneration | None) -> list[Said]:
        """Learn what this listener has answered in a generation, also on earlier connections."""
        if generation is None:
            self.standing.begin(0)
            return []
        said = await in_thread(
            said_by, listener_id=self.listener_id, generation_id=generation.id, number=generation.number
        )
        self.standing.begin(generation.id, (one.play for one in said))
        await self._tell(generation.id, self.standing.answered.values())
        return said

    async def _tell(self, generation_id: int, answered: Iterable[Play]) -> None:
        heard = [play.individual_id for play in answered]
        await self.hub.live.assignment.remember_rated(generation_id, self.listener_id, heard)

    async def _offer(self, *, answered: Play | None = None, is_new: bool = False) -> None:
        """Reserve and send phrases until the page holds as many as it may; say so when all are answered."""
        snapshot, standing = self.snapshot, self.standing
        generation = snapshot.generation
        if generation is None or not self.has_consented:
            return
        if generation.id != standing.generation_id:
            standing.begin(generation.id)  # it opened while this listener was here: nothing of it was heard yet
        if not snapshot.takes_ratings and answered is None:
            return
        if standing.untold:
            await self._tell(generation.id, standing.untold)
            standing.untold.clear()
        is_of_this = answered is not None and answered.generation_id == generation.id
        mine = await self.hub.live.assignment.next(
            Request(
                generation_id=generation.id,
                listener_id=self.listener_id,
                holds=tuple(play.individual_id for play in standing.held),
                rated=answered.individual_id if answered is not None and is_of_this else None,
                is_new=is_new,
            )
        )
        if self.snapshot.generation is not generation or not self.snapshot.takes_ratings:
            return  # the room has moved on meanwhile
        for individual in mine:
            await self._offer_one(Play(individual, generation.id))
        if not standing.held and not standing.is_done_told and standing.has_answered_all(generation.phrases):
            standing.is_done_told = True
            await self.send(Done(generation=generation.number, answered=len(standing.answered)))

    async def _offer_one(self, play: Play) -> None:
        phrase = self.phrase_of(play)
        if phrase is None or self.standing.is_known(play):
            return
        self.standing.held.append(play)
        handle = play.seal(self.listener_id)
        await self.send_text(f'{{"type":"offer","offer":"{handle}","phrase":{phrase}}}')

    async def _deliver(self) -> None:
        """Send what is queued, in order."""
        while True:
            text = await self._outbox.get()
            try:
                if text is None:
                    await self._offer()
                else:
                    await self.send_text(text)
            except (RedisError, OSError):
                self._ask_again()
            except Exception:  # a seat must not fall silent because of one message; the next renewal offers
                log.exception("offering to %s failed", self.place.member)

    def _ask_again(self) -> None:
        log.warning("Valkey does not answer; %s waits for the next phrase", self.place.member)
        asyncio.get_running_loop().call_later(AGAIN_SECONDS, self.ask_for_offers)
