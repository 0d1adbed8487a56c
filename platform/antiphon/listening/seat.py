"""One listener's connection in a room: what they hold, what they have rated, what they are sent."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID, uuid4

from pydantic import BaseModel
from redis.exceptions import RedisError

from antiphon.listening.assignment import Request
from antiphon.listening.hub import Hub
from antiphon.listening.presence import Place
from antiphon.listening.protocol import PROTOCOL_VERSION, Done, Join, Kept, Rate, Refused, Welcome
from antiphon.listening.ratings import NewRating, Outcome, Verdict
from antiphon.listening.selectors import rated_by
from antiphon.listening.snapshots import OpenGeneration
from antiphon.listening.threads import in_thread

log = logging.getLogger(__name__)

OUTBOX_MAX = 256  # messages that wait for a slow connection before it is given up
AGAIN_SECONDS = 2.0  # after which offers are tried again that Valkey did not make

Send = Callable[[str], Awaitable[None]]


class Seat:
    """A place taken in a room by `join`. `send` delivers one encoded message; `drop` ends the connection."""

    def __init__(self, hub: Hub, *, listener_id: UUID, name: str, send: Send, drop: Callable[[], None]) -> None:
        self.hub = hub
        self.listener_id = listener_id
        self.place = Place(listener_id, uuid4().hex[:8], name)
        self._send_text = send
        self._drop = drop
        self._outbox: asyncio.Queue[str | None] = asyncio.Queue(OUTBOX_MAX)  # None: offers are due
        self._pump: asyncio.Task[None] | None = None
        self._generation_id = 0
        self._held: list[int] = []
        self._offered: set[int] | None = set()
        self._rated: set[int] = set()
        self._untold: set[int] = set()  # of those, what Valkey could not be told
        self._is_done_told = False

    async def take(self, join: Join) -> None:
        """Answer `join`: where things stand, then offers; from here on everything that the room is told."""
        await self._catch_up(self.hub.snapshot.generation)
        await self.hub.presence.renew([self.place])
        here = await self.hub.look_around()
        snapshot = self.hub.snapshot
        await self._send(
            Welcome(
                id=join.id,
                protocol=PROTOCOL_VERSION,
                listener=self.listener_id,
                name=self.place.name,
                room_name=snapshot.name,
                room_state=snapshot.state,
                stage=snapshot.stage,
                progress=self.hub.progress,
                rated=len(self._rated),
                here=here.here,
                names=list(here.names),
            )
        )
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
        if self._generation_id:
            await self.hub.live.assignment.release(self._generation_id, self.listener_id)

    @property
    def has_phrases(self) -> bool:
        """Whether the page has something to play."""
        return bool(self._held)

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

    async def rate(self, rate: Rate) -> None:
        """Keep a rating and say so, then offer the next phrase; or say why it was not kept."""
        refusal = self._refusal(rate)
        if refusal is not None:
            await self._send(refusal)
            return
        outcome = await self.hub.live.writer.ask(
            NewRating(
                room_id=self.hub.snapshot.room_id,
                population_id=self.hub.snapshot.population_id,
                listener_id=self.listener_id,
                individual_id=rate.individual,
                value=rate.value,
                client_id=rate.id,
                heard_ms=rate.heard_ms,
            )
        )
        if outcome.verdict is not Verdict.KEPT:
            await self._send(_not_kept(rate, outcome))
            return
        self._rated.add(rate.individual)
        if rate.individual in self._held:
            self._held.remove(rate.individual)
        await self._send(
            Kept(
                id=rate.id,
                individual=rate.individual,
                value=outcome.value,
                rated=len(self._rated),
                is_revision=outcome.is_revision,
            )
        )
        self.hub.rating_came()
        try:
            await self._offer(rated=rate.individual, is_new=outcome.is_new)
        except (RedisError, OSError):  # the rating is kept all the same
            self._untold.add(rate.individual)
            self._ask_again()

    def _refusal(self, rate: Rate) -> Refused | None:
        snapshot = self.hub.snapshot
        if snapshot.state == "paused":
            return refused(rate.id, "room_paused", "The room is paused; ratings are taken again when it goes on.")
        if snapshot.state == "closed":
            return refused(rate.id, "room_closed", "The room is closed; it takes no more ratings.", is_final=True)
        is_current = snapshot.generation is not None and rate.individual in snapshot.generation.offers
        knows = self._offered is None or rate.individual in self._offered or rate.individual in self._rated
        if is_current and not knows:
            return refused(rate.id, "not_offered", "Rate only phrases that were offered to you.", is_final=True)
        return None

    async def _catch_up(self, generation: OpenGeneration | None) -> None:
        """Learn what this listener has heard and rated of a generation, also on earlier connections."""
        self._held, self._is_done_told = [], False
        if generation is None:
            self._generation_id, self._offered, self._rated = 0, set(), set()
            return
        assignment = self.hub.live.assignment
        self._rated = await in_thread(rated_by, generation_id=generation.id, listener_id=self.listener_id)
        self._offered = await assignment.was_offered(generation.id, self.listener_id)
        await assignment.remember_rated(generation.id, self.listener_id, self._rated)
        self._generation_id = generation.id

    async def _offer(self, *, rated: int | None = None, is_new: bool = False) -> None:
        """Reserve and send phrases until the page holds as many as it may; say so when all are rated."""
        snapshot = self.hub.snapshot
        generation = snapshot.generation
        if generation is None:
            return
        if generation.id != self._generation_id:
            self._begin(generation)
        if not snapshot.takes_ratings and rated is None:
            return
        if self._untold:
            await self.hub.live.assignment.remember_rated(generation.id, self.listener_id, self._untold)
            self._untold.clear()
        mine = await self.hub.live.assignment.next(
            Request(
                generation_id=generation.id,
                listener_id=self.listener_id,
                holds=tuple(self._held),
                rated=rated if rated in generation.offers else None,
                is_new=is_new,
            )
        )
        if self.hub.snapshot.generation is not generation or not self.hub.snapshot.takes_ratings:
            return  # the room has moved on meanwhile
        for individual in mine:
            await self._offer_one(generation, individual)
        if not self._held and not self._is_done_told and self._rated >= generation.offers.keys():
            self._is_done_told = True
            await self._send(Done(generation=generation.number, rated=len(self._rated)))

    async def _offer_one(self, generation: OpenGeneration, individual: int) -> None:
        if individual in self._held or individual in self._rated or individual not in generation.offers:
            return
        self._held.append(individual)
        if self._offered is not None:
            self._offered.add(individual)
        await self._send_text(generation.offers[individual])

    def _begin(self, generation: OpenGeneration) -> None:
        """Turn to a generation that opened while this listener was here: nothing of it was heard yet."""
        self._generation_id = generation.id
        self._held, self._offered, self._rated, self._is_done_told = [], set(), set(), False
        self._untold.clear()

    async def _deliver(self) -> None:
        """Send what is queued, in order."""
        while True:
            text = await self._outbox.get()
            try:
                if text is None:
                    await self._offer()
                else:
                    await self._send_text(text)
            except (RedisError, OSError):
                self._ask_again()
            except Exception:  # a seat must not fall silent because of one message; the next renewal offers
                log.exception("offering to %s failed", self.place.member)

    def _ask_again(self) -> None:
        log.warning("Valkey does not answer; %s waits for the next phrase", self.place.member)
        asyncio.get_running_loop().call_later(AGAIN_SECONDS, self.ask_for_offers)

    async def _send(self, message: BaseModel) -> None:
        await self._send_text(message.model_dump_json())


def refused(message_id: UUID | None, code: str, message: str, *, is_final: bool = False) -> Refused:
    """The answer to a message that was not done."""
    return Refused(id=message_id, code=code, message=message, is_final=is_final)


def _not_kept(rate: Rate, outcome: Outcome) -> Refused:
    if outcome.verdict is Verdict.CLOSED:
        text = "This generation is closed; the next one is on its way."
        return refused(rate.id, "generation_closed", text, is_final=True)
    return refused(rate.id, "unknown_phrase", "There is no such phrase in this room.", is_final=True)
