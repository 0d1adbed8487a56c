"""One room in one web process: what it knows, who is connected here, and what all of them are told.

Each process subscribes once to a room, however many listeners it serves there. An event is decoded once, its message
encoded once, and handed to every seat. Events only say that something has moved on: what it is is read from the
database, so that a lost event is made up for by the next one or by the renewal every few seconds.
"""

import asyncio
import logging
import time

from channels.layers import get_channel_layer
from pydantic import BaseModel

from antiphon.core.broadcast import abroadcast, population_group, room_group
from antiphon.listening.assigning.beliefs import beliefs_of
from antiphon.listening.events import PresenceCame, ProgressCame
from antiphon.listening.live.coalescing import Coalesced
from antiphon.listening.live.counting import Counting
from antiphon.listening.live.crediting import Crediting
from antiphon.listening.live.page import RoomPage
from antiphon.listening.live.presence import RENEW_SECONDS, Here, Presence
from antiphon.listening.live.settings import tell_settings
from antiphon.listening.live.shared import Shared
from antiphon.listening.live.snapshots import OpenGeneration, RoomSnapshot, closed_generation, room_snapshot
from antiphon.listening.live.turns import InTurns
from antiphon.listening.progress import FLOOR_RATINGS
from antiphon.listening.protocol.told import GenerationOpened, Progress, Progressed, RoomChanged
from antiphon.listening.protocol.told import Presence as PresenceMessage
from antiphon.listening.threads import in_thread

log = logging.getLogger(__name__)

PRESENCE_SECONDS = 0.5
BELIEFS_SECONDS = 1.0
RECOVERY_SECONDS = 0.5
PREPARED_AT_ONCE, PREPARING_REST = 10, 4  # phrases; times as long as they took, until the next, over all rooms
LOOKED_AT_BY_EACH = 50  # in a fuller room a newcomer is told how many were here a moment ago


class Hub:
    """A room's seats in this process."""

    def __init__(self, shared: Shared, snapshot: RoomSnapshot) -> None:
        self.shared = shared
        self.snapshot = snapshot
        self.progress = snapshot.progress
        self.seats: set[RoomPage] = set()
        self.presence = Presence(shared.valkey, snapshot.code)
        self.here = self._told = Here(0, ())
        self._tasks: list[asyncio.Task[None]] = []
        self._preparing: asyncio.Task[None] | None = None
        self._progress_told, self._presence_told = (InTurns(self.seats, shared.telling) for _ in range(2))
        self._sync_lock = asyncio.Lock()
        self._counting = Counting(self)
        self.crediting = Crediting(self)
        self._presence = Coalesced(
            shared.valkey,
            key=f"presence:{snapshot.code}",
            interval_seconds=PRESENCE_SECONDS,
            tell=self._tell_presence,
        )
        self._beliefs = Coalesced(
            shared.valkey,
            key=f"beliefs:{snapshot.population_id}",
            interval_seconds=BELIEFS_SECONDS,
            tell=self._learn,
        )

    async def start(self) -> None:
        """Follow the room's and its population's events."""
        layer = get_channel_layer()
        channel = await layer.new_channel()
        groups = [room_group(self.snapshot.code), population_group(self.snapshot.population_id)]
        for group in groups:
            await layer.group_add(group, channel)
        self._tasks = [
            asyncio.create_task(self._follow(channel, groups)),
            asyncio.create_task(self._renew()),
        ]
        self._prepare_phrases()
        self.rating_came()  # a process that died may have kept the last rating and not closed the generation

    async def stop(self) -> None:
        """Follow nothing more; the last seat has been left."""
        await self._counting.stop()
        await self._presence.stop()
        await self._beliefs.stop()
        await self._progress_told.stop()
        await self._presence_told.stop()
        await self.crediting.stop()
        tasks = [*self._tasks, *([self._preparing] if self._preparing is not None else ())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._counting.close_after_the_last()

    def push(self, message: BaseModel) -> None:
        """Hand a message to every seat here."""
        text = message.model_dump_json()
        for seat in tuple(self.seats):
            seat.push(text)

    def rating_came(self) -> None:
        """An answer was kept: the progress is told soon, and who should be heard next looked at anew."""
        self._counting.answer_came()
        self._beliefs.ask()

    def presence_changed(self) -> None:
        """Somebody came or went: the presence is told soon."""
        self._presence.ask()

    async def look_around(self) -> Here:
        """Who is here, for somebody who has just come."""
        if self.here.here < LOOKED_AT_BY_EACH:
            self.here = await self.presence.look()
        return self.here

    async def sync(self) -> None:
        """Read the room anew and tell every seat what has changed since."""
        async with self._sync_lock:
            before = self.snapshot
            now = await in_thread(room_snapshot, before.code, before)
            if now is None:
                self.push(RoomChanged(room_state="closed", stage="failed"))
                return
            await self._tell_closing(before, now)
            self.snapshot = now
            if self.progress is None or now.progress is None or self.progress.generation != now.progress.generation:
                self.progress = now.progress  # within a generation it is what has been told, not what is
            await tell_settings(tuple(self.seats), before, now)
            has_changed = self._tell_change(before, now)
            for seat in tuple(self.seats):
                if has_changed or not seat.has_phrases:
                    seat.ask_for_offers()

    async def _tell_closing(self, before: RoomSnapshot, now: RoomSnapshot) -> None:
        """Tell what came out of the generation that was open before, once that is known."""
        if before.generation is None or before.is_judged:
            return
        has_moved_on = now.generation is not None and now.generation.id != before.generation.id
        if has_moved_on or now.is_judged:
            self.push(await in_thread(closed_generation, before.generation.id))

    def _tell_change(self, before: RoomSnapshot, now: RoomSnapshot) -> bool:
        """Tell of a new generation and of another state or stage; whether there was anything to tell."""
        is_next = now.generation is not None and (
            before.generation is None or now.generation.id != before.generation.id
        )
        if is_next and now.generation is not None and now.progress is not None:
            self._progress_told.forget()
            self._prepare_phrases()
            self.push(GenerationOpened(progress=now.progress, parents=now.generation.parents))
        has_turned = now.state != before.state or (now.stage != before.stage and not is_next)
        if has_turned:
            self.push(RoomChanged(room_state=now.state, stage=now.stage))
        if is_next or (has_turned and now.state == "closed"):
            self.crediting.tell(self.seats)
        return is_next or has_turned

    def _prepare_phrases(self) -> None:
        if self._preparing is not None:
            self._preparing.cancel()
        generation = self.snapshot.generation
        self._preparing = None if generation is None else asyncio.create_task(self._prepare(generation))

    async def _prepare(self, generation: OpenGeneration) -> None:
        """Encode in between what nobody has been offered yet, one room after the other."""
        while True:
            async with self.shared.preparing_turn:
                took_seconds = await in_thread(generation.phrases.encode_some, PREPARED_AT_ONCE)
                await asyncio.sleep(PREPARING_REST * took_seconds)
            if not took_seconds:
                return

    async def _follow(self, channel: str, groups: list[str]) -> None:
        layer = get_channel_layer()
        try:
            while True:
                try:
                    message = await layer.receive(channel)
                    await self._take(message["event"])
                except Exception:  # the next event, or the next renewal, makes up for it
                    log.exception("an event of room %s was not told", self.snapshot.code)
                    await asyncio.sleep(RECOVERY_SECONDS)
        finally:
            for group in groups:
                await layer.group_discard(group, channel)

    async def _take(self, event: dict[str, object]) -> None:
        match event["type"]:
            case "progress_came":
                self._take_progress(ProgressCame.model_validate(event).progress)
            case "presence_came":
                came = PresenceCame.model_validate(event)
                self._take_presence(Here(came.here, tuple(came.names)))
            case _:
                await self.sync()

    def _take_progress(self, progress: Progress) -> None:
        generation = self.snapshot.generation
        if generation is not None and generation.number == progress.generation:
            self.progress = progress
            self._progress_told.tell(Progressed(progress=progress))

    def _take_presence(self, here: Here) -> None:
        self.here = here
        if here != self._told:
            self._told = here
            self._presence_told.tell(PresenceMessage(here=here.here, names=list(here.names)))

    async def _learn(self) -> None:
        """Once a little is known of each phrase, have those heard next whose answers teach most.

        Where the quorum closes a generation its phrases come evenly to the end; but who is a finalist is known earlier.
        """
        generation, assignment = self.snapshot.generation, self.shared.assignment
        if generation is None or not self.snapshot.takes_ratings:
            return
        if await assignment.least(generation.round) < min(FLOOR_RATINGS, generation.round.coverage):
            return
        async with self.shared.learning_turn:  # one room after the other
            began = time.monotonic()
            found = await in_thread(beliefs_of, generation_id=generation.id)
            took_seconds = time.monotonic() - began
        if found is not None:
            await assignment.believe(generation.round, found.phrases)
            await assignment.set_finalists(generation.round, found.above, found.below)
            for seat in tuple(self.seats) if self.snapshot.has_duels else ():
                if not seat.has_phrases:  # done with all phrases, and perhaps not with duels
                    seat.ask_for_offers()
        await self._beliefs.rest(self.shared.learning.rest_seconds(generation.id, took_seconds))

    async def _tell_presence(self) -> None:
        here = await self.presence.look()
        await abroadcast(room_group(self.snapshot.code), PresenceCame(here=here.here, names=list(here.names)))

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                places = [seat.place for seat in self.seats]
                await self.presence.renew(places)
                await self.shared.pages.renew(places)
                self.presence_changed()
                self.rating_came()
                await self.sync()
            except Exception:  # the servers may be away for a while; the room is not
                log.exception("room %s was not renewed", self.snapshot.code)
