"""One listener's connection in a room: what is offered to them, and what they are told."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from pydantic import BaseModel
from redis.exceptions import RedisError

from antiphon.accounts.models import Listener
from antiphon.accounts.services import rename_listener
from antiphon.listening.assigning.assignment import Request
from antiphon.listening.assigning.dueling import is_due, pair_for
from antiphon.listening.assigning.heard import Heard
from antiphon.listening.assigning.plays import DuelPair, Play
from antiphon.listening.judging.wavering import Remembered
from antiphon.listening.keeping.pasts import Newcomer, Past
from antiphon.listening.live.hub import Hub
from antiphon.listening.live.presence import Place
from antiphon.listening.live.snapshots import OpenGeneration, RoomSnapshot
from antiphon.listening.live.standing import Standing
from antiphon.listening.live.welcoming import Arrival, welcome
from antiphon.listening.protocol.said import Join
from antiphon.listening.protocol.told import Done
from antiphon.listening.threads import in_thread

log = logging.getLogger(__name__)

OUTBOX_MAX = 256  # messages that wait for a slow connection before it is given up
AGAIN_SECONDS = 2.0  # after which offers are tried again that Valkey did not make

Send = Callable[[str], Awaitable[None]]


class Seat:
    """A place taken in a room by `join`.

    `send_text` delivers one encoded message; `drop` ends the connection; `give_up` is who takes the seat back.
    """

    def __init__(
        self,
        hub: Hub,
        *,
        listener: Listener,
        send_text: Send,
        drop: Callable[[], None],
        give_up: "Callable[[Seat], Awaitable[None]]",
    ) -> None:
        self.hub = hub
        self.listener_id: UUID = listener.pk
        self.headphones = listener.headphones
        self.place = Place(listener.pk, uuid4().hex[:8], "")  # nobody is told a name before its owner has agreed
        self._listener = listener
        self._held_name: str | None = None
        self.standing = Standing()
        self.send_text = send_text
        self.has_consented = False
        self.remembered = Remembered()
        self._drop = drop
        self._give_up = give_up
        self._outbox: asyncio.Queue[str | None] = asyncio.Queue(OUTBOX_MAX)  # None: offers are due
        self._pump: asyncio.Task[None] | None = None

    @property
    def snapshot(self) -> RoomSnapshot:
        """The room as this process knows it."""
        return self.hub.snapshot

    @property
    def left(self) -> int:
        """How many phrases this listener has still to answer, as things stand."""
        return self.standing.left(self.snapshot)

    @property
    def has_phrases(self) -> bool:
        """Whether the page has something to play."""
        return bool(self.standing.held) or self.standing.duel is not None

    async def admit(self) -> bool:
        """Whether the listener may have this page beside their others, over all web processes; it counts if so."""
        return await self.hub.shared.pages.enter(self.place)

    async def take(self, join: Join) -> None:
        """Answer `join`: where things stand, then offers; from here on everything that the room is told."""
        now = self.snapshot
        past = await self.hub.shared.pasts.ask(
            Newcomer(self.listener_id, now.population_id, now.generation, now.consent.version)
        )
        self._held_name = join.name
        if past.has_consented:
            await self._enter(join.name)
        await self._catch_up(past)
        await self.hub.presence.renew([self.place])
        here = await self.hub.look_around()
        await self.send(welcome(self._arrival(join, past), self.snapshot, self.hub.progress, here))
        self.hub.presence_changed()
        if self.snapshot.state == "closed":
            self.hub.crediting.tell([self])
        self.ask_for_offers()
        self._pump = asyncio.create_task(self._deliver())

    def _arrival(self, join: Join, past: Past) -> Arrival:
        return Arrival(
            message_id=join.id,
            listener_id=self.listener_id,
            name=self.place.name,
            has_consented=self.has_consented,
            headphones=self.headphones,
            history=past.said,
            answered=len(self.standing.answered),
            left=self.left,
        )

    async def agreed(self, name: str | None) -> None:
        """The listener agrees to the room's text: from here on they are told of, by the name that they gave, if any."""
        await self._enter(name or self._held_name)
        await self.hub.presence.renew([self.place])
        self.hub.presence_changed()

    async def _enter(self, name: str | None) -> None:
        self.has_consented = True
        if self._listener.name != (name or ""):
            await in_thread(rename_listener, listener=self._listener, name=name or "")
        self.place = replace(self.place, name=name or "")

    async def give_up(self) -> None:
        """Give the seat back to where it was taken."""
        await self._give_up(self)

    async def leave(self) -> None:
        """Leave the room; what was sent to this seat only is forgotten, reservations run out by themselves."""
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        await self.hub.shared.pages.leave(self.place)
        with suppress(RedisError, OSError):  # the place runs out by itself
            await self.hub.presence.leave(self.place)
        self.hub.presence_changed()

    async def release(self) -> None:
        """The listener goes on purpose: what was reserved for them goes to others at once."""
        if self.standing.generation is not None:
            await self.hub.shared.assignment.release(self.standing.generation.round, self.listener_id)

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

    def phrase_of(self, individual_id: int) -> str | None:
        """The encoded phrase of an individual that may be heard in the open generation."""
        generation = self.snapshot.generation
        if generation is None:
            return None
        return generation.phrases.get(individual_id) or generation.former.get(individual_id)

    async def offer_after(self, play: Play, *, is_first: bool, is_rating: bool) -> None:
        """Offer what comes next after an answer. Where Valkey is away the answer is kept all the same."""
        try:
            await self._offer(answered=play, is_first=is_first, is_rating=is_rating)
        except (RedisError, OSError):
            self.standing.untold[play] = is_rating
            self._ask_again()

    async def take_back(self, play: Play, *, was_rating: bool) -> None:
        """Have a phrase whose answer was taken back reserved for this listener again."""
        generation = self.standing.generation
        if generation is None or play.generation_id != generation.id:
            return
        self.standing.take_back(play)
        try:
            await self.hub.shared.assignment.take_back(generation.round, self.listener_id, play, was_rating=was_rating)
        except (RedisError, OSError):  # the next offer says what the page holds, and has it reserved
            log.warning("Valkey does not answer; a retraction of %s is told with the next offer", self.place.member)

    def duel_answered(self, pair: DuelPair) -> None:
        """A duel was decided: what comes next is offered."""
        self.standing.fought.add(frozenset((pair.left_id, pair.right_id)))
        if self.standing.duel is not None and self.standing.duel.generation_id == pair.generation_id:
            self.standing.duel = None
        self.ask_for_offers()

    async def _catch_up(self, past: Past) -> None:
        """Learn what this listener has answered, also on earlier connections; and tell Valkey, should it not know."""
        generation = past.generation  # another may have opened meanwhile: the first offer turns to it
        if generation is None:
            self.standing.begin(None)
            return
        now = [(one.play, one.value is not None) for one in past.said]
        for one in past.said:
            if one.value is not None:
                self.remembered.take(one.play.individual_id, one.value)
        earlier = [one.play for one in past.heard if one.number < generation.number]
        self.standing.resume(generation, earlier=earlier, answered=now, fought=past.fought)
        await self.hub.shared.assignment.remember(generation.round, self.listener_id, past.heard)

    async def _offer(self, *, answered: Play | None = None, is_first: bool = False, is_rating: bool = True) -> None:
        """Reserve and send phrases until the page holds as many as it may; say so when all are answered."""
        snapshot, standing = self.snapshot, self.standing
        generation = snapshot.generation
        if generation is None or not self.has_consented:
            return
        if standing.generation is None or generation.id != standing.generation.id:
            standing.begin(generation)  # it opened while this listener was here
        if not snapshot.takes_ratings and answered is None:
            return
        await self._tell_untold(generation)
        mine = await self.hub.shared.assignment.next(
            Request(
                round=generation.round,
                listener_id=self.listener_id,
                holds=tuple(standing.held),
                answered=answered if answered is not None and answered.generation_id == generation.id else None,
                is_first=is_first,
                is_rating=is_rating,
                has_anchors=snapshot.has_anchors,
                has_repeats=snapshot.has_repeats,
            )
        )
        if self.snapshot.generation is not generation or not self.snapshot.takes_ratings:
            return  # the room has moved on meanwhile
        if snapshot.has_duels:
            await self._offer_duel(generation)
        for play in mine:
            await self._offer_one(play)
        if not self.has_phrases and not standing.is_done_told and standing.phrases_left == 0:
            standing.is_done_told = True
            await self.send(Done(generation=generation.number, answered=len(standing.answered)))

    async def _offer_one(self, play: Play) -> None:
        phrase = self.phrase_of(play.individual_id)
        if phrase is None or self.standing.is_known(play):
            return
        self.standing.held.append(play)
        handle = play.seal(self.listener_id)
        await self.send_text(f'{{"type":"offer","offer":"{handle}","phrase":{phrase}}}')

    async def _offer_duel(self, generation: OpenGeneration) -> None:
        standing = self.standing
        is_done = standing.phrases_left == 0
        if standing.duel is not None or not is_due(len(standing.answered), len(standing.fought), is_done=is_done):
            return
        above, below = await self.hub.shared.assignment.finalists(generation.round)
        pair = pair_for(
            self.listener_id, generation.id, above=above, below=below, rated=standing.rated, fought=standing.fought
        )
        left, right = (None, None) if pair is None else map(self.phrase_of, (pair.left_id, pair.right_id))
        if pair is not None and left is not None and right is not None:
            standing.duel = pair
            handle = pair.seal(self.listener_id)
            await self.send_text(f'{{"type":"duel_offer","duel":"{handle}","left":{left},"right":{right}}}')

    async def _tell_untold(self, generation: OpenGeneration) -> None:
        standing = self.standing
        if standing.untold:
            now = datetime.now(UTC)
            heard = [
                Heard(self.listener_id, play, generation.number, is_rating, now)
                for play, is_rating in standing.untold.items()
            ]
            await self.hub.shared.assignment.remember(generation.round, self.listener_id, heard)
            standing.untold.clear()

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
